"""After a restore: nothing new is taken, and what is given back is exactly what once was stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import encode
from microblog.protocol.entry import DIRECTORY, decode_entry
from microblog.service import audit, restoring
from microblog.store.db import (
    Site,
    fresh_copy,
    new_backup,
    no_server_on,
    read_in,
    replacing,
    write_in,
)
from tests.asking import refused
from tests.practice import raw
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from microblog.protocol.entry import Entry
    from tests.asking import Caller, Reply
    from tests.hosting import Host


@dataclass
class Restored:
    """A host whose data are those of the moment when `keep` was called."""

    new_host: Callable[..., Host]
    host: Host
    file: Path
    times: int = 0

    def restore(self) -> Host:
        """Put the data of then in the place of those of now, and start again, restoring."""
        self.host.close()
        site, self.times = self.host.site, self.times + 1
        with no_server_on(site), fresh_copy(site.folder, self.file) as fresh:
            write_in(Site(fresh), restoring.end_sessions)
            with replacing(site, fresh, self.file.with_name(f"replaced-{self.times}")) as marks:
                restoring.begin(marks)
        again = self.new_host()
        again.practice, again.callers = self.host.practice, self.host.callers
        self.host = again
        return again


@pytest.fixture
def keep(host, child, new_host, tmp_path) -> Callable[[], Restored]:
    """Return what keeps a copy of the data as they are now."""

    def keep_now() -> Restored:
        file = tmp_path / "kept"
        with new_backup(host.site, file):
            return Restored(new_host, host, file)

    return keep_now


def give(caller: Caller, log: bytes, entries: Sequence[Entry]) -> Reply:
    path = f"/api/logs/{encode_base64url(log)}/give-back"
    if log == DIRECTORY:
        path = "/api/directory/give-back"
    return caller.call("POST", path, encode(raw(*(replace(it, boxes=()) for it in entries))))


def without_words(entry: Entry) -> Entry:
    return replace(entry, body=b"", salt=b"")


def served(caller: Caller, log: bytes) -> list[Entry]:
    return [decode_entry(it) for it in caller.fetch({log: 0}).get(log, ([], 0))[0]]


def sound(host: Host) -> None:
    assert read_in(host.site, audit.check).faults == []


def test_nothing_new_is_taken_and_all_that_was_stored_comes_back(keep, child):
    restored = keep()
    host = restored.host
    later = [child.post(staff("Ben"), f"later {number}") for number in range(70)]
    host.callers["Ben"].append_all(child, since=3)
    host = restored.restore()
    asha = host.sign_in(host.practice.asha)
    assert len(served(asha, child.log)) == 3
    new = child.then(host.practice.asha, "post", [0], b"")
    refused(asha.append(child.log, [new]), 409, "restoring", "only what is given back")
    assert asha.call("GET", "/api/practice").json["restoring"] is True
    assert asha.call("GET", "/api/streams").json["restoring"] is True
    # By another than their author, and from before the head on.
    assert give(asha, child.log, child.entries[2:60]).status == 201
    assert give(asha, child.log, child.entries[2:60]).status == 200
    assert give(asha, child.log, child.entries[60:]).status == 201
    assert [it.id for it in served(asha, child.log)][3:] == [it.id for it in later]
    sound(host)


def test_who_joined_since_the_backup_brings_the_directory_and_then_signs_in(keep, host, child):
    restored = keep()
    cho = host.admit("Cho")
    child.grant(host.practice.asha, cho)
    host.asha.append_all(child, since=3)
    host.callers["Cho"].append(child.log, [child.post(cho, "Since then.")])
    host = restored.restore()
    caller = host.caller()
    refused(caller.sign_in(cho, host.practice), 401, "signed-out", "")
    stale = give(caller, DIRECTORY, host.practice.directory.entries[-1:])
    refused(stale, 409, "stale-head", "does not follow")
    assert stale.json["seq"] == 3
    assert give(caller, DIRECTORY, host.practice.directory.entries[4:]).status == 201
    assert caller.sign_in(cho, host.practice).status == 201
    # The server does not know yet that this stream is theirs: to them it looks empty.
    stale = give(caller, child.log, child.entries[-1:])
    assert (stale.code, stale.json["seq"]) == ("stale-head", None)
    assert give(caller, child.log, child.entries).status == 201
    assert len(served(caller, child.log)) == 5
    sound(host)


def test_words_that_one_lacks_are_filled_in_by_another(keep, child):
    restored = keep()
    post = child.post(staff("Ben"), "Thinner.")
    restored.host.callers["Ben"].append(child.log, [post])
    host = restored.restore()
    asha, ben = host.sign_in(host.practice.asha), host.sign_in(staff("Ben"))
    assert give(asha, child.log, [without_words(post)]).status == 201
    lacking = [{"log": encode_base64url(child.log), "seqs": [3]}]
    assert ben.call("GET", "/api/streams").json["lacking"] == lacking
    assert give(ben, child.log, [post]).status == 201
    assert ben.call("GET", "/api/streams").json["lacking"] == []
    assert served(asha, child.log)[-1].body == post.body
    sound(host)


def test_words_that_were_erased_since_the_backup_are_erased_again_and_stay_so(keep, host, child):
    post = child.post(staff("Ben"), "Wrong child.")
    host.callers["Ben"].append(child.log, [post])
    restored = keep()
    host.callers["Ben"].append(child.log, [child.withdraw(staff("Ben"), 3, erase=1)])
    host = restored.restore()
    asha = host.sign_in(host.practice.asha)
    assert served(asha, child.log)[-1].body == post.body
    assert give(asha, child.log, [without_words(post), child.entries[4]]).status == 201
    assert give(asha, child.log, [post]).status == 200
    assert served(asha, child.log)[3].body == b""
    sound(host)


def test_someone_removed_since_the_backup_is_removed_again(keep, host, child):
    restored = keep()
    child.remove(host.practice.asha, staff("Ben"))
    host.asha.append_all(child, since=3)
    host = restored.restore()
    asha, ben = host.sign_in(host.practice.asha), host.sign_in(staff("Ben"))
    assert give(ben, child.log, child.entries[3:]).status == 201
    reply = asha.put_boxes(child.log, 1, child.boxes(1, [host.practice.asha]))
    assert reply.status == 204
    assert ben.streams()[0]["until"] == 3
    sound(host)


def test_another_log_than_the_one_that_is_there_is_refused_and_named_in_the_log(
    keep, child, caplog
):
    restored = keep()
    host = restored.restore()
    asha = host.sign_in(host.practice.asha)
    true, other = (
        child.then(staff("Ben"), "post", [0], b"a"),
        child.then(staff("Ben"), "post", [0], b"b", time=child.now + 1),
    )
    assert give(asha, child.log, [true]).status == 201
    refused(give(asha, child.log, [other]), 409, "stale-head", "does not follow")
    assert "another log" in caplog.text
    assert [it.id for it in served(asha, child.log)][3:] == [true.id]


def test_what_is_given_back_passes_the_public_verdict(keep, host, child):
    restored = keep()
    host.admit("Cho")
    host = restored.restore()
    asha = host.sign_in(host.practice.asha)
    assert give(host.caller(), DIRECTORY, host.practice.directory.entries[4:]).status == 201
    forged = child.then(staff("Ben"), "post", [0], b"", seed=staff("Cho").seed)
    refused(give(asha, child.log, [forged]), 422, "not-authentic", "entry 0")
    stranger = child.then(staff("Cho"), "post", [0], b"")
    refused(give(asha, child.log, [stranger]), 422, "not-allowed", "entry 0")
    good = child.then(staff("Ben"), "post", [0], b"")
    bad = replace(good, body=good.body[:-1] + bytes([good.body[-1] ^ 1]))
    refused(give(asha, child.log, [bad]), 422, "unreadable", "not what the header says")
    assert give(asha, child.log, [good]).status == 201


def test_nothing_is_given_back_unless_it_is_asked_for(host, child):
    refused(give(host.asha, child.log, child.entries), 409, "not-restoring", "not being restored")
    refused(give(host.caller(), DIRECTORY, host.practice.directory.entries), 409,
            "not-restoring", "not being restored")  # fmt: skip
    refused(host.asha.call("POST", "/api/given-back"), 409, "not-restoring", "")
    assert host.asha.call("GET", "/api/practice").json["restoring"] is False


def test_who_has_been_seen_is_counted_once_each(keep, child):
    restored = keep()
    host = restored.restore()
    for name in ("Ben", "Ben"):
        assert host.sign_in(staff(name)).call("POST", "/api/given-back").status == 204
    assert read_in(host.site, lambda it: restoring.count_unseen(it, host.marks)) == (1, 2)


def test_a_running_server_notices_that_it_was_opened(keep, child):
    host = keep().restore()
    ben = host.sign_in(staff("Ben"))
    restoring.end(host.marks)
    assert ben.append(child.log, [child.post(staff("Ben"), "Open again.")]).status == 201
    refused(give(ben, child.log, child.entries), 409, "not-restoring", "")
