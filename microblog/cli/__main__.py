"""`python -m microblog.cli` is the command `microblog`."""

from microblog.cli.main import main

main()
