"""The passphrase that locks a vault: how long it must be, and one to offer."""

from collections.abc import Callable

from microblog.protocol.errors import Malformed
from microblog.protocol.vault import MIN_PASSPHRASE

CONSONANTS = "bdfghklmnprstvwz"
VOWELS = "aeiu"
WORDS = 6


def check_passphrase(passphrase: str) -> None:
    """Check that a passphrase is long enough.

    Raises:
        Malformed: it is not.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise Malformed(f"a passphrase has at least {MIN_PASSPHRASE} characters")


def suggest_passphrase(random: Callable[[int], bytes]) -> str:
    """Return six made-up words of four letters, such as "bafi-lemu-…": 72 bits.

    Each word is twice a consonant (4 bits) and a vowel (2 bits): easy to say, read and type.
    """
    bits = int.from_bytes(random(WORDS * 12 // 8), "big")
    words = []
    for _ in range(WORDS):
        word = ""
        for letters in (CONSONANTS, VOWELS, CONSONANTS, VOWELS):
            bits, at = divmod(bits, len(letters))
            word += letters[at]
        words.append(word)
    return "-".join(words)
