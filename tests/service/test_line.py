"""The line: short as a text message, counts and streams' two words, and nothing else."""

from __future__ import annotations

import pytest

from microblog.protocol.naming import two_words
from microblog.service.line import MAX_SEPTETS, count_septets, write_line
from microblog.settings import MAX_ORIGIN
from tests.vectors.practice import fresh

ORIGIN = "https://microblog.example.org"


def logs(count):
    return sorted((fresh(f"log {number}", 16) for number in range(count)), key=two_words)


def test_a_day_in_one_line():
    first, second, third = logs(3)
    names = f"{two_words(first)} 3, {two_words(second)} 2, {two_words(third)} 1"
    assert write_line({second: 2, first: 3, third: 1}, {first: 1}, ORIGIN) == (
        f"microblog: 6 new on 3 streams ({names}), 1 nudge. {ORIGIN}/#/round-up"
    )


def test_one_is_one():
    (log,) = logs(1)
    line = write_line({log: 1}, {}, ORIGIN)
    assert line == f"microblog: 1 new on 1 stream ({two_words(log)} 1). {ORIGIN}/#/round-up"


def test_a_nudge_by_itself():
    (log,) = logs(1)
    line = write_line({}, {log: 2}, ORIGIN)
    assert line == f"microblog: 2 nudges on 1 stream ({two_words(log)} 2). {ORIGIN}/#/round-up"


def test_streams_that_do_not_fit_are_counted():
    line = write_line(dict.fromkeys(logs(40), 1), {}, ORIGIN)
    assert MAX_SEPTETS - 25 < count_septets(line) <= MAX_SEPTETS
    assert f", +{40 - line.count(' 1')})" in line


@pytest.mark.parametrize("origin", ["https://" + "m" * (MAX_ORIGIN - 8), "http://[::1]:65535"])
def test_the_longest_address_that_settings_take_fits_with_any_counts(origin):
    many = dict.fromkeys(logs(9_999), 999)
    line = write_line(many, many, origin)
    assert count_septets(line) <= MAX_SEPTETS
    assert line.endswith(f"{origin}/#/round-up")


def test_an_address_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="the server's address is too long"):
        write_line({logs(1)[0]: 1}, {}, "https://" + "m" * 150)


def test_what_takes_two_places_in_a_text_message_counts_twice():
    assert count_septets("a[b]") == 6
    assert count_septets("{}|\\^~") == 12


@pytest.mark.parametrize("text", ["`", "ç", "\t", "€", "\0", "א"])
def test_what_no_text_message_has_is_refused(text):
    # Some of these a text message has, but nothing of ours does.
    with pytest.raises(ValueError, match="no text message has"):
        count_septets(text)


def test_no_pair_of_words_leaves_the_alphabet():
    for number in range(2_000):
        words = two_words(fresh(f"any {number}", 16))
        assert words.isascii()
        assert words.replace(" ", "").isalpha()
        assert words.islower()
        assert count_septets(words) == len(words) <= 16
