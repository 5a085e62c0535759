"""A mail as a real mail server received it, and the screen that its link opens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from tests.forking import Forked
from tests.journeys.people import Visitor
from tests.postbox import FROM, new_postbox, postbox
from tests.serving import Server

__all__ = ["new_postbox", "postbox"]

pytestmark = pytest.mark.browser

TEXT = "Her sleeves were down again."


@dataclass
class MailingServer(Server):
    """A server that mails to a port of this machine."""

    mail_port: int = field(default=0)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands."""
        mail = f"smtp://127.0.0.1:{self.mail_port}"
        return {**super().environment, "MICROBLOG_MAIL": mail, "MICROBLOG_MAIL_FROM": FROM}


@pytest.fixture
def server(moment, tmp_path, postbox):
    """Return a running server that mails."""
    server = MailingServer(
        tmp_path / "data", tmp_path / "server.log", begin=Forked, mail_port=postbox.port
    )
    if moment is not None:
        moment.lay(server)
    server.start()
    yield server
    server.kill()


def send_round_ups(server) -> str:
    done = server.command("round-ups")
    assert done.returncode == 0, done.stderr
    return done.stdout


def have_nudges_mailed(visitor: Visitor, address: str) -> None:
    visitor.visit("Me")
    visitor.fill(Work_email=address)
    visitor.press("Save my details")
    visitor.follow("When it comes")
    visitor.page.get_by_label("Mail me at once when someone nudges").check()
    visitor.press("Save")
    visitor.sees("Changed.")


def nudge(visitor: Visitor, text: str) -> None:
    """Post on the child's page, and tell supervisors now."""
    visitor.page.locator("textarea").fill(text)
    visitor.page.get_by_label("Tell supervisors now").check()
    visitor.send()
    visitor.sees("Posted to")


def test_a_nudge_is_mailed_without_content_and_its_link_opens_the_round_up(
    server, postbox, asha: Visitor, ben: Visitor
):
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    have_nudges_mailed(asha, "asha@health.example")
    send_round_ups(server)
    assert postbox.letters == []

    ben.visit("Children")
    ben.sees_news("Sample A")
    ben.open_child("Sample A")
    nudge(ben, TEXT)
    assert "1 sent" in send_round_ups(server)
    [letter] = postbox.letters
    assert letter.recipients == ("asha@health.example",)
    assert letter.line.endswith("/#/round-up")
    assert len(letter.line) <= 160
    for private in (TEXT, "Sample", "Invented", "hunch", "Health", "teacher"):
        assert private.encode() not in letter.data

    # The two words of the mail are those on the screen that it opens, and on the child's page.
    [words] = re.findall(r"\(([a-z]+ [a-z]+) 1\)", letter.line)
    asha.page.goto(letter.line.split()[-1])
    asha.page.reload()
    asha.unlock()
    day = asha.page.locator("section.round", has_text="Sample A")
    day.get_by_text(TEXT).wait_for()
    expect(day.locator("h2")).to_contain_text(words)
    expect(day).to_contain_text("Nudge")
    asha.open_child("Sample A")
    expect(asha.page.locator(".facts")).to_contain_text(f"called “{words}” in mails")
    asha.visit("People")
    asha.sees("Every newest one was taken by the mail server.")
    send_round_ups(server)
    assert len(postbox.letters) == 1
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []


def test_a_mail_that_is_refused_is_shown_to_the_steward(server, postbox, asha, ben):
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    have_nudges_mailed(ben, "ben@school.example")
    send_round_ups(server)
    asha.open_child("Sample A")
    nudge(asha, TEXT)
    postbox.conduct = lambda step: "550 no such person" if step == "RCPT" else None
    send_round_ups(server)
    assert postbox.letters == []
    asha.visit("People")
    row = asha.page.locator("section", has_text="Round-ups by mail").locator("li")
    row.get_by_text("the mail server answered 550").wait_for()
    expect(row).to_contain_text("Invented Ben")
