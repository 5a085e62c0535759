"""Reading child by child, with an end; and how far one has come, on any of one's devices."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from microblog.store.engine import DATABASE
from tests.browser import LAPTOP
from tests.journeys.people import Visitor
from tests.journeys.touching import arrive, fit, press, tab_to

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


def test_by_keyboard_to_the_end_and_back(new_stage):
    stage = new_stage()
    page = stage.page
    stage.go("#/catch-up", "Sample A")
    page.get_by_text("1 of 1 · 1 unread, oldest first").wait_for()
    tab_to(page, "Keep unread")
    page.keyboard.press("Space")
    expect(page.locator("[aria-pressed=true]")).to_have_text(re.compile("^Stays unread"))
    stage.look_over("a post that stays unread")
    tab_to(page, "Read. Finish")
    page.keyboard.press("Enter")
    arrive(page, "Catch up")
    page.get_by_text("That is all for now. 1 post is unread.").wait_for()
    press(stage, "Read what is unread")
    arrive(page, "Sample A")
    press(stage, "Read. Finish")
    page.get_by_text("You have read everything.").wait_for()
    stage.look_over("the end of all")
    press(stage, "Mark unread")
    page.get_by_text("1 post, 1 unread").wait_for()
    # All since the last visit, read or not.
    page.get_by_label("All since you were last here").check()
    page.get_by_text("3 since you were last here").wait_for()
    expect(page.locator(".post")).to_have_count(3)
    press(stage, "Leave unread")
    page.get_by_text(
        "That is all since you were last here. 1 post from before is unread"
    ).wait_for()
    stage.go("#/children", "Children I follow")
    page.get_by_text("Mark as read, or unread").click()
    press(stage, "Mark all read")
    page.get_by_role("button", name="Undo").wait_for()
    stage.look_over("marked read")
    press(stage, "Undo")
    page.get_by_text("1 unread: read child by child").wait_for()
    # One post alone, on its own page.
    stage.go("#/child/AAAA/post/14", "Post about")
    page.get_by_text("You have read this post.").wait_for()
    press(stage, "Mark unread")
    page.get_by_text("You have not read this post.").wait_for()
    stage.look_over("a post marked unread")
    press(stage, "Mark read")
    page.get_by_text("You have read this post.").wait_for()
    fit(stage)


def test_what_was_read_here_is_read_on_another_machine_and_nobody_between_can_tell(
    server, asha, ben, new_profile, tmp_path: Path
):
    # Not on the stream, where what stands in view for a while has been read.
    asha.visit("Children")
    for child, texts in (("Sample A", ("Thin.", "Quieter.")), ("Sample B", ("Late again.",))):
        ben.begin(child)
        ben.add("Invented Asha, health visitor")
        for text in texts:
            ben.open_child(child)
            ben.post(text)
    asha.sees_news("3 unread: read child by child")
    asha.follow("3 unread: read child by child")
    arrive(asha.page, "Sample A")
    asha.reads(["Thin.", "Quieter."])
    asha.sees("That is all for Sample A.")
    asha.press("Read. Next child")
    arrive(asha.page, "Sample B")
    asha.press("Leave unread")
    asha.sees("That is all for now. 1 post is unread.")
    file = tmp_path / "keys"
    asha.save_key_file(file)
    asha.press("Lock")
    asha.page.get_by_role("heading", name="Unlock").wait_for()
    other = Visitor(new_profile(viewport=LAPTOP))
    other.open_key_file(server.origin, file, asha.passphrase, "Only I use it")
    other.visit("Children")
    other.sees_news("1 unread: read child by child")
    other.follow("1 unread: read child by child")
    arrive(other.page, "Sample B")
    database = sqlite3.connect(server.data / DATABASE)
    notes = database.execute("SELECT note FROM own_note").fetchall()
    logs = [log for (log,) in database.execute("SELECT DISTINCT log FROM entry")]
    database.close()
    assert notes
    for (note,) in notes:
        assert len(note) % 1024 < 100
        assert not any(log in note for log in logs)
    for visitor in (asha, ben, other):
        assert visitor.profile.complaints == []
