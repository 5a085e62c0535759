"""What is in deploy/ for notices does what it says."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess

import pytest

from microblog.ops.main import commands
from microblog.push.vapid import FILE
from microblog.settings import OURS
from microblog.store.ledger import NOTICES
from tests.browser import ROOT

DEPLOY = ROOT / "deploy"
PROGRAM = "/opt/microblog/.venv/bin/microblogd"


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


def test_the_timer_starts_what_sends_and_ends():
    service = unit("microblog-notices.service")["Service"]
    program, *words = service["ExecStart"].split()
    assert program == PROGRAM
    command = commands.commands[words[0]]
    assert {option for it in command.params for option in it.opts} >= set(words[1:])
    timer = unit("microblog-notices.timer")
    assert timer["Timer"]["OnUnitInactiveSec"] == "1min"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_it_may_do_no_more_than_what_mails():
    def allowed(name):
        kept = dict(unit(f"microblog-{name}.service")["Service"])
        return {it: value for it, value in kept.items() if it != "ExecStart"}

    assert allowed("notices") == allowed("round-ups")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("name", ["notices", "round-ups"])
def test_systemd_understands_both_units(tmp_path, name):
    for sort in ("service", "timer"):
        text = (DEPLOY / f"microblog-{name}.{sort}").read_text()
        # Where it is set up there is such a program, and such a user.
        for there, here in ((PROGRAM, "/bin/true"), ("=microblog\n", "=root\n")):
            text = text.replace(there, here)
        (tmp_path / f"microblog-{name}.{sort}").write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / f"microblog-{name}.timer"),
               str(tmp_path / f"microblog-{name}.service")]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_guide_names_settings_commands_and_files_that_there_are():
    text = (DEPLOY / "PUSH.md").read_text()
    assert set(re.findall(r"MICROBLOG_[A-Z_]+", text)) <= set(OURS)
    assert set(re.findall(r"`?microblogd ([a-z-]+)", text)) <= set(commands.commands)
    assert set(re.findall(r"`([\w-]+\.(?:db|pem))", text)) == {NOTICES.file, FILE}
    for name in re.findall(r"deploy/[\w.-]+", text):
        assert (ROOT / name).is_file(), name
