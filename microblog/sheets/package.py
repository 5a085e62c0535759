"""The parts of an XLSX file, unpacked only as far as they are asked for and the limits allow."""

import io
import zipfile
import zlib
from typing import Final

from microblog.sheets.refusal import MAX_UNPACKED_BYTES, NotATable

_BROKEN: Final = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_MAX_PARTS: Final = 10_000


class Package:
    """A file of parts. What all of them take unpacked is counted before the first is unpacked, and
    no part gives more than it says.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise NotATable("damaged") from None
        parts = self._file.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise NotATable("too-big-inside")

    def __contains__(self, name: str) -> bool:
        return name in self._file.NameToInfo

    def part(self, name: str) -> bytes:
        """Return a part; raise `NotATable` where there is none."""
        found = self._file.NameToInfo.get(name)
        if found is None:
            raise NotATable("damaged")
        try:
            with self._file.open(found) as stream:
                data = stream.read(found.file_size)
                if len(data) != found.file_size or stream.read(1):
                    raise NotATable("damaged")
        except _BROKEN:
            raise NotATable("damaged") from None
        return data
