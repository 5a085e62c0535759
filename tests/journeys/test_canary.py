"""What is written in a browser is nowhere the server, or someone else, could read it."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest

from tests.canary import files, hits
from tests.journeys.people import LOOK_MS, LOOKED_AT, Visitor

CHILD, WORDS, WHY = "Quillabrax", "Vermoxtandil", "Ostrefulgin"
#: How a kind stands inside a body, and how the screen says it.
KINDS = ("kobservation", "Observation")
STAFF = "Invented Asha"


@pytest.fixture
def said(new_profile, server):
    """A server on which someone wrote, and all that it answered to someone who does not follow."""
    asha, dora = Visitor(new_profile()), Visitor(new_profile())
    asha.found(server.founding_link(), STAFF)
    answers: list[tuple[str, bytes]] = []
    dora.page.context.on("response", lambda response: answers.append(_content(response)))
    dora.join(*asha.invite("Invented Dora", "housing officer"))
    asha.begin(CHILD)
    asha.page.locator("textarea").fill(f"{WORDS} at the gate.")
    asha.page.get_by_label("Kind of post").select_option(label="Observation")
    asha.press("Post to")
    asha.sees("Posted to")
    asha.follow("Correct or withdraw")
    asha.follow("Withdraw it")
    asha.fill(Why=WHY)
    asha.press("Withdraw it")
    asha.sees(f"Why: {WHY}")
    dora.visit("Children")
    # All there is to be asked for: on looking again, and after opening anew.
    _look_again(dora)
    dora.page.reload()
    dora.unlock()
    _look_again(dora)
    return server, answers


def _look_again(visitor: Visitor) -> None:
    visitor.page.wait_for_timeout(LOOK_MS)
    with visitor.page.expect_response("**/api/**"):
        visitor.page.evaluate(LOOKED_AT)


def _content(response) -> tuple[str, bytes]:
    served = response.status == 200 and "/api/" in response.url
    return response.url, response.body() if served else b""


@pytest.mark.browser
def test_no_private_word_is_in_the_servers_files_or_in_answers_to_others(said) -> None:
    server, answers = said
    private = (CHILD, WORDS, WHY)
    assert any(content for _, content in answers)
    assert (server.data / "microblog.sqlite3-wal").stat().st_size > 0
    held = [*files(server.data), ("the log", server.log.read_bytes())]
    assert hits([*private, *KINDS], held) == []
    assert hits(private, answers) == []
    server.stop()
    assert hits([*private, *KINDS], files(server.data)) == []
    # The search does find what is there to be found: staff names are, and SECURITY.md says so.
    assert hits([STAFF], files(server.data)) != []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("shift", range(3))
@pytest.mark.parametrize("armour", [bytes, base64.b64encode, base64.urlsafe_b64encode])
def test_a_planted_leak_is_found_in_every_form(tmp_path, encoding, shift, armour) -> None:
    leak = armour(bytes(range(shift)) + f"x{WORDS}y".encode(encoding))
    with closing(sqlite3.connect(tmp_path / "microblog.sqlite3")) as database:
        database.execute("CREATE TABLE leak (value BLOB)")
        database.execute("INSERT INTO leak VALUES (?)", [leak])
        database.commit()
    assert hits([WORDS], files(tmp_path)) != []
