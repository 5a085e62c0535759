"""The public state as it is remembered."""

from microblog.client import staff, team
from microblog.client.following import refresh
from microblog.client.session import read_id
from microblog.client.snapshot import (
    decode_directory,
    decode_stream,
    encode_directory,
    encode_stream,
)
from microblog.protocol.encoding import encode
from microblog.protocol.stream import Stream
from tests.client.practice import id_of
from tests.client.test_staff import change


def test_a_stream_comes_back_as_it_was(team_of_two):
    _, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    stream = ann.feeds[read_id(log)].stream
    assert decode_stream(encode_stream(stream)) == stream
    assert decode_stream(encode_stream(Stream(bytes(16)))) == Stream(bytes(16))


def test_a_directory_comes_back_as_it_was(team_of_two):
    _practice, ann, bea, _ = team_of_two
    staff.set_profile(bea, "1", "2")
    staff.invite(ann, "Eve", "nurse", staff.add_agency(ann, "Police", "police"), "practitioner")
    refresh(ann)
    change(ann, id_of(bea), left=True)
    assert decode_directory(encode_directory(ann.directory)) == ann.directory


def test_another_format_is_as_good_as_none():
    assert decode_stream(b"") is None
    assert decode_stream(encode(["stream/0", bytes(16)])) is None
    assert decode_directory(encode(["stream/1"])) is None
