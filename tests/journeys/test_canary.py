"""What is written in a browser is nowhere the server, or someone else, could read it."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest

from tests.canary import files, hits
from tests.journeys.people import ASKS_MS, LOOKED_AT, Visitor
from tests.journeys.test_rounds_mail import (
    have_nudges_mailed,
    new_postbox,
    nudge,
    postbox,
    send_round_ups,
    server,
)

__all__ = ["new_postbox", "postbox", "server"]

CHILD, WORDS, WHY = "Quillabrax", "Vermoxtandil", "Ostrefulgin"
#: How a kind stands inside a body, and how the screen says it.
KINDS = ("kobservation", "Observation")
STAFF = "Invented Asha"
#: What stands in a spreadsheet, beside it, and in what is said of it.
TITLE, CELL, WRITER, SOURCE, TAKEN = (
    "Grimbolden",
    "Zandrivolm",
    "Pelluvane",
    "Korthamyl",
    "Wexobrine",
)
NOTES = f"Date,Worker,{TITLE},Notes\n01/02/2025,{WRITER},{TITLE},{CELL} at the door\n"


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
    asha.page.get_by_role("radio", name="Observation").check()
    asha.send()
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
    visitor.page.wait_for_timeout(ASKS_MS)
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


@pytest.mark.browser
def test_no_private_word_of_spreadsheets_and_round_ups_is_in_the_servers_files_or_in_mail(
    server, postbox, asha: Visitor, ben: Visitor
) -> None:
    asha.begin(CHILD)
    asha.add("Invented Ben, class teacher")
    have_nudges_mailed(asha, "asha@health.example")
    send_round_ups(server)
    ben.visit("Children")
    ben.sees_news(CHILD)
    ben.open_child(CHILD)
    child = ben.page.url
    nudge(ben, WORDS)
    _bring_in(ben, child)
    _take_out(ben, child)
    assert "1 sent" in send_round_ups(server)

    private = (CHILD, WORDS, TITLE, CELL, WRITER, SOURCE, TAKEN, *KINDS, "krecords")
    [letter] = postbox.letters
    assert hits([*private, "Invented", "teacher"], [("the mail", letter.data)]) == []
    names = {path.name for path in server.data.iterdir()}
    assert "round-ups.db" in names
    held = [*files(server.data), ("the log", server.log.read_bytes())]
    assert hits(private, held) == []
    server.stop()
    assert hits(private, files(server.data)) == []
    # They were there to be found: the one who brought them in reads them.
    ben.page.goto(child)
    ben.page.locator("a[href*='/brought/']").first.click()
    ben.sees(CELL)


def _bring_in(visitor: Visitor, child: str) -> None:
    page = visitor.page
    page.goto(f"{child}/bring-in")
    sheet = {"name": f"{SOURCE}.csv", "mimeType": "text/csv", "buffer": NOTES.encode()}
    page.locator("#file").set_input_files(sheet)
    page.get_by_label("Where these rows are from").fill(SOURCE)
    page.get_by_role("button", name="Bring in 1 row").click()
    visitor.sees("1 row came in.")


def _take_out(visitor: Visitor, child: str) -> None:
    page = visitor.page
    page.goto(f"{child}/take-out")
    page.get_by_label("A spreadsheet").check()
    page.get_by_label("Why").fill(TAKEN)
    visitor.press("Show what goes out")
    page.get_by_role("heading", name="Blacked out").wait_for()
    with page.expect_download() as saving:
        visitor.press("save the spreadsheet")
    assert CHILD not in saving.value.suggested_filename


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
