"""The operator's words: `microblogd`."""
