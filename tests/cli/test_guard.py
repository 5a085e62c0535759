"""What could tell more than is meant is asked about once, before anything is sent."""

TEXT = "Now at 14 Sycamore Road with Zephyrine."


def test_what_could_tell_more_than_is_meant_is_asked_about_once(office):
    ann = office.found()
    for name in ("Rosie Turner", "Zephyrine Invented"):
        ann.did("child", "add", name)
    said = ann.does("post", "rosie", TEXT)
    assert said.code == 1
    assert "\u201c14 Sycamore Road\u201d looks like an address." in said.err
    assert "\u201cZephyrine\u201d is the name of another child you follow." in said.err
    assert "microblog: error: nothing was sent: the text may tell more" in said.err
    assert ann.did("stream", "--json").json == []

    asked = ann.types("post", "rosie", TEXT, answers=[("as it is\\?", "n\n")]).out
    assert "microblog: error: nothing was sent" in asked
    assert ann.did("stream", "--json").json == []
    assert "Posted to" in ann.types("post", "rosie", TEXT, answers=[("as it is\\?", "y\n")]).out
    ann.did("post", "rosie", TEXT, "--yes")
    ann.did("post", "rosie", "2 sisters, aged 4 and 11, at home until 18:45.")
    assert len(ann.did("stream", "--json").json) == 3
