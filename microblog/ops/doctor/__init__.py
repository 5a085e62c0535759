"""`microblogd doctor`: what is misconfigured, a line each, and what to do about it."""
