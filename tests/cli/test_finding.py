"""Finding posts in a terminal, without anybody hearing what is looked for."""

from __future__ import annotations


def test_posts_are_found_by_words_and_marks_and_counted(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Pine")
    ann.did("child", "add", "Tom Pine")
    ann.did("post", "rosie", "Shouting most nights.", "--kind", "told", "--source", "Grandmother")
    ann.did("post", "tom", "Quiet nights.")
    # Only what is on the device is looked through.
    office.server.stop()
    out = ann.did("find", "NIGHTS").out
    assert out.index("Quiet nights.") < out.index("Shouting most nights.")
    assert "about Tom Pine" in out
    assert out.endswith("2 posts found.\n")
    assert ann.did("find", '"most nights"', "grandm").out.endswith("1 post found.\n")
    assert ann.did("find", "night", "--child", "tom").out.endswith("1 post found.\n")
    assert ann.did("find", "--kind", "told").out.endswith("1 post found.\n")
    assert ann.did("find", "--to", "2020-01-31").out == "0 posts found.\n"
    assert [post["text"] for post in ann.did("find", "shout", "--json").json] == [
        "Shouting most nights."
    ]
    assert "More: --count 2" in ann.did("find", "nights", "--count", "1").out
    assert ann.does("find", "--from", "yesterday").code == 2
