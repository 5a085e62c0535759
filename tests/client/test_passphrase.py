"""The passphrase that is offered."""

import itertools
import re

import pytest

from microblog.client.passphrase import (
    CONSONANTS,
    VOWELS,
    WORDS,
    check_passphrase,
    suggest_passphrase,
)
from microblog.protocol.errors import Malformed


def test_an_offered_passphrase_is_six_words_that_can_be_said():
    offered = suggest_passphrase(lambda size: bytes(range(size)))
    assert re.fullmatch(
        r"([bdfghklmnprstvwz][aeiu]){2}(-([bdfghklmnprstvwz][aeiu]){2}){5}", offered
    )
    check_passphrase(offered)


def test_every_bit_of_the_randomness_counts_and_there_are_at_least_64():
    assert (len(CONSONANTS) * len(VOWELS)) ** (2 * WORDS) == 2**72
    zero = bytes(9)
    offers = {suggest_passphrase(lambda size: zero)}
    for byte, bit in itertools.product(range(9), range(8)):
        changed = bytearray(9)
        changed[byte] = 1 << bit
        offers.add(suggest_passphrase(lambda size, changed=changed: bytes(changed)))
    assert len(offers) == 73


def test_a_short_passphrase_is_refused():
    check_passphrase("twelve chars")
    with pytest.raises(Malformed, match="a passphrase has at least 12 characters"):
        check_passphrase("eleven char")
