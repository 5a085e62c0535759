"""The one line that is mailed: how much is new on how many streams, their two words, and a link.

It is as short as a text message, and holds only what the server is meant to know.
"""

from collections.abc import Mapping

from microblog.protocol.naming import two_words

MAX_SEPTETS = 160
PLACE = "/#/round-up"
# More streams than this never fit.
_MOST = 16

# What a text message holds in seven bits (GSM 03.38), and what takes an escape beside; of both the
# part that ASCII has, because nothing else is ever in a line.
_BASIC = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_EXTENDED = frozenset("[\\]^{|}~")


def count_septets(text: str) -> int:
    """Return how much of a text message a text fills.

    Raises:
        ValueError: it holds something that none can.
    """
    if set(text) - _BASIC - _EXTENDED:
        raise ValueError("a character that no text message has")
    return sum(2 if it in _EXTENDED else 1 for it in text)


def write_line(posts: Mapping[bytes, int], nudges: Mapping[bytes, int], origin: str) -> str:
    """Return the line for so many new posts, and nudges, by stream; of nothing new: of nudges.

    Streams that do not fit are counted. They stand by their words, so that none stands out.
    """
    new, told = sum(posts.values()), sum(nudges.values())
    if new:
        head, named = f"{new} new on {_count(len(posts), 'stream')}", posts
        tail = f", {_count(told, 'nudge')}" if told else ""
    else:
        head, named = f"{_count(told, 'nudge')} on {_count(len(nudges), 'stream')}", nudges
        tail = ""
    rows = sorted((two_words(log), count) for log, count in named.items())
    words = [f"{name} {count}" for name, count in rows]
    for kept in range(min(len(words), _MOST), -1, -1):
        left = len(words) - kept
        inside = ", ".join([*words[:kept], *([f"+{left}"] if left else [])])
        line = f"microblog: {head} ({inside}){tail}. {origin}{PLACE}"
        if count_septets(line) <= MAX_SEPTETS:
            return line
    raise ValueError("the server's address is too long for a line")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
