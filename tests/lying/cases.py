"""The list of lies that the clients of both languages are told."""

from tests.lying import (
    ask_lies,
    body_lies,
    device_lies,
    door_lies,
    entry_lies,
    insider_lies,
    join_lies,
    key_lies,
    late_lies,
    link_lies,
    log_lies,
    note_lies,
    row_lies,
    shred_lies,
    stolen_lies,
    team_lies,
    witness_lies,
)
from tests.lying.scenario import Scenario


def scenarios() -> list[Scenario]:
    """Return every lie, each with a step in which the server is still, or again, honest."""
    sorts = (team_lies, entry_lies, body_lies, log_lies, ask_lies, late_lies,
             key_lies, join_lies, device_lies, door_lies, link_lies, stolen_lies, shred_lies,
             witness_lies, row_lies, note_lies, insider_lies)  # fmt: skip
    found = [scenario for sort in sorts for scenario in sort.lies()]
    names = [scenario.name for scenario in found]
    assert len(names) == len(set(names))
    return found
