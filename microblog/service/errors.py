"""Why the server refuses; a program reads `code`, its developer the message."""

import re

from microblog.protocol.errors import ProtocolError


class ServiceError(Exception):
    """The server refuses."""

    code = "refused"


class Malformed(ServiceError):
    """What was sent does not have the shape that was asked for."""

    code = "malformed"


class SignedOut(ServiceError):
    """Nobody is signed in, or signing in failed: which of its parts was wrong is not told."""

    code = "signed-out"

    def __init__(self) -> None:
        super().__init__("not signed in")


class CrossOrigin(ServiceError):
    """A page of another origin asks."""

    code = "cross-origin"

    def __init__(self) -> None:
        super().__init__("origin: not this server's")


class NotAllowed(ServiceError):
    """Whoever is signed in may not do this."""

    code = "not-allowed"


class NotFound(ServiceError):
    """It is not there, or not theirs: the two are told in the same words."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("there is nothing here")


class StaleHead(ServiceError):
    """The log has come further, or is another; carries its head, or None twice where empty."""

    code = "stale-head"

    def __init__(self, seq: int | None, head_id: bytes | None) -> None:
        super().__init__("the first entry does not follow the newest one of the log")
        self.seq = seq
        self.head_id = head_id


class StaleNote(ServiceError):
    """The note that a device would replace is not the newest: it fetches that, and tries again."""

    code = "stale-note"

    def __init__(self) -> None:
        super().__init__("number: another note has been put meanwhile")


class Restoring(ServiceError):
    """After a restore nothing new is taken until the operator opens the server."""

    code = "restoring"

    def __init__(self) -> None:
        super().__init__("the server is being restored: it takes only what is given back")


class NotRestoring(ServiceError):
    """Nothing is asked to be given back."""

    code = "not-restoring"

    def __init__(self) -> None:
        super().__init__("the server is not being restored")


class Following(ServiceError):
    """Whoever asks to follow a stream is on its list already."""

    code = "following"

    def __init__(self) -> None:
        super().__init__("on the list already")


class Taken(ServiceError):
    """Another message is where one should lie."""

    code = "taken"

    def __init__(self) -> None:
        super().__init__("another message is there")


class TooMany(ServiceError):
    """So many devices are being linked that there is no room for one more."""

    code = "too-many"

    def __init__(self) -> None:
        super().__init__("too many devices are being linked: in ten minutes there is room again")


class Refused(ServiceError):
    """The protocol's public verdict, or a check of the server's own, refuses an entry."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def refuse(error: ProtocolError, where: str) -> ServiceError:
    """Return the refusal that a protocol error amounts to; `where` names the entry or field."""
    code = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    detail = f"{where}: {error}"
    return Malformed(detail) if code == "malformed" else Refused(code, detail)
