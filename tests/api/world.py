"""A practice with every kind of person in it, each with a browser, and objects of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microblog.protocol.entry import DIRECTORY
from tests.practice import Child, Practice
from tests.vectors.practice import START, Staff, staff

if TYPE_CHECKING:
    from tests.asking import Caller
    from tests.hosting import Host

#: Who is on the team of the stream that is theirs.
TEAM = ("follower", "keeper", "supervisor")
#: Who works here and has a device. The steward is on no team; the former follower was removed.
DEVICES = (*TEAM, "stranger", "steward", "former")
#: Whose session is not a device's: an invitation's, and that of the link that founded the practice.
GUESTS = ("invited", "founding")
#: Whose session is that of a machine elsewhere, which sees headers and nothing else.
WITNESSES = ("witness",)
#: Who has no session: an operator has none ever; a sign-in made for another practice gives none;
#: `lost` is a device of the keeper's that was signed in when it was revoked.
NOBODIES = ("nobody", "operator", "left", "elsewhere", "lost")
PEOPLE = (*DEVICES, *GUESTS, *WITNESSES, *NOBODIES)
#: A stream that one keeps oneself; the team's; none; one from which one was removed; the directory.
OBJECTS = ("own", "theirs", "absent", "removed", "directory")


class World:
    """A practice, and a browser for each kind of person."""

    def __init__(self, host: Host) -> None:
        self.host, practice = host, host.practice
        self.callers: dict[str, Caller] = {name: host.caller() for name in NOBODIES}
        founder = host.caller()
        assert founder.open_founding(host.founding_token()).status == 201
        founder.append_all(practice.directory)
        host.sent = len(practice.directory.entries)
        host.callers["Asha"] = host.sign_in(practice.asha)
        self.callers |= {"founding": founder, "steward": host.asha}
        for name in (*(it for it in DEVICES if it != "steward"), "left"):
            host.admit(name)
            self.callers[name] = host.callers[name]
        self._lose_a_device()
        self.streams: dict[tuple[str, str], Child] = {}
        self._begin_streams()
        practice.invite("invited")
        host.send()
        self.callers["invited"] = host.caller()
        self.callers["invited"].knock(practice.invitation_seed("invited"), practice)
        seed = practice.witness("witness")
        host.send()
        self.callers["witness"] = host.caller()
        assert self.callers["witness"].bear_witness(seed, practice).status == 201
        practice.leave(staff("left"))
        host.send()
        self._sign_in_from_elsewhere()

    def _lose_a_device(self) -> None:
        """Sign in with a second device of the keeper, and have the steward revoke it."""
        keeper = self.host.callers["keeper"]
        self.lost = self.host.practice.let_in(staff("keeper"), "lost")
        assert keeper.append(DIRECTORY, self.host.practice.directory.entries[-1:]).status == 201
        self.host.sent += 1
        assert self.callers["lost"].sign_in(self.lost, self.host.practice).status == 201
        self.host.practice.revoke(self.lost)
        self.host.send()

    def _begin_streams(self) -> None:
        """Begin the team's stream, one that everybody was removed from, and one for each."""
        team = {"follower": "follower", "former": "follower", "supervisor": "supervisor"}
        theirs = self._begin("theirs", "keeper", team, "former")
        self.host.admit("someone else")
        everybody = dict.fromkeys((*DEVICES, "left"), "follower")
        removed = self._begin("removed", "someone else", everybody, *everybody)
        for who in PEOPLE:
            self.streams |= {(who, "theirs"): theirs, (who, "removed"): removed}
            self.streams[who, "own"] = self.streams[who, "absent"] = self._absent()
        for who in DEVICES:
            self.streams[who, "own"] = self._begin(f"{who}'s", who, {})

    def _begin(self, name: str, keeper: str, team: dict[str, str], *gone: str) -> Child:
        """Begin a stream; it is in its epoch 1, from which those gone are left out."""
        who = self.person(keeper)
        child = self.host.practice.child(name, who)
        for other, role in team.items():
            child.grant(who, self.person(other), role)
        child.remove(who, *map(self.person, gone))
        self.host.callers["Asha" if keeper == "steward" else keeper].append_all(child)
        return child

    def _absent(self) -> Child:
        child = Child("absent", self.host.practice.directory, START)
        child.secrets.append(bytes(32))
        return child

    def _sign_in_from_elsewhere(self) -> None:
        """Try to sign in with what was signed for another practice of the same people."""
        other = Practice(START + 1)
        assert self.callers["elsewhere"].sign_in(self.person("keeper"), other).status == 401

    def person(self, who: str) -> Staff:
        """Return who signs what a kind of person sends."""
        if who == "lost":
            return self.lost
        return self.host.practice.asha if who in ("steward", "founding") else staff(who)

    def stream(self, who: str, what: str) -> Child:
        """Return the stream that is such an object for someone."""
        return self.streams[who, what]
