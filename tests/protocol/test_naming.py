"""The lists of words were read through; this is what a program can check of that."""

import re
from itertools import combinations

import pytest

from microblog.protocol import naming

ADJECTIVES, NOUNS = naming._ADJECTIVES.split(), naming._NOUNS.split()
WORDS = ADJECTIVES + NOUNS

#: Whatever says something of a child, a family, a home, harm, or the people who write.
NEVER_WORDS = (
    "abuse alarm alone baby bad beat bed birth bite black blood blue boy bruise burn child cry dad "
    "danger dark dead death dirt drug drunk fail fear fight girl green hate hit home hunch hurt "
    "ill kick kid kill lonely lost mother mum neglect niggle observe pain pale poor quiet record "
    "red risk sad safe scar school score see shout shut sick small smack sure tear thin tired "
    "told ugly visit weak white worker worry wound"
)
ENDINGS = ("", "s", "y", "ed", "ing", "er", "ful")


def distance(one: str, other: str) -> int:
    """Return how many letters must be added, dropped or changed to make one of the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row = row, [at]
        for across, known in enumerate(other, 1):
            step = above[across - 1] + (letter != known)
            row.append(min(step, above[across] + 1, row[-1] + 1))
    return row[-1]


def sound(word: str) -> str:
    """Return roughly how a word sounds: all vowels are one, and so are letters said alike."""
    for written, said in (
        *(("ph", "f"), ("ck", "k"), ("qu", "kw"), ("wh", "w"), ("wr", "r"), ("kn", "n")),
        *(("gn", "n"), ("dge", "j"), ("tch", "ch"), ("sc", "s"), ("ce", "se"), ("ci", "si")),
        *(("c", "k"), ("x", "ks"), ("z", "s"), ("gh", ""), ("mb", "m")),
    ):
        word = word.replace(written, said)
    return re.sub(r"(.)\1", r"\1", re.sub("[aeiouy]+", "a", word)).rstrip("a")


def test_there_are_256_of_each_and_none_is_both() -> None:
    assert len(ADJECTIVES) == len(NOUNS) == 256
    assert len(set(WORDS)) == 512


def test_every_word_is_short_and_plain() -> None:
    assert [word for word in WORDS if not re.fullmatch("[a-z]{3,7}", word)] == []


def test_no_word_says_anything_of_a_child() -> None:
    words = {bad + ending for bad in NEVER_WORDS.split() for ending in ENDINGS}
    assert words.intersection(WORDS) == set()


@pytest.mark.parametrize("alike", [("knot", "not"), ("grey", "gray"), ("beech", "beach")])
def test_the_check_of_sounds_finds_what_it_should(alike: tuple[str, str]) -> None:
    assert sound(alike[0]) == sound(alike[1])


def test_no_word_sounds_like_another() -> None:
    assert len({sound(word) for word in WORDS}) == len(WORDS)


def test_no_word_looks_like_another() -> None:
    pairs = (pair for pair in combinations(WORDS, 2) if abs(len(pair[0]) - len(pair[1])) < 2)
    assert [pair for pair in pairs if distance(*pair) < 2] == []


def test_the_same_stream_always_has_the_same_words() -> None:
    log = bytes(range(16))
    assert naming.two_words(log) == naming.two_words(bytes(log))
    assert naming.two_words(log) != naming.two_words(log[::-1])
