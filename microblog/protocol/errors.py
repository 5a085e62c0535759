"""Every way in which bytes can fail to be what they claim, one class a reason."""


class ProtocolError(Exception):
    """Something is not what the protocol says it must be."""


class Malformed(ProtocolError):
    """The bytes are not the one encoding of a value of the right shape."""


class TooNew(ProtocolError):
    """Written with a newer version: this app is too old, update it."""


class WrongLog(ProtocolError):
    """The entry belongs to another log."""


class BrokenChain(ProtocolError):
    """The entry does not follow the one before it."""


class RolledBack(ProtocolError):
    """The log does not continue what this client has already seen of it."""


class HeldBack(ProtocolError):
    """The server shows less of the log than a witness has seen of it."""


class ForkedLog(ProtocolError):
    """A witness has seen another log than the one that is here."""


class StaleDirectory(ProtocolError):
    """The entry claims an older view of the directory than the entry before it."""


class DirectoryBehind(ProtocolError):
    """The entry has seen more of the directory than the reader: fetch the directory first."""


class ForkedDirectory(ProtocolError):
    """The entry was written with another directory than the reader's."""


class UnknownDevice(ProtocolError):
    """The device was not the author's, or not good, when it signed."""


class NotAuthentic(ProtocolError):
    """A signature does not fit."""


class NotAllowed(ProtocolError):
    """The author may not do this."""


class LossUnanswered(ProtocolError):
    """Someone listed has left or lost a device: the next entry must be a new epoch."""


class WrongEpoch(ProtocolError):
    """The entry stands in another epoch than the stream."""


class WrongList(ProtocolError):
    """The list of an epoch is not the list before it less some."""


class BadInvitation(ProtocolError):
    """The invitation is used, revoked, out of date, or not signed by its key."""


class BadKey(ProtocolError):
    """A public key is invalid, or already used in this directory."""


class Unreadable(ProtocolError):
    """A body cannot be shown: it is withheld, void or waiting (`why`), and the log goes on."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BadLetters(ProtocolError):
    """Letters that were typed are not what was shown; `group`, from 0, if it is known which."""

    def __init__(self, message: str, group: int | None = None) -> None:
        super().__init__(message)
        self.group = group


class LinkOver(ProtocolError):
    """No device waits under this code: mistyped, answered already, or its ten minutes are over."""


class WeakVault(ProtocolError):
    """The vault asks for less work than a guesser must be made to do, or for absurdly much."""


class WrongPassphrase(ProtocolError):
    """The passphrase does not open the vault, or the vault was damaged."""
