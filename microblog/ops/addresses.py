"""Where people's round-ups go: the work addresses in their profiles, those that are addresses."""

from dataclasses import dataclass, field

from microblog.service.directory import Directories
from microblog.settings import is_address
from microblog.store.db import Site, read_in


@dataclass(slots=True)
class Addresses:
    """The addresses of all who work here, read when the first of them is asked for."""

    site: Site
    directories: Directories
    _known: dict[bytes, str] | None = field(default=None, init=False)

    def address_of(self, person: bytes) -> str | None:
        """Return someone's address, or None: they have left, or have none that a mail can go to."""
        if self._known is None:
            directory = read_in(self.site, self.directories.read)
            # What is no address, a line break in it for one, would be more than an address.
            self._known = {
                it.id: it.email
                for it in directory.persons.values()
                if it.left is None and is_address(it.email)
            }
        return self._known.get(person)
