"""Where the data lie: in a folder of this machine, and perhaps in a PostgreSQL database besides."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Site:
    """A folder; and the address of the database that is used in place of SQLite's file in it.

    `standby`: nothing counts as written before a standby has it too. `live`: what is appended is
    announced to whoever listens. The address may hold a password, so it stands in no message.
    """

    folder: Path
    url: str = field(default="", repr=False)
    standby: bool = False
    live: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether the database is PostgreSQL's, for many processes on many machines."""
        return bool(self.url)

    def __str__(self) -> str:
        """Name it in a message."""
        return "the PostgreSQL database" if self.is_shared else str(self.folder)
