"""What a server says of round-ups is read strictly: tests/webclient/replies.test.ts, likewise."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from microblog.client.replies import read_choice, read_mail_states
from microblog.protocol.errors import Malformed

LIST = json.loads(Path(__file__).with_name("replies.json").read_text())
STATE = LIST["states"]["states"][0]


def test_what_is_as_it_should_be_is_read():
    assert json.loads(json.dumps(asdict(read_choice(LIST["choice"])))) == LIST["choice"]
    assert json.loads(json.dumps(asdict(read_mail_states(LIST["states"])))) == LIST["states"]


@pytest.mark.parametrize("part", LIST["bad_choices"], ids=json.dumps)
def test_a_choice_that_is_none_is_refused(part):
    with pytest.raises(Malformed):
        read_choice({**LIST["choice"], **part})


@pytest.mark.parametrize("part", LIST["bad_states"], ids=json.dumps)
def test_a_mails_state_that_is_none_is_refused(part):
    with pytest.raises(Malformed):
        read_mail_states({"looked": 0, "states": [{**STATE, **part}]})
    with pytest.raises(Malformed):
        read_mail_states({"looked": 0, "states": ["sent"]})
