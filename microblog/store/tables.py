"""The tables. Entries are the truth; what follows from them, log_head to device, can be rebuilt.

No name, telephone number or address stands in a column of its own: those are in bodies, which can
be erased.
"""

from typing import cast

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, String, Table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# In SQLite a table without rowid keeps its rows in the order of their key: one log's entries lie
# together. Bodies have a rowid, because a row longer than a quarter of a page would overflow.
CLUSTERED = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """The one collection of tables."""


class Entry(Base):
    """A link of a log: the bytes that were signed, and what is looked up about them."""

    __tablename__ = "entry"
    __table_args__ = CLUSTERED

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[str] = mapped_column(String(33))
    author: Mapped[bytes] = mapped_column(LargeBinary(16))
    time: Mapped[int] = mapped_column(BigInteger)
    nudge: Mapped[int] = mapped_column(SmallInteger)
    # 0 as posted, 1 withdrawn, 2 withdrawn and erased, 3 destroyed for good; follows from later
    # entries of the log.
    withdrawn: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    header: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))


class Body(Base):
    """The words of an entry, apart from it so that they can be erased."""

    __tablename__ = "body"

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class Box(Base):
    """An epoch's secret, sealed to one person by some follower."""

    __tablename__ = "box"
    __table_args__ = CLUSTERED

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    epoch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class LogHead(Base):
    """How far a log has come, and the public state that the next entry is judged by."""

    __tablename__ = "log_head"
    __table_args__ = CLUSTERED

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[bytes] = mapped_column(LargeBinary(32))
    time: Mapped[int] = mapped_column(BigInteger)
    directory_seq: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[bytes] = mapped_column(LargeBinary)


class Follower(Base):
    """Who is, or was, on a stream's list, from which entry on and until which epoch's."""

    __tablename__ = "follower"
    __table_args__ = (Index("follower_person", "person", "log"), CLUSTERED)

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    person: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    since_seq: Mapped[int] = mapped_column(BigInteger)
    until_seq: Mapped[int | None] = mapped_column(BigInteger)


class Person(Base):
    """Who has joined, and whether they have left, by their seqs in the directory."""

    __tablename__ = "person"
    __table_args__ = CLUSTERED

    person: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    agency: Mapped[bytes] = mapped_column(LargeBinary(16))
    role: Mapped[str] = mapped_column(String(16))
    joined_seq: Mapped[int] = mapped_column(BigInteger)
    left_seq: Mapped[int | None] = mapped_column(BigInteger)


class Device(Base):
    """A key that signs for a person."""

    __tablename__ = "device"
    __table_args__ = CLUSTERED

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    box_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    since_seq: Mapped[int] = mapped_column(BigInteger)
    # Milliseconds since 1970 after which it signs no more; 0: never.
    until: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    revoked_seq: Mapped[int | None] = mapped_column(BigInteger)


class LinkMessage(Base):
    """A sealed message between two devices that are being linked, kept for ten minutes."""

    __tablename__ = "link"

    tag: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)


class WitnessedHead(Base):
    """The newest head of a log that a witness has signed."""

    __tablename__ = "witnessed"
    __table_args__ = CLUSTERED

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    time: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[bytes] = mapped_column(LargeBinary)


class Ask(Base):
    """Someone's signed request to follow a stream, whose reasons only its keepers open."""

    __tablename__ = "ask"
    __table_args__ = (Index("ask_person", "person"),)

    log: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    person: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    time: Mapped[int] = mapped_column(BigInteger)
    ask: Mapped[bytes] = mapped_column(LargeBinary)


class RoundUpChoice(Base):
    """When someone wants their round-up, since they said so; who said nothing has no row."""

    __tablename__ = "round_up_choice"
    __table_args__ = CLUSTERED

    person: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    every: Mapped[str] = mapped_column(String(16))
    # Minutes after midnight, by the practice's clock.
    at: Mapped[int] = mapped_column(SmallInteger)
    # 0: Monday.
    weekday: Mapped[int] = mapped_column(SmallInteger)
    nudges: Mapped[int] = mapped_column(SmallInteger)
    # A bit for each weekday on which nothing comes.
    quiet: Mapped[int] = mapped_column(SmallInteger)
    time: Mapped[int] = mapped_column(BigInteger)


class OwnNote(Base):
    """What someone has left for their own devices, sealed to themselves."""

    __tablename__ = "own_note"

    person: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    # One more each time that it is replaced.
    number: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[bytes] = mapped_column(LargeBinary)


class Push(Base):
    """Where, and when, a device wants to be told that something is new; without a row it is not."""

    __tablename__ = "push"

    device: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    # Its address at a push service, and the public key of ours that this takes notices under.
    endpoint: Mapped[str] = mapped_column(String(1024), unique=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(65))
    # Quiet hours, minutes after midnight by the practice's clock; the same twice: none.
    begin: Mapped[int] = mapped_column(SmallInteger)
    end: Mapped[int] = mapped_column(SmallInteger)
    # A bit for each weekday on which nothing comes.
    quiet: Mapped[int] = mapped_column(SmallInteger)
    time: Mapped[int] = mapped_column(BigInteger)
    # When a notice was asked for to try it; 0: never.
    tried: Mapped[int] = mapped_column(BigInteger)


class SignedIn(Base):
    """A session: the hash of its token, who it is; `key` is the device's or the invitation's."""

    __tablename__ = "session"
    __table_args__ = CLUSTERED

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sort: Mapped[str] = mapped_column(String(16))
    person: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires: Mapped[int] = mapped_column(BigInteger, index=True)


class UsedChallenge(Base):
    """A challenge that someone has signed in with, kept until it would be out of date anyway."""

    __tablename__ = "challenge"
    __table_args__ = CLUSTERED

    challenge: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)


class ChallengeKey(Base):
    """The key that a day's challenges are made with, the same for every process."""

    __tablename__ = "challenge_key"

    day: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class ServerMark(Base):
    """What commands and servers tell each other, on PostgreSQL; on SQLite there are none."""

    __tablename__ = "server_mark"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


entries = cast(Table, Entry.__table__)
bodies = cast(Table, Body.__table__)
boxes = cast(Table, Box.__table__)
heads = cast(Table, LogHead.__table__)
followers = cast(Table, Follower.__table__)
persons = cast(Table, Person.__table__)
devices = cast(Table, Device.__table__)
link_messages = cast(Table, LinkMessage.__table__)
witnessed = cast(Table, WitnessedHead.__table__)
asks = cast(Table, Ask.__table__)
choices = cast(Table, RoundUpChoice.__table__)
own_notes = cast(Table, OwnNote.__table__)
pushes = cast(Table, Push.__table__)
sessions = cast(Table, SignedIn.__table__)
challenges = cast(Table, UsedChallenge.__table__)
challenge_keys = cast(Table, ChallengeKey.__table__)
marks = cast(Table, ServerMark.__table__)
