"""What is in deploy/ for round-ups does what it says."""

from __future__ import annotations

import configparser
import re
import subprocess

from microblog.ops.main import commands
from microblog.service.line import MAX_SEPTETS, count_septets
from microblog.settings import OURS
from tests.browser import ROOT

DEPLOY = ROOT / "deploy"
PROGRAM = "/opt/microblog/.venv/bin/microblogd"


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


def test_the_timer_starts_what_mails_and_ends():
    service = unit("microblog-round-ups.service")["Service"]
    program, *words = service["ExecStart"].split()
    assert program == PROGRAM
    command = commands.commands[words[0]]
    assert {option for it in command.params for option in it.opts} >= set(words[1:])
    assert service["Type"] == "oneshot"
    assert service["User"] != "root"
    timer = unit("microblog-round-ups.timer")
    assert timer["Timer"]["OnUnitInactiveSec"] == "1min"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_line_for_cron_reads_the_settings_and_runs_the_same(tmp_path):
    table = (DEPLOY / "round-ups.cron").read_text()
    (line,) = re.findall(r"^\* \* \* \* \* microblog (.*)$", table, re.M)
    settings, program = tmp_path / "microblog.env", tmp_path / "microblogd"
    settings.write_text("# mail\nMICROBLOG_MAIL=smtp://mail.example.org:587\n")
    program.write_text('#!/bin/sh\necho "$* $MICROBLOG_MAIL $(umask)"\n')
    program.chmod(0o700)
    line = line.replace("/etc/microblog/microblog.env", str(settings)).replace(
        PROGRAM, str(program)
    )
    said = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True)
    assert said.stdout == "round-ups --once smtp://mail.example.org:587 0077\n"
    assert said.stderr == ""


def test_the_guide_names_settings_that_there_are_and_a_line_that_fits():
    text = (DEPLOY / "MAIL.md").read_text()
    assert set(re.findall(r"MICROBLOG_[A-Z_]+", text)) <= set(OURS)
    (line,) = re.findall(r"^    (microblog: .*)$", text, re.M)
    assert count_septets(line) <= MAX_SEPTETS
