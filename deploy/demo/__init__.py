"""An invented practice to walk around in: `make demo`.

The words are data: `practice.toml` says who works there and whom they are worried about,
`stories/` holds a year of posts, a file for each household, and `lists/` old notes that are brought
in as spreadsheets. `script` reads them, `dates` puts them into the twelve months up to today, and
`making` has the real clients act them out on a real server, whose clock and theirs walk through the
year. Nothing here signs anybody in: whoever wants to look around opens one of the key files, as
anyone would.
"""
