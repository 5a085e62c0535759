"""A stream: a fold from its entries to who is on the team, in which epoch (PROTOCOL.md 7, 9).

`Stream.apply` is the public verdict. It needs the directory and no key, and it is what the server
runs before it stores. A stream in hand is always verified, from its founding to its head.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from microblog.protocol import shape, shred
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import DIRECTORY, Entry, Header, verify_entry
from microblog.protocol.errors import (
    BrokenChain,
    LossUnanswered,
    NotAllowed,
    ProtocolError,
    StaleDirectory,
    TooNew,
    WrongEpoch,
    WrongList,
    WrongLog,
)
from microblog.protocol.log import Head, check_link
from microblog.protocol.post import QUIET

ROLES = ("follower", "supervisor", "keeper")
MAX_FOLLOWERS = 200
ERASE_WITHIN_MS = 7 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Target:
    """What a withdrawal needs to know of the post that it names."""

    author: bytes
    time: int
    withdrawn: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """The verified public state of one stream; `members` are (person, role), sorted by person.

    `epoch_view` is how much of the directory the newest `found` or `epoch` had seen; `held`,
    whether nothing may be destroyed; `proposals`, what someone proposed to destroy.
    """

    log: bytes
    head: Head | None = None
    time: int = 0
    members: tuple[tuple[bytes, str], ...] = ()
    commitments: tuple[bytes, ...] = ()
    dropped: tuple[int, ...] = ()
    directory_seq: int = 0
    epoch_view: int = 0
    held: bool = False
    proposals: tuple[shred.Proposal, ...] = ()

    @property
    def epoch(self) -> int:
        """The number of the newest epoch."""
        return len(self.commitments) - 1

    @property
    def roles(self) -> dict[bytes, str]:
        """Role by person."""
        return dict(self.members)

    def keepers(self) -> set[bytes]:
        """Return who looks after this stream: keepers, else supervisors, else all."""
        for role in ("keeper", "supervisor"):
            named = {person for person, its in self.members if its == role}
            if named:
                return named
        return {person for person, _ in self.members}

    def losses(self, directory: Directory, seq: int) -> set[bytes]:
        """Return who is listed and lost at a directory seq; the next entry must be an epoch.

        They have left, or lost a device since the newest epoch.
        """
        listed = (person for person, _ in self.members)
        return {person for person in listed if directory.is_lost(person, self.epoch_view, seq)}

    def leavers(self, directory: Directory, seq: int) -> set[bytes]:
        """Return who is listed and has left at a directory seq; the next epoch does not list them.

        Who has only lost a device stays on the list.
        """
        return {person for person, _ in self.members if not directory.works_here(person, seq)}

    def apply(self, entry: Entry, directory: Directory, target: Target | None = None) -> "Stream":
        """Return the stream with one more entry.

        Args:
            entry: the next entry.
            directory: at least as new as the entry's view of it.
            target: for a withdrawal, the post it names; None if there is none.

        Raises:
            ProtocolError: the entry is not the next of this stream.
        """
        self._check_origin(entry, directory)
        verify_entry(entry)
        return self._advance(entry, directory, target)

    def apply_deferred(
        self, entry: Entry, directory: Directory, target: Target | None = None
    ) -> "Stream":
        """Return the stream with one more entry, a post's signature left to be verified later.

        Nothing but a post's is left (PROTOCOL 9, newest first). Until `verify_entry` has passed
        such a post it is not shown, and nothing is sent to its log.

        Raises:
            ProtocolError: the entry is not the next of this stream; the very error of `apply`.
        """
        if entry.header.kind != "post":
            return self.apply(entry, directory, target)
        self._check_origin(entry, directory)
        try:
            return self._advance(entry, directory, target)
        except ProtocolError:
            # What is wrong first is named, and the signature comes before the rules.
            verify_entry(entry)
            raise

    def _check_origin(self, entry: Entry, directory: Directory) -> None:
        header = entry.header
        if self.log == DIRECTORY:
            raise WrongLog("the directory is not a stream")
        check_link(self.log, self.head, entry)
        if header.directory_seq < self.directory_seq:
            raise StaleDirectory("the entry's view of the directory goes back")
        directory.check_view(header.directory_seq, header.directory_head)
        seq, time = header.directory_seq, header.time
        directory.check_device(header.device, header.author, seq, time)

    def _advance(self, entry: Entry, directory: Directory, target: Target | None) -> "Stream":
        header = entry.header
        if header.kind not in _RULES and not header.kind.startswith("+"):
            raise TooNew("the stream holds a kind this app does not know")
        self._check_place(header, directory)
        rule = _RULES.get(header.kind, _advisory)
        changed = rule(_Step(self, entry, directory, target))
        return replace(
            changed,
            head=Head(header.seq, entry.id),
            time=header.time,
            directory_seq=header.directory_seq,
        )

    def _check_place(self, header: Header, directory: Directory) -> None:
        if (header.kind == "found") != (header.seq == 0):
            raise BrokenChain("a stream begins with found, and only begins so")
        if header.kind == "found":
            if header.epoch != 0:
                raise WrongEpoch("a stream begins in epoch 0")
            return
        if header.author not in self.roles:
            raise NotAllowed("the author is not on the team")
        if header.kind != "epoch" and self.losses(directory, header.directory_seq):
            raise LossUnanswered(
                "someone listed has left or lost a device: the next entry must be an epoch"
            )
        if header.epoch != self.epoch + (header.kind == "epoch"):
            raise WrongEpoch("the entry stands in another epoch")


@dataclass(frozen=True, slots=True)
class _Step:
    stream: Stream
    entry: Entry
    directory: Directory
    target: Target | None

    @property
    def header(self) -> Header:
        return self.entry.header

    @property
    def author(self) -> bytes:
        return self.header.author

    @property
    def payload(self) -> Value:
        return self.header.payload


def target_of(payload: Value) -> int:
    """Return the seq that a withdrawal's payload names.

    Raises:
        Malformed: the payload is not a withdrawal's.
    """
    return _withdraw_payload(payload)[0]


def _found(step: _Step) -> Stream:
    payload = shape.array(step.payload, 2, 2, "payload")
    commitment = shape.octets(payload[0], (32,), "commitment")
    alone = ((step.author, "keeper"),)
    if _list(payload[1]) != alone:
        raise WrongList("a stream begins with its founder as keeper")
    view = step.header.directory_seq
    return replace(step.stream, members=alone, commitments=(commitment,), epoch_view=view)


def _about(step: _Step) -> Stream:
    shape.array(step.payload, 0, 0, "payload")
    _check_keeper(step)
    return step.stream


def _grant(step: _Step) -> Stream:
    payload = shape.array(step.payload, 2, 2, "payload")
    person = shape.octets(payload[0], (16,), "person")
    role = shape.word(payload[1], ROLES, "role")
    _check_keeper(step)
    if not step.directory.works_here(person, step.header.directory_seq):
        raise NotAllowed("nobody by that id works here")
    members = {**step.stream.roles, person: role}
    if len(members) > MAX_FOLLOWERS:
        raise NotAllowed("the team is full")
    return replace(step.stream, members=tuple(sorted(members.items())))


def _epoch(step: _Step) -> Stream:
    payload = shape.array(step.payload, 4, 4, "payload")
    commitment = shape.octets(payload[0], (32,), "commitment")
    members = _list(payload[1])
    dropped = _dropped(payload[2], step)
    shape.octets(payload[3], (0,), "escrow")
    _check_list(step, members, drops=bool(dropped))
    return replace(
        step.stream,
        members=members,
        commitments=(*step.stream.commitments, commitment),
        dropped=tuple(sorted((*step.stream.dropped, *dropped))),
        epoch_view=step.header.directory_seq,
    )


def _check_list(step: _Step, members: tuple[tuple[bytes, str], ...], *, drops: bool) -> None:
    stream = step.stream
    listed = {person for person, _ in members}
    left = stream.leavers(step.directory, step.header.directory_seq)
    removed = set(stream.roles) - listed
    if set(members) - set(stream.members):
        raise WrongList("an epoch's list is the one before less some")
    if left & listed or step.author not in listed:
        raise WrongList("an epoch's list holds its signer and nobody who has left")
    if step.author not in stream.keepers() and (removed != left or drops):
        raise NotAllowed("only a keeper may remove someone or drop an epoch")


def _post(step: _Step) -> Stream:
    payload = shape.array(step.payload, 1, 1, "payload")
    shape.uint(payload[0], QUIET, "mark")
    return step.stream


def _withdraw(step: _Step) -> Stream:
    _, erase = _withdraw_payload(step.payload)
    target = step.target
    if target is None:
        raise NotAllowed("there is no such post to withdraw")
    if step.author != target.author and step.author not in step.stream.keepers():
        raise NotAllowed("only its author or a keeper may withdraw a post")
    if target.erased or (target.withdrawn and not erase):
        raise NotAllowed("the post is withdrawn already")
    if erase and step.header.time - target.time > ERASE_WITHIN_MS:
        raise NotAllowed("a post can be erased within seven days only")
    if erase:
        _check_not_held(step)
    return step.stream


def _hold(step: _Step) -> Stream:
    on = shred.read_hold(step.payload)
    _check_supervisor_or_keeper(step)
    if on == step.stream.held:
        raise NotAllowed("the stream is held already, or is not")
    # What was proposed before a hold is taken back by it.
    return replace(step.stream, held=on, proposals=() if on else step.stream.proposals)


def _shred(step: _Step) -> Stream:
    _, seconded = shred.read_shred(step.payload)
    _check_not_held(step)
    if seconded:
        _check_supervisor_or_keeper(step)
        return replace(step.stream, proposals=shred.second(step.stream.proposals, step.entry))
    _check_keeper(step)
    return replace(step.stream, proposals=shred.propose(step.stream.proposals, step.entry))


def _advisory(step: _Step) -> Stream:
    return step.stream


def _withdraw_payload(value: Value) -> tuple[int, bool]:
    payload = shape.array(value, 2, 2, "payload")
    seq = shape.uint(payload[0], 2**53 - 1, "seq")
    return seq, shape.uint(payload[1], 1, "erase") == 1


def _check_keeper(step: _Step) -> None:
    if step.author not in step.stream.keepers():
        raise NotAllowed("only a keeper may do this")


def _check_supervisor_or_keeper(step: _Step) -> None:
    if step.stream.roles[step.author] != "supervisor":
        _check_keeper(step)


def _check_not_held(step: _Step) -> None:
    if step.stream.held:
        raise NotAllowed("under a hold nothing is destroyed")


def _list(value: Value) -> tuple[tuple[bytes, str], ...]:
    rows: list[tuple[bytes, str]] = []
    for item in shape.array(value, 1, MAX_FOLLOWERS, "list"):
        row = shape.array(item, 2, 2, "list")
        rows.append((shape.octets(row[0], (16,), "person"), shape.word(row[1], ROLES, "role")))
    if any(a[0] >= b[0] for a, b in pairwise(rows)):
        raise WrongList("a list is not sorted, or someone stands on it twice")
    return tuple(rows)


def _dropped(value: Value, step: _Step) -> tuple[int, ...]:
    rows = shape.array(value, 0, 2**16, "dropped")
    numbers = tuple(shape.uint(row, step.stream.epoch, "dropped") for row in rows)
    if list(numbers) != sorted(set(numbers)) or set(numbers) & set(step.stream.dropped):
        raise WrongList("dropped epochs are not ascending, or one was dropped before")
    return numbers


_RULES: Mapping[str, Callable[[_Step], Stream]] = {
    "found": _found,
    "about": _about,
    "grant": _grant,
    "epoch": _epoch,
    "post": _post,
    "withdraw": _withdraw,
    "hold": _hold,
    "shred": _shred,
}
