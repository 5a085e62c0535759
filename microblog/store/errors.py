"""What can be wrong with the place where the data lies; each message is the one line to read."""


class StoreError(Exception):
    """The data cannot be used."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class FolderUnusable(StoreError):
    """The folder is missing, is no folder, or cannot be written."""


class FileUnusable(StoreError):
    """A backup's file is missing, is none, or cannot be written."""


class Unfinished(StoreError):
    """A restore was stopped half way."""


class InUse(StoreError):
    """Another server runs on the same data."""


class WrongVersion(StoreError):
    """The database was made by another version of this program."""


class Busy(StoreError):
    """The database could not be had in time, or its disk is full; nothing was written."""


class DatabaseUnusable(StoreError):
    """There is no such PostgreSQL database, it lets us not in, or it is none that can be used."""


class NotDurable(StoreError):
    """The database would acknowledge what it could lose."""
