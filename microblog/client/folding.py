"""Texts as a search compares them: small letters without accents, one space between words.

A word is found where a word begins with it, a phrase in quotation marks only as whole words; in a
script that is written without spaces, or puts the article before the word, anywhere. Nothing here
hangs on the Unicode version of the machine more than its letters do.
"""

import re
import unicodedata
from dataclasses import dataclass

# Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile("[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_OTHERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
    "\u0131": "i", "\u03c2": "\u03c3",  # without a dot; at the end of a word
    "\u2018": "'", "\u2019": "'", "\u02bc": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2026": "...",
})  # fmt: skip
# Letters that stand in words with spaces between them.
_SPACED = re.compile("[0-9a-z\u00df-\u052f]")
_ASKED = re.compile(r'"([^"]*)"?|[^\s"]+')


@dataclass(frozen=True, slots=True)
class Term:
    """Something that is looked for, folded; `whole`: it has to end where a word ends."""

    text: str
    whole: bool


def fold(text: str) -> str:
    """Return a text as it is compared."""
    letters = unicodedata.normalize("NFD", text.lower())
    letters = _UNSEEN.sub("", _ACCENTS.sub("", letters)).translate(_OTHERS)
    return _SPACES.sub(" ", letters).strip(" ")


def terms_of(words: str) -> list[Term]:
    """Return what is looked for: every word, and what stands in quotation marks as one."""
    found = []
    for match in _ASKED.finditer(fold(words)):
        phrase = match.group(1)
        text = (match.group() if phrase is None else phrase).strip(" ")
        if text:
            found.append(Term(text, whole=phrase is not None))
    return found


def occurs(folded: str, term: Term) -> bool:
    """Return whether a folded text has a term in it."""
    at = folded.find(term.text)
    while at >= 0:
        end = at + len(term.text)
        if not _is_inside(folded, at) and not (term.whole and _is_inside(folded, end)):
            return True
        at = folded.find(term.text, at + 1)
    return False


def _is_inside(folded: str, at: int) -> bool:
    """Return whether a place is between two letters of one word."""
    before, after = folded[at - 1 : at], folded[at : at + 1]
    return bool(_SPACED.match(before)) and bool(_SPACED.match(after))
