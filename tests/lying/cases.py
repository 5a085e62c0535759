"""The list of lies that the clients of both languages are told."""

from tests.lying import body_lies, entry_lies, log_lies, team_lies
from tests.lying.scenario import Scenario


def scenarios() -> list[Scenario]:
    """Return every lie, each with a step in which the server is still, or again, honest."""
    found = [*team_lies.lies(), *entry_lies.lies(), *body_lies.lies(), *log_lies.lies()]
    names = [scenario.name for scenario in found]
    assert len(names) == len(set(names))
    return found
