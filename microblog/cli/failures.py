"""What the errors of the client mean to a person, and what they can do."""

from microblog.cli.terminal import Failure
from microblog.cli.words import TROUBLES
from microblog.client.memory import StorageBusy, StorageFull
from microblog.client.session import InTrouble, NotFollowed, Waiting
from microblog.client.transport import Refused, StaleHead, Unreachable
from microblog.protocol.errors import (
    BadInvitation,
    BadLetters,
    LinkOver,
    Malformed,
    NotAllowed,
    ProtocolError,
    TooNew,
    UnknownDevice,
    WeakVault,
    WrongPassphrase,
)

KNOWN = (Unreachable, Refused, ProtocolError, InTrouble, NotFollowed, Waiting, StorageBusy,
         StorageFull)  # fmt: skip

_REFUSED = {
    "signed-out": ("the server does not let this device in",
                   "its person has left, or the practice was founded anew: ask a steward"),
    "wrong-time": ("the server's clock and this machine's do not agree",
                   "set this machine's clock and try again"),
    "restoring": ("nothing was sent: the server is being put back from a backup",
                  "you can read; keep your words and post them again later"),
    "following": ("you are on that team already", "refresh with `microblog children`"),
    "not-found": ("the server has nothing of that name for you",
                  "refresh with `microblog children`"),
    "too-large": ("that is too much for one request", ""),
    "too-many": ("too many devices are being linked", "try again in ten minutes"),
    "wrong-host": ("the server is known by another address", "use the address in your link"),
}  # fmt: skip
_HINTS: tuple[tuple[type[Exception], str], ...] = (
    (BadLetters, "compare each group with the paper or the other screen"),
    (LinkOver, "begin again on the new device, and use the letters that it shows then"),
    (UnknownDevice, "it may be shut out, or of another practice; ask a steward to invite you anew"),
    (BadInvitation, "check the eight letters, or ask a steward for a new invitation"),
    (NotAllowed, "`microblog team CHILD` shows who may; a keeper can add and remove people"),
    (WrongPassphrase, "mind capitals and the keyboard's language; a key file opens with its own"),
    (WeakVault, "it was not made by this program: do not use it"),
    (TooNew, "update this program"),
    (Waiting, "whoever follows this stream hands it on by refreshing; try again later"),
    (NotFollowed, "`microblog children` lists whom you follow"),
    (StorageBusy, "wait until it has finished"),
    (StorageFull, "see that the folder can be written and has space; MICROBLOG_HOME names it"),
    (Malformed, "a part may be missing, or too long"),
)


def explain(error: Exception) -> Failure:
    """Return what to tell a person about an error of the client."""
    if isinstance(error, Unreachable):
        return Failure(
            str(error), "check the connection and try again; if it was a post, look at"
            " `microblog stream` first: it may have arrived",
        )  # fmt: skip
    if isinstance(error, StaleHead):
        return Failure("others were first, again and again", "try again")
    if isinstance(error, Refused):
        message, hint = _REFUSED.get(error.code, (f"the server refuses: {error.code}", ""))
        return Failure(message, hint or error.detail)
    if isinstance(error, InTrouble):
        return Failure(f"nothing was sent: {trouble(error.trouble.error, error.trouble.seq)}",
                       "`microblog verify` checks everything again; tell your steward")  # fmt: skip
    if isinstance(error, BadLetters) and error.group is not None:
        return Failure(f"{error}: look at group {error.group + 1}", "compare it with the paper")
    for sort, hint in _HINTS:
        if isinstance(error, sort):
            return Failure(str(error) or sort.__name__, hint)
    return Failure(str(error), "`microblog verify` checks everything again")


def trouble(error: str, seq: int) -> str:
    """Return what is wrong with a log, in words."""
    words = TROUBLES.get(error, f"entry {seq} is not what it must be ({error})")
    return f"{words} [{error} at {seq}]" if error in TROUBLES else words
