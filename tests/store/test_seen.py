"""What was read before is given again only while nothing was written since."""

from __future__ import annotations

from microblog.store.seen import MOST, Seen


class Counted:
    """A count, and a value that is read."""

    def __init__(self) -> None:
        self.count: int | None = 0
        self.value: str | None = "first"
        self.reads = 0

    def read(self) -> str | None:
        self.reads += 1
        return self.value


def test_it_is_read_once_until_something_is_written():
    it = Counted()
    seen: Seen[str, str] = Seen(lambda: it.count)
    assert [seen.find("key", it.read), seen.find("key", it.read)] == ["first", "first"]
    assert it.reads == 1
    it.count, it.value = 1, "second"
    assert seen.find("key", it.read) == "second"


def test_what_is_written_while_it_is_read_makes_it_old():
    it = Counted()
    seen: Seen[str, str] = Seen(lambda: it.count)

    def read() -> str | None:
        found = it.read()
        it.count, it.value = 1, "second"
        return found

    assert seen.find("key", read) == "first"
    assert seen.find("key", it.read) == "second"


def test_where_others_write_too_it_is_read_each_time():
    it = Counted()
    it.count = None
    seen: Seen[str, str] = Seen(lambda: it.count)
    assert [seen.find("key", it.read), seen.find("key", it.read)] == ["first", "first"]
    assert it.reads == 2


def test_what_is_not_there_is_asked_for_anew_and_no_more_than_so_much_is_kept():
    it = Counted()
    seen: Seen[object, str] = Seen(lambda: it.count)
    it.value = None
    assert seen.find("stranger", it.read) is None
    it.value = "here now"
    assert seen.find("stranger", it.read) == "here now"
    for number in range(2 * MOST):
        seen.find(number, it.read)
    assert len(seen._found) <= MOST
