"""The units and the container of deploy/: what they run there is, and they are shut in."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess

import pytest

from microblog.ops.main import commands
from microblog.ops.serving import GRACEFUL_SECONDS
from microblog.settings import OURS, load_settings
from tests.browser import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = sorted(it.name for it in DEPLOY.glob("*.service"))
PROGRAM = "/opt/microblog/.venv/bin/microblogd"
#: What every one of them must say, whatever it does.
SHUT_IN = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "User": "microblog",
}
ANALYZE = shutil.which("systemd-analyze")


def service(name: str) -> dict[str, str]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return dict(parser["Service"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_runs_a_command_that_there_is_and_is_shut_in(name):
    said = service(name)
    program, word, *_ = said["ExecStart"].split()
    assert program == PROGRAM
    assert word in commands.commands
    assert {key: said.get(key) for key in SHUT_IN} == SHUT_IN
    assert said["SystemCallFilter"]


def test_the_server_may_end_what_it_was_asked_and_calls_nobody():
    said = service("microblog.service")
    assert int(said["TimeoutStopSec"]) > GRACEFUL_SECONDS
    assert said["IPAddressDeny"] == "any"
    assert said["IPAddressAllow"] == "localhost"


@pytest.mark.parametrize("name", sorted(it.name for it in DEPLOY.glob("*.timer")))
def test_a_timer_has_a_service(name):
    assert name.replace(".timer", ".service") in SERVICES


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze here")
def test_systemd_understands_them_all(tmp_path):
    for it in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        (tmp_path / it.name).write_text(it.read_text().replace(PROGRAM, "/bin/true"))
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_container_is_not_root_and_runs_a_command_that_there_is():
    text = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.M) == ["990:990"]
    assert re.findall(r"^VOLUME (.+)$", text, re.M) == ["/var/lib/microblog"]
    (word,) = re.findall(r'^CMD \["(\w+)"\]$', text, re.M)
    assert word in commands.commands
    given = dict(re.findall(r"(MICROBLOG_\w+)=(\S+)", text))
    assert load_settings(given).machine.socket is not None
    for option in ("--read-only", "--cap-drop=all", "no-new-privileges", "--network=none"):
        assert option in text


@pytest.mark.parametrize("name", ["RUNBOOK.md", "BACKUP.md", "METRICS.md"])
def test_a_guide_names_commands_and_settings_that_there_are(name):
    text = (DEPLOY / name).read_text()
    assert set(re.findall(r"MICROBLOG_[A-Z_]+", text)) <= set(OURS)
    called = set(re.findall(r"(?:^|[`;] ?|    )microblogd ([a-z-]+)", text, re.M))
    assert called or name == "METRICS.md"
    assert called <= set(commands.commands)


def test_the_runbook_names_files_that_there_are():
    text = (DEPLOY / "RUNBOOK.md").read_text()
    named = set(re.findall(r"\]\(([A-Z]+\.md)\)", text)) | set(
        re.findall(r"deploy/(\w[\w.-]+)", text)
    )
    assert {it for it in named if not (DEPLOY / it).exists()} == set()
