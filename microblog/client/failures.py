"""What may be told of an error: its name and a code, and nothing of what it was about."""

from microblog.client.memory import StorageBusy, StorageFull
from microblog.client.session import InTrouble, NotFollowed, Waiting
from microblog.client.transport import Refused, Unreachable
from microblog.protocol.errors import BadLetters, ProtocolError

KNOWN = (ProtocolError, Unreachable, Refused, NotFollowed, InTrouble, Waiting, StorageBusy,
         StorageFull)  # fmt: skip


def name_failure(error: Exception) -> tuple[str, str]:
    """Return the name and the code of one of the errors that are known."""
    if isinstance(error, Refused):
        return "Refused", error.code
    if isinstance(error, NotFollowed):
        return "Refused", "not-found"
    if isinstance(error, InTrouble):
        return error.trouble.error, "in-trouble"
    if isinstance(error, BadLetters):
        return "BadLetters", "" if error.group is None else str(error.group)
    return type(error).__name__, ""
