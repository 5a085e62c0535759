"""Who works in the practice, and whom its streams are about: `practice.toml`, read."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microblog.client.shown import PhoneNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A member of staff; `supervisor` and `deputies` are keys of others.

    `round_up` is what they chose of when theirs comes by mail; the rest is as it is for anybody.
    """

    key: str
    name: str
    job: str
    agency: str
    role: str
    phone: str
    supervisor: str = ""
    deputies: Sequence[str] = ()
    round_up: Mapping[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """An address at a domain that nobody can have."""
        return f"{self.name.lower().replace(' ', '.')}@osierbeck.example"

    @property
    def key_file(self) -> str:
        """What their key file is called."""
        return f"{self.name.lower().replace(' ', '-')}.keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A child or household; `months` is an age when the year begins, `due` a week of it."""

    key: str
    name: str
    sort: str = "child"
    known_as: Sequence[str] = ()
    months: int = 0
    due: int = 0
    school: str = ""
    household: str = ""
    relatives: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """All of them, in the order written; the first worker founds the practice."""

    practice: str
    numbers: tuple[PhoneNumber, ...]
    agencies: dict[str, str]
    workers: dict[str, Worker]
    subjects: dict[str, Subject]


def read_cast(path: Path) -> Cast:
    """Return the practice that the file describes."""
    with path.open("rb") as file:
        said = tomllib.load(file)
    workers = [Worker(**row) for row in said["person"]]
    subjects = [Subject(**row) for row in said["stream"]]
    return Cast(
        said["name"],
        tuple(PhoneNumber(agency_id="", **row) for row in said["number"]),
        {row["name"]: row["sort"] for row in said["agency"]},
        {worker.key: worker for worker in workers},
        {subject.key: subject for subject in subjects},
    )
