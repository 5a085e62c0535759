"""Round-ups at a server that stands in for a real one: it keeps a choice, and mails nothing."""

from __future__ import annotations

from dataclasses import replace

from microblog.client.shown_rounds import MailStates, RoundUpChoice
from tests.lying.notes import NoteConnection

NEVER = RoundUpChoice(
    every="off", at="08:00", weekday=0, nudges=False, quiet=(), mails=False, zone="Europe/London"
)


class RoundConnection(NoteConnection):
    """What any connection answers of round-ups."""

    choice = NEVER
    states = MailStates(looked=0, states=())

    def round_up(self) -> RoundUpChoice:
        return self.choice

    def put_round_up(self, choice: RoundUpChoice) -> None:
        self.choice = replace(choice, mails=self.choice.mails, zone=self.choice.zone)

    def round_ups(self) -> MailStates:
        return self.states
