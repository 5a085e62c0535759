"""People's notes to themselves at a server that stands in for a real one."""

from __future__ import annotations

from microblog.client.transport import Refused, Unreachable

NO_NOTE = (0, b"")


class NoteConnection:
    """What any connection answers of notes: a liar changes `notes`."""

    def noted(self) -> tuple[dict[bytes, tuple[int, bytes]], bytes]:
        """Return where notes are kept, and whose they are."""
        if not hasattr(self, "notes"):
            self.notes: dict[bytes, tuple[int, bytes]] = {}
        return self.notes, b""

    def own_note(self) -> tuple[int, bytes]:
        notes, person = self.noted()
        return notes.get(person, NO_NOTE)

    def put_own_note(self, number: int, note: bytes) -> None:
        notes, person = self.noted()
        if number != notes.get(person, NO_NOTE)[0]:
            raise Refused("stale-note", "")
        notes[person] = (number + 1, note)


def noted_by(connection) -> tuple[dict[bytes, tuple[int, bytes]], bytes]:
    """Return the notes of an honest server, and who asks for theirs."""
    if connection.server.down:
        raise Unreachable("the server cannot be reached")
    if connection.sort != "device":
        raise Refused("signed-out", "")
    return connection.server.notes, connection.person
