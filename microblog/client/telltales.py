"""What could tell where someone is, or who: how addresses and numbers are written in the UK."""

import re
from collections.abc import Sequence

CAPITAL = f"[{''.join(chr(point) for point in range(0x41, 0x530) if chr(point).isupper())}]"
START, END = r"(?<![^\W_])", r"(?![^\W_])"
WORD = r"(?:[^\W\d_]|['\u2019-])"
_STREET = (
    "(?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Close|Drive|Way|Row|Court|Place|Terrace|Gardens|Grove"
    "|Crescent|Square|Hill|Walk|Rise|Mews|View|Green|House|Parade|Yard|Quay|Wharf|Croft|Mount|Vale"
    "|Gate|Villas)"
)
# An address in small letters, too.
_LOUD = "(?:road|rd|street|avenue|ave|lane|terrace|gardens|grove|crescent|mews)"
_HOUSE = (
    rf"{START}(?:(?:[Ff]lat|[Uu]nit|[Aa]partment|[Rr]oom) [0-9A-Z]{{1,4}},? )?"
    r"[0-9]{1,4}[A-Za-z]?,? "
)

# As numbers are written: ten or eleven digits from a 0, or from 44.
PHONE = re.compile(rf"{START}(?:\+ ?44|0044|\(?0)(?:[ ().-]{{0,2}}[0-9]){{9,12}}{END}")
HOUSE_IN_STREET = re.compile(
    rf"{_HOUSE}(?:(?:{CAPITAL}{WORD}* ){{1,3}}{_STREET}|(?:{WORD}+ ){{1,2}}{_LOUD}){END}"
)
POSTCODE = re.compile(
    rf"{START}(?:GIR ?0AA|[A-Z]{{1,2}}[0-9][A-Z0-9]? ?[0-9][A-Z]{{2}}){END}",
    re.IGNORECASE | re.ASCII,
)
MAILBOX = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[^\W_]|-){1,63}(?:\.(?:[^\W_]|-){1,63})+")
TITLED = re.compile(rf"{START}(?:Mr|Mrs|Ms|Miss|Mx|Dr|PC|Sgt)\.? {CAPITAL}{WORD}+")


def either_of(words: Sequence[str], flags: re.RegexFlag) -> re.Pattern[str] | None:
    """Return what finds any of some words, whole, the longest first; None if there are none."""
    if not words:
        return None
    longest_first = sorted(dict.fromkeys(words), key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    return re.compile(f"{START}(?:{either}){END}", flags)
