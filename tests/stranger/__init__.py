"""A reviewer's own verifier of bundles, written from PROTOCOL.md alone: nothing of microblog in it.

It says yes or the name of what is wrong first. Where it disagrees with microblog, one of the three
is wrong: this, the program, or the description.
"""
