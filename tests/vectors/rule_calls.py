"""What the vectors may call of the smaller rules: numbers, doubt, what a bundle lacks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from microblog.protocol import bundle, device, link, naming, recovery, shred, witness
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import decode_entry
from microblog.protocol.errors import BadLetters
from microblog.protocol.log import Head
from microblog.protocol.primitives import derive, encrypt, hash_labelled

_MODULES = {
    "bundle": bundle,
    "link": link,
    "recovery": recovery,
    "shred": shred,
    "witness": witness,
}


def _number(module: str, name: str) -> Any:
    return getattr(_MODULES[module], name)


def _all_words(count: int) -> list[Any]:
    """Return every first and every second word of so many streams, and a hash of all in order."""
    logs = (number.to_bytes(16, "big") for number in range(count))
    pairs = [naming.two_words(log).split() for log in logs]
    said = " ".join(word for pair in pairs for word in pair).encode()
    words = [sorted({pair[at] for pair in pairs}) for at in (0, 1)]
    return [*words, hash_labelled("msb/1/words", said)]


def _group_of_mistake(typed: str) -> int:
    try:
        recovery.read_sheet(typed)
    except BadLetters as error:
        return -1 if error.group is None else error.group
    return -2


def _is_doubtful(raw: Sequence[bytes], key: bytes, time: int) -> int:
    directory, _ = Directory().extend(map(decode_entry, raw))
    return int(device.is_doubtful(directory.devices[key], time))


def _pins_kept(letters: str, nonce: bytes, count: int) -> int:
    """Return how many of so many pins a message holds."""
    pin = bytes(16), Head(0, bytes(32))
    pins = link.Pins(bytes(32), bytes(16), bytes(32), (pin,) * count)
    code = link.derive_link(letters)
    return len(link.open_pins(code, link.seal_pins(code, nonce, pins)).heads)


def _open_long_offer(letters: str, nonce: bytes, count: int) -> str:
    """Return the name in an offer of so many items."""
    code = link.derive_link(letters)
    items: list[Value] = ["msb/1/offer", bytes(32), bytes(32), "x", *[0] * (count - 4)]
    key = derive(code.key, "msb/1/link-key", link.OFFER)
    sealed = encrypt(key, nonce, encode(items), code.tag + bytes([link.OFFER]))
    return link.open_offer(code, nonce + sealed).name


RULE_CALLS: Mapping[str, Callable[..., Any]] = {
    "number": _number,
    "naming.all_words": _all_words,
    "naming.two_words": naming.two_words,
    "device.is_doubtful": _is_doubtful,
    "link.open_long_offer": _open_long_offer,
    "link.pins_kept": _pins_kept,
    "recovery.group_of_mistake": _group_of_mistake,
    "bundle.strip_directory": bundle.strip_directory,
    "bundle.strip_entry": lambda raw, secrets: bundle.strip_entry(raw, dict(secrets)),
}
