"""The strict codec against a kept library."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.protocol.encoding import MAX_UINT, Value, decode, encode
from microblog.protocol.errors import Malformed

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(
    lambda text: not text.startswith("\ufeff")
)
VALUES = st.recursive(
    st.integers(0, MAX_UINT) | st.binary() | TEXT,
    lambda inner: st.lists(inner, max_size=30),
    max_leaves=40,
).filter(lambda value: _depth(value) <= 6)


def _depth(value: Value) -> int:
    if not isinstance(value, list):
        return 0
    return 1 + max(map(_depth, value), default=0)


@given(VALUES)
def test_every_value_is_encoded_as_the_kept_library_does(value: Value) -> None:
    assert encode(value) == cbor2.dumps(value, canonical=True)
    assert decode(encode(value)) == value


@given(st.binary(max_size=64))
def test_what_is_decoded_is_what_encodes_to_the_same_bytes(data: bytes) -> None:
    try:
        value = decode(data)
    except Malformed:
        return
    assert encode(value) == data
    assert cbor2.loads(data) == value


@given(VALUES, st.data())
def test_a_mutant_is_refused_or_is_the_one_encoding_of_its_value(
    value: Value, data: st.DataObject
) -> None:
    mutant = bytearray(encode(value))
    mutant[data.draw(st.integers(0, len(mutant) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        decoded = decode(bytes(mutant))
    except Malformed:
        return
    assert encode(decoded) == mutant


@pytest.mark.parametrize("depth", [2_000, 100_000])
def test_deep_nesting_is_refused_before_it_is_followed(depth: int) -> None:
    with pytest.raises(Malformed, match="nested too deep"):
        decode(b"\x81" * depth + b"\x00")
