"""The columns of a chronology, and the words in them: what is exported is read back by these."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A column; an empty field says again what others say, and is not brought in.

    `sort` is text, number, date or moment; a date or moment is as precise as its cell.
    """

    field: str
    title: str
    sort: str


COLUMNS = (
    Heading("number", "Number", "number"),
    Heading("date", "Date", "moment"),
    # Of a row brought in, when its original was: its `written`.
    Heading("posted", "Posted", "moment"),
    Heading("", "About", "text"),
    Heading("agency", "Agency", "text"),
    Heading("who", "Who", "text"),
    Heading("job", "Job", "text"),
    Heading("kind", "Kind", "text"),
    Heading("", "Standing", "text"),
    Heading("sure", "How sure", "text"),
    Heading("scale", "Scale: 0 not safe, 10 safe enough to close", "number"),
    Heading("side", "Working well or worried", "text"),
    Heading("outcome", "Outcome", "text"),
    Heading("text", "Text", "text"),
    Heading("source", "Source", "text"),
    Heading("reason", "Reason", "text"),
    Heading("review", "Review date", "date"),
    # The number of the row that it answers.
    Heading("answers", "Answers", "text"),
    Heading("how", "How", "text"),
    Heading("remarks", "Remarks", "text"),
    Heading("", "Brought in by", "text"),
    Heading("id", "Id", "text"),
)

# What is stored on the left, what a chronology says on the right.

KINDS = {
    "hunch": "Hunch",
    "observation": "Observation",
    "told": "Told",
    "words": "Child's words",
    "records": "From records",
    "visit": "Visit",
    "decision": "Decision",
}
STANDINGS = {
    "hunch": "Opinion",
    "observation": "Seen or heard by the writer",
    "told": "Told by someone else",
    "words": "The child's own words",
    "records": "From a record",
    "visit": "A visit or attempt",
    "decision": "A decision",
}
SURES = {"niggle": "Niggle", "fairly": "Fairly sure", "sure": "Sure"}
SIDES = {"worried": "Worried", "well": "Working well"}
OUTCOMES = {
    "seen": "Seen",
    "alone": "Seen alone",
    "not-seen": "Not seen",
    "not-let-in": "Not let in",
    "nobody-in": "Nobody in",
    "not-brought": "Was not brought",
}
HOWS = {
    "same": "I see this too",
    "different": "I see it differently",
    "correction": "Correction",
    "copied": "Copied to the record",
}

# Among the remarks: what became of a post.

STATES = {
    "erased": "The words were erased: they had been put on the wrong child",
    "destroyed": "The words were destroyed for good",
    "void": "An entry that cannot be read",
    "withheld": "The server withholds the words",
    "waiting": "Sealed: this device has no key for it",
}
WITHDRAWN = "This post was withdrawn by "

_DOT = "·"
_REMARKS = "[Remarks: "
_POINTER = re.compile(r"(Corrected|Seen differently) by number [0-9]+")


def join_original(name: str, job: str, agency: str) -> str:
    """Return name, job and agency as one text, the `original` of a row; empty if all are."""
    pieces = [name, job, agency]
    while pieces and not pieces[-1]:
        pieces.pop()
    return f" {_DOT} ".join(re.sub(r"[\\·]", r"\\\g<0>", piece) for piece in pieces)


def split_original(original: str) -> tuple[str, str, str]:
    """Return the name, job and agency in an `original`; one written otherwise is all name."""
    pieces = [""]
    for token in re.findall(r"\\[\\·]| ?· ?|.", original, re.DOTALL):
        escaped = len(token) == 2 and token.startswith("\\")
        if _DOT in token and not escaped and len(pieces) < 3:
            pieces.append("")
        else:
            pieces[-1] += token[1:] if escaped else token
    name, job, agency = (*pieces, "", "")[:3]
    return name, job, agency


def join_remarks(text: str, remarks: str) -> str:
    """Return a text with the remarks that stood beside it, as a row brought in keeps them."""
    kept = lasting_remarks(remarks)
    # A text that ends like one with remarks gets empty ones, so that its own end stays its own.
    if not kept and split_remarks(text)[0] == text:
        return text
    return "\n".join(part for part in (text, f"{_REMARKS}{kept}]") if part)


def split_remarks(text: str) -> tuple[str, str]:
    """Return a text as it was, and the remarks that stood beside it."""
    start = text.rfind(f"\n{_REMARKS}") + 1
    if not text.startswith(_REMARKS, start) or not text.endswith("]"):
        return text, ""
    return text[: max(0, start - 1)], text[start + len(_REMARKS) : -1]


def lasting_remarks(remarks: str) -> str:
    """Return remarks but for those that point to a row by its number: another's elsewhere."""
    return "; ".join(one for one in remarks.split("; ") if not _POINTER.fullmatch(one))


def was_taken_back(row: str, text: str) -> bool:
    """Return whether a row brought in did not stand any more when it was taken out elsewhere."""
    remarks = split_remarks(text)[1].split("; ") if row else []
    return any(one.startswith(WITHDRAWN) or one in STATES.values() for one in remarks)
