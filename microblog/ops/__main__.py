"""`python -m microblog.ops` is `microblogd`."""

from microblog.ops.main import main

main()
