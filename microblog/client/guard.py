"""What in a draft could tell more than is meant: noticed here, before it is sent.

It only notices, and keeps nothing; whoever writes decides. A guard that cries out at every age,
time or date is soon tapped away, so what looks like one of those is left alone, and so are the
names of those whom the stream is about.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from microblog.client.family import show_family
from microblog.client.feed import Feed
from microblog.client.session import Session, feed_of
from microblog.client.shown import Draft
from microblog.client.telltales import (
    CAPITAL,
    END,
    HOUSE_IN_STREET,
    MAILBOX,
    PHONE,
    POSTCODE,
    START,
    WORD,
    either_of,
)
from microblog.protocol.base64url import decode_base64url, encode_base64url


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set("mr mrs ms miss mx dr pc sgt auntie aunty aunt uncle nurse officer")
_DATES = _set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec"""
)
_COURTS = _set("family crown county magistrates high youth supreme")
# Between a number and "road", these make no address: "2 boys in the road", "20 minute walk".
_BETWEEN = _set(
    """a an the this that these those our your their his her my its same next main busy in on of at
    to by up down off out and or from into onto along across near outside inside past over under
    with min mins minute minutes hour hours day days week weeks month months year years mile
    miles metre metres boys girls men women kids children people"""
)
_NUMBERED = _set("year yr class form room ward group stage level bus route age aged bay")
# In small letters after a digit: the 2nd, 3pm, 5yr; no end of a postcode.
_UNITS = re.compile(r"(?:st|nd|rd|th|yr|hr|ft|lb|am|pm)\Z")
_INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}\Z", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"([0-9]{1,2})([ .-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])")

_CAPITALISED = rf"{CAPITAL}{WORD}*\.?"
_TYPES = (
    "(?:Primary|Secondary|Infant|Infants|Junior|Juniors|Nursery|High|Grammar|Community|Special"
    "|Academy|School|College)"
)
_LOW_TYPES = "(?:primary|secondary|infants?|juniors?|nursery|high|grammar|community|special)"
_BARE_TYPES = "(?:primary|infants|juniors|nursery|school|academy|college)"
_SCHOOLS = (
    re.compile(
        rf"{START}(?:{_CAPITALISED} )(?:(?:{_CAPITALISED}|of|and|the|&) ){{0,5}}?"
        rf"(?:{_TYPES} ){{0,3}}(?:School|Academy|College|Nursery|Primary|Infants|Juniors){END}"
    ),
    re.compile(rf"{START}(?:{_CAPITALISED} ){{1,4}}(?:{_LOW_TYPES}|{_TYPES}) school{END}"),
    re.compile(
        rf"{START}(?:[Ss]t|[Ss]aint)\.? [^\W\d_]{WORD}+ (?:(?:{_CAPITALISED}|of|and|c) ){{0,4}}?"
        rf"(?:{_LOW_TYPES} )?(?:{_BARE_TYPES}|{_TYPES}){END}"
    ),
)
# No names of schools, where a sentence begins with them or a type of school follows.
_NO_NAMES = _set(
    """a an the her his their my our your this that its new old same local nearest village special
    sunday summer after before when while since until from at to in with for and but or no not
    both all any every each primary secondary infant infants junior juniors nursery high grammar
    community boarding private state mainstream day school sixth form church england catholic
    roman ce rc c e of & rang rung ringing called calling told asked saw seen met spoke visited
    left likes loves hates misses missed late started starts starting attends attended attending
    refuses refused refusing enjoys enjoying settled moved moving changed changing collected
    picked dropped excluded today yesterday tomorrow mum mums mother dad dads father gran nan
    grandad parent parents carer child children deputy head class year teacher next last first
    good bad worried concerned unhappy happy out outside near walking home"""
)
# Names that are words: alone, they are not taken for a child's.
_WORDY = _set(
    """angel amber april art ash august autumn bay bill bob brook carol chance charity chase
    chelsea christian clay cliff crystal daisy dale dawn dean dolly drew earl eve faith faye
    forest frank gale gene glen grace guy harmony hazel heath heather holly honey hope hunter
    iris ivy jack jade jasmine jay jean jordan joy june justice king kit lane lee lily london
    lucky mark max may melody mercy miles nick noel ocean olive paris pat patience pearl penny
    piper poppy prince princess rain ray red reed rich river rob robin rocky rose rosemary ruby
    rusty sage sandy sky skye star storm sue summer sunny teddy tom tony trinity van victoria
    violet wade wednesday will willow wren"""
)
_STREET_ALONE = re.compile(
    rf"{START}{CAPITAL}{WORD}+ (?:[Rr]oad|Rd|[Ss]treet|[Aa]venue|Ave|[Ll]ane|Ln|Close|Drive"
    rf"|[Tt]errace|[Gg]ardens|[Gg]rove|[Cc]rescent|[Mm]ews){END}"
)
_NAME = re.compile(rf"{CAPITAL}.{{2}}", re.DOTALL)
_NEXT = re.compile(rf" ({CAPITAL}{WORD}+)")
_LONGER = re.compile(r"[-'\u2019][^\W\d_]{2}")
_TO_STREET = re.compile(r"\A.*?[0-9]+[A-Za-z]?,? (?![0-9])")
_BEGINS = re.compile(r"(?:\A|[.!?:;\n])\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """Something in a draft that could tell more than is meant.

    `sort` is one of address, phone, school, child (another that I follow) and sibling; `words` as
    they stand in the draft; `hard`: the address of this family is protected.
    """

    sort: str
    words: str
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whose names stand where: around whom the stream is about, its siblings, other children."""

    own: tuple[str, ...]
    siblings: tuple[str, ...]
    others: tuple[str, ...]
    protected: bool  # is the address of this family


@dataclass(frozen=True, slots=True)
class _Span:
    sort: str
    start: int
    end: int


def cautions(session: Session, log: str, draft: Draft) -> tuple[Caution, ...]:
    """Return what a draft to a stream could tell, in the order in which it stands, each once."""
    known = known_around(session, decode_base64url(log))
    return notice((draft.text, draft.source, draft.reason), known)


def notice(texts: Sequence[str], known: Known) -> tuple[Caution, ...]:
    """Return what some words could tell."""
    own = frozenset(word for name in known.own for word in _words(name))
    found: dict[str, Caution] = {}
    for text in texts:
        spans = (*_phones(text), *_addresses(text, known.protected), *_schools(text, own),
                 *_names(text, known, own))  # fmt: skip
        for span in _apart(spans):
            words = text[span.start : span.end]
            hard = known.protected and span.sort not in ("child", "sibling")
            found.setdefault(words, Caution(sort=span.sort, words=words, hard=hard))
    return tuple(found.values())


def known_around(session: Session, log: bytes) -> Known:
    """Return the names that I hold, as they stand to a stream."""
    feed = feed_of(session, log)
    family = show_family(feed, session.feeds, session.keys.person)
    homes = {stay.log for stay in family.households if not stay.until}
    here = {stay.log for stay in family.children if not stay.until}
    siblings = {one.log for one in family.siblings}
    close = {encode_base64url(log), *homes, *(stay.log for stay in family.children)}
    kin = {encode_base64url(log), *homes, *here, *siblings}
    persons = session.directory.persons
    own = [persons[one].name for one in feed.stream.roles if one in persons]
    brothers, others, is_protected = list[str](), list[str](), False
    for other in session.feeds.values():
        about = other.about()
        if about is None:
            continue
        key = encode_base64url(other.log)
        is_protected = is_protected or (about.protected and key in kin)
        if key in close:
            own += (*_names_of(other), *(name for name, _ in about.people))
        elif about.sort == "child":
            (brothers if key in siblings else others).extend(_names_of(other))
    return Known(
        own=tuple(own), siblings=tuple(brothers), others=tuple(others), protected=is_protected
    )


def _names_of(feed: Feed) -> tuple[str, ...]:
    about = feed.about()
    return () if about is None else (about.name, *about.known_as)


def _phones(text: str) -> list[_Span]:
    def is_phone(span: _Span) -> bool:
        number = text[span.start : span.end]
        date = _DATE.match(number)
        is_date = date and 0 < int(date[1]) <= 31 and 0 < int(date[3]) <= 12
        return not is_date and re.search("[0-9]{3}", number) is not None

    return [span for span in _spans(text, PHONE, "phone") if is_phone(span)]


def _addresses(text: str, is_protected: bool) -> list[_Span]:
    def is_postcode(span: _Span) -> bool:
        code = text[span.start : span.end]
        return _INWARD.search(code) is not None and _UNITS.search(code) is None

    def is_named(span: _Span) -> bool:
        first, *_ = _words(text[span.start : span.end])
        return first not in _BETWEEN and first != "high"

    houses = [span for span in _spans(text, HOUSE_IN_STREET, "address") if _is_address(text, span)]
    postcodes = filter(is_postcode, _spans(text, POSTCODE, "address"))
    streets = filter(is_named, _spans(text, _STREET_ALONE, "address")) if is_protected else ()
    return [*houses, *postcodes, *_spans(text, MAILBOX, "address"), *streets]


def _is_address(text: str, span: _Span) -> bool:
    before = _words(text[: span.start])
    if before and before[-1] in _NUMBERED:
        return False
    *between, last = _words(_TO_STREET.sub("", text[span.start : span.end], count=1))
    if between and (between[0] in _TITLES or between[0] in _DATES):
        return False
    if last == "court" and between and between[-1] in _COURTS:
        return False
    return not _BETWEEN.intersection(between)


def _schools(text: str, own: frozenset[str]) -> Iterable[_Span]:
    for span in (one for pattern in _SCHOOLS for one in _spans(text, pattern, "school")):
        said = text[span.start : span.end]
        parts = list(re.finditer("[^ ]+", said))
        at = next((n for n, part in enumerate(parts) if not _is_no_name(part[0], own)), len(parts))
        # The last word says what sort of place it is, not which.
        if at >= len(parts) - 1:
            continue
        alone = said.endswith(" school") and at == len(parts) - 3
        if not (alone and _BEGINS.search(text[: span.start])):
            yield replace(span, start=span.start + parts[at].start())


def _is_no_name(word: str, own: frozenset[str]) -> bool:
    plain = re.sub(r"['\u2019]s\Z|\.\Z", "", word.lower())
    return plain in _NO_NAMES or plain in own or plain in _DATES


def _names(text: str, known: Known, own: frozenset[str]) -> Iterable[_Span]:
    own_names = {name.lower() for name in known.own}
    for names, sort in ((known.siblings, "sibling"), (known.others, "child")):
        others = [name for name in names if name.lower() not in own_names]
        whole = either_of([name for name in others if " " in name], re.IGNORECASE)
        firsts = [name.split(" ")[0] for name in others]
        alone = either_of([name for name in firsts if _is_telling(name, own)], re.NOFLAG)
        if whole:
            yield from _spans(text, whole, sort)
        if alone:
            found = _spans(text, alone, sort)
            yield from (span for span in found if _stands_alone(text, span))


def _is_telling(name: str, own: frozenset[str]) -> bool:
    """Return whether a first name is nobody's here, and no word."""
    plain = name.lower()
    is_name = _NAME.match(name) is not None
    return is_name and plain not in _WORDY and plain not in _DATES and plain not in own


def _stands_alone(text: str, span: _Span) -> bool:
    """Return whether a first name is not part of another's: Dr Zara, Zara Elsewhere, Zara-Lou."""
    after = _NEXT.match(text, span.end)
    if _LONGER.match(text, span.end) or (after and after[1].lower() not in _DATES):
        return False
    before = _words(text[: span.start])
    return not before or before[-1] not in _TITLES


def _words(text: str) -> list[str]:
    return re.findall(r"(?:[^\W_]|['\u2019-])+", text.lower())


def _spans(text: str, pattern: re.Pattern[str], sort: str) -> list[_Span]:
    return [_Span(sort, found.start(), found.end()) for found in pattern.finditer(text)]


def _apart(found: Iterable[_Span]) -> list[_Span]:
    """Return them in the order in which they stand, the longest first; none in another."""
    kept: list[_Span] = []
    for span in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
