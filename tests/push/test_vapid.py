"""The key of notices: a signature that push services take, and files that are no key."""

from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from microblog.push.vapid import FILE, BadKey, make_key, read_key
from tests.hosting import HOUR_MS
from tests.pushbox import CONTACT
from tests.vectors.practice import START


def pem(key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_a_key_is_read_back_and_signs_for_one_push_service_by_the_hour(tmp_path):
    public = make_key(tmp_path)
    vapid = read_key(tmp_path, CONTACT)
    assert vapid.public == public
    assert (len(public), public[0]) == (65, 4)
    hour = START // HOUR_MS * HOUR_MS
    said = [vapid.authorize("https://push.example", hour + it) for it in (0, 1, HOUR_MS - 1)]
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    found = [
        jwt.decode(
            it.removeprefix("vapid t=").partition(",")[0], point, ["ES256"],
            audience="https://push.example", options={"verify_exp": False},
        )
        for it in said
    ]  # fmt: skip
    assert found == [found[0]] * 3
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(
            said[0].removeprefix("vapid t=").partition(",")[0], point, ["ES256"],
            audience="https://elsewhere.example", options={"verify_exp": False},
        )  # fmt: skip


def test_where_there_is_none_there_is_none(tmp_path):
    assert read_key(tmp_path) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is damaged, or no key"),
        (b"no key", "is damaged, or no key"),
        (pem(ed25519.Ed25519PrivateKey.generate()), "is not a key of the right sort"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "is not a key of the right sort"),
        (
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "is damaged, or no key",
        ),
    ],
    ids=["empty", "words", "another sort", "another curve", "the public half"],
)
def test_a_file_that_is_no_key_is_refused_and_not_said(tmp_path, data, words):
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(BadKey) as caught:
        read_key(tmp_path)
    assert str(caught.value) == f"{FILE} {words}"


def test_a_key_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / FILE).mkdir()
    with pytest.raises(BadKey, match="cannot be read: Is a directory"):
        read_key(tmp_path)


def test_of_two_who_make_one_at_once_one_is_refused(tmp_path, monkeypatch):
    public = make_key(tmp_path)
    # As if the other had come between the look and the file.
    monkeypatch.setattr("pathlib.Path.exists", lambda _: False)
    with pytest.raises(FileExistsError):
        make_key(tmp_path)
    assert read_key(tmp_path).public == public
    assert [it.name for it in tmp_path.iterdir()] == [FILE]
