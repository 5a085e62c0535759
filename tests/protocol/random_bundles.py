"""Random calls about what is taken out of a stream: a good bundle, with something else in it."""

from collections.abc import Sequence
from functools import cache
from random import Random

from tests.protocol.random_logs import Asked, Walk
from tests.protocol.random_values import as_array, changed, changed_bytes, encodable
from tests.vectors.bundle_cases import TOLD, Taken, record_bundle
from tests.vectors.recorded import ANN, BEA


@cache
def taken() -> Taken:
    """Return a good bundle of a small stream."""
    return record_bundle()


@cache
def written() -> bytes:
    """Return its bytes."""
    return taken().write()


def bundles(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    """Return a call with a bundle of which bytes, entries or fields are others."""
    kind = random.randrange(4)
    if kind == 0:
        told = ["msb/1/export", *TOLD.values()]
        return Asked("export.read_export", [as_array(encodable(lambda: changed(random, told)))])
    if kind == 1:
        return Asked("bundle.verify", [changed_bytes(random, written())])
    logs = [taken().directory, taken().entries]
    return Asked("bundle.verify_edited", [
        random.choice([BEA.seed, BEA.seed, BEA.seed, ANN.seed]),
        _fields(random), *logs, [_edit(random, logs) for _ in range(random.randrange(3))],
    ])  # fmt: skip


def _fields(random: Random) -> dict[str, object]:
    fields = dict(taken().fields)
    if random.random() < 0.5:
        name = random.choice(["time", "secrets", "heads"])
        value = fields[name]
        if name == "time":
            fields[name] = random.choice([0, 2**53 - 1])
        else:
            assert isinstance(value, list)
            fields[name] = random.choice([value[:1], value[1:], value[::-1], [], value * 2])
    return fields


def _edit(random: Random, logs: Sequence[Sequence[bytes]]) -> list[object]:
    which = random.randrange(2)
    at = random.randrange(len(logs[which]))
    entry = logs[which][at]
    other = random.choice(random.choice(logs))
    return [which, at, random.choice([changed_bytes(random, entry), other, b"", entry])]
