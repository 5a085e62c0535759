"""Vectors of the two words of a stream."""

from tests.vectors.case import Case, VectorFile
from tests.vectors.practice import fresh

ENOUGH = 6000  # streams, among which each of the 256 first and 256 second words occurs


def files() -> list[VectorFile]:
    """Return the file of this subject."""
    logs = {"zero": bytes(16), "all ones": b"\xff" * 16}
    logs |= {f"log {number}": fresh(f"naming {number}", 16) for number in range(12)}
    cases = [Case(name, "naming.two_words", [log]) for name, log in logs.items()]
    cases.append(Case("every word of both lists", "naming.all_words", [ENOUGH]))
    return [VectorFile("naming.json", "The two words that a round-up calls a stream by.", cases)]
