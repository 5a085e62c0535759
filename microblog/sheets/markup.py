"""XML, told as it goes by: nothing is kept of it, no entity is followed, nothing is fetched."""

import xml.sax
import xml.sax.handler
from collections.abc import Callable, Mapping
from io import BytesIO

import defusedxml.sax
from defusedxml import DefusedXmlException

from microblog.sheets.refusal import NotATable

Opened = Callable[[str, Mapping[str, str]], None]
Closed = Callable[[str], None]
Said = Callable[[str], None]


def walk(data: bytes, opened: Opened, closed: Closed, said: Said) -> None:
    """Tell of every element, without its prefix, and of every text in a document, in order.

    Raise `NotATable` for what is not XML, or has a document type: no spreadsheet has one.
    """
    try:
        # The handler is the standard library's; the parser behind it refuses what is dangerous.
        defusedxml.sax.parse(BytesIO(data), _Walk(opened, closed, said), forbid_dtd=True)
    except (xml.sax.SAXException, DefusedXmlException, UnicodeError, ValueError, LookupError):
        raise NotATable("damaged") from None


class _Walk(xml.sax.handler.ContentHandler):
    def __init__(self, opened: Opened, closed: Closed, said: Said) -> None:
        super().__init__()
        self._opened, self._closed, self._said = opened, closed, said

    def startElement(self, name: str, attrs: xml.sax.xmlreader.AttributesImpl) -> None:  # noqa: N802
        self._opened(_local(name), {_local(key): value for key, value in attrs.items()})

    def endElement(self, name: str) -> None:  # noqa: N802
        self._closed(_local(name))

    def characters(self, content: str) -> None:
        self._said(content)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
