"""Settings: what the environment may say, and one clear line for anything else."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

import pytest

from microblog.settings import (
    OURS,
    PUSH_HOSTS,
    Database,
    Mail,
    Push,
    WrongSettings,
    load_settings,
)
from tests.browser import ROOT


def test_an_empty_environment_gives_the_defaults():
    settings = load_settings({})
    assert (settings.port, settings.public_url) == (8000, "http://127.0.0.1:8000")
    assert settings.data == Path("instance").absolute()
    assert not settings.is_https


def test_the_environment_is_followed():
    settings = load_settings(
        {"MICROBLOG_DATA": "/srv/m", "PORT": "9", "PUBLIC_URL": "https://m.example", "HOME": "/x"}
    )
    assert (settings.data, settings.port, settings.host) == (Path("/srv/m"), 9, "m.example")
    assert settings.is_https


@pytest.mark.parametrize("name", ["MICROBLOG_HOME", "MICROBLOG_PASSPHRASE_FILE"])
def test_what_the_command_line_is_told_is_none_of_our_business(name):
    load_settings({name: "x"})


def test_an_unknown_setting_is_refused():
    with pytest.raises(
        WrongSettings, match="MICROBLOG_DAAT is not a setting: known is MICROBLOG_D"
    ):
        load_settings({"MICROBLOG_DAAT": "/srv"})


@pytest.mark.parametrize("value", ["", "0", "65536", "-1", "8000.0", "80 ", "x", "1e3", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(value):
    with pytest.raises(WrongSettings, match="PORT is not a number from 1 to 65535"):
        load_settings({"PORT": value})


@pytest.mark.parametrize("value", ["", "a\0b"])
def test_data_nowhere_is_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_DATA is empty"):
        load_settings({"MICROBLOG_DATA": value})


@pytest.mark.parametrize(
    "value",
    ["", "m.example", "ftp://m.example", "https://", "https://m.example/x", "https://m.example?x",
     "https://M.example", "https://m.example:443", "https://u@m.example", "https://m example",
     "https://m.example:x", "https://m.example:99999", "https://m.example#x", "https://[::1",
     "https://m.exämple"],
)  # fmt: skip
def test_an_origin_that_no_browser_would_write_is_refused(value):
    with pytest.raises(WrongSettings, match="PUBLIC_URL is not an origin"):
        load_settings({"PUBLIC_URL": value})


def test_http_is_for_this_machine_only():
    with pytest.raises(WrongSettings, match="PUBLIC_URL is not https, and not this machine"):
        load_settings({"PUBLIC_URL": "http://m.example"})
    for near in ("http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"):
        assert load_settings({"PUBLIC_URL": near + "/"}).public_url == near


# Mail.

MAIL = {
    "MICROBLOG_MAIL": "smtp://mail.example.org:587",
    "MICROBLOG_MAIL_FROM": "round-up@example.org",
}


def test_without_a_mail_server_nothing_is_mailed():
    settings = load_settings({})
    assert settings.mail is None
    assert settings.zone == "Europe/London"


def test_the_settings_of_mail_are_followed(tmp_path):
    authorities = tmp_path / "ca.pem"
    authorities.touch()
    settings = load_settings(
        {
            **MAIL,
            "MICROBLOG_MAIL": "smtps://mail.example.org:465/",
            "MICROBLOG_MAIL_USER": "us",
            "MICROBLOG_MAIL_PASSWORD_FILE": "/etc/secret",
            "MICROBLOG_MAIL_CA": str(authorities),
            "MICROBLOG_ZONE": "Europe/Belfast",
        }
    )
    assert settings.mail == Mail(
        "mail.example.org", 465, True, "round-up@example.org", "us", Path("/etc/secret"),
        authorities,
    )  # fmt: skip
    assert not settings.mail.is_near
    assert settings.zone == "Europe/Belfast"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_mail_server_on_this_machine_is_near(host):
    mail = load_settings({**MAIL, "MICROBLOG_MAIL": f"smtp://{host}:25"}).mail
    assert mail.is_near


@pytest.mark.parametrize(
    "value",
    ["", "mail.example.org:25", "smtp://mail.example.org", "smtp://:25", "http://mail.example:25",
     "smtp://us@mail.example:25", "smtp://mail.example:0", "smtp://mail.example:99999",
     "smtp://mail.example:25/x", "smtp://MAIL.example:25", "smtp://mail example:25",
     "smtp://[::1:25", "smtp://mail.example:25?x", "smtp://mail.example:25\n",
     "smtp://localhost.elsewhere\n:25", "smtp://m\u00e4il.example:25"],
)  # fmt: skip
def test_a_mail_server_that_is_none_is_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_MAIL is not a mail server such as smtp://"):
        load_settings({**MAIL, "MICROBLOG_MAIL": value})


@pytest.mark.parametrize("value", ["", "round-up", "a@b\nBcc: x@y", "Us <us@example.org>", "a@b@c"])
def test_a_sender_that_is_no_address_is_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_MAIL_FROM is not an address"):
        load_settings({**MAIL, "MICROBLOG_MAIL_FROM": value})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"MICROBLOG_MAIL_USER": "us"}, "MICROBLOG_MAIL_USER and MICROBLOG_MAIL_PASSWORD_FILE"),
        ({"MICROBLOG_MAIL_PASSWORD_FILE": "/x"}, "MICROBLOG_MAIL_USER and MICROBLOG_MAIL_PASS"),
        (
            {"MICROBLOG_MAIL_USER": "", "MICROBLOG_MAIL_PASSWORD_FILE": "/x"},
            "MICROBLOG_MAIL_USER and MICROBLOG_MAIL_PASSWORD_FILE go together",
        ),
        (
            {"MICROBLOG_MAIL_USER": "u\ns", "MICROBLOG_MAIL_PASSWORD_FILE": "/x"},
            "MICROBLOG_MAIL_USER is not plain text",
        ),
        ({"MICROBLOG_MAIL_CA": "/nowhere/ca.pem"}, "MICROBLOG_MAIL_CA names no file"),
        ({"MICROBLOG_MAIL_CA": ""}, "MICROBLOG_MAIL_CA names no file"),
        ({"MICROBLOG_MAIL_SERVER": "x"}, "MICROBLOG_MAIL_SERVER is not a setting"),
        (
            {"PUBLIC_URL": "https://" + "m" * 60 + ".example.org"},
            "PUBLIC_URL is longer than the 64 characters that a mail has",
        ),
    ],
)
def test_settings_of_mail_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(WrongSettings, match=words):
        load_settings({**MAIL, **changes})


@pytest.mark.parametrize("name", [*MAIL, "MICROBLOG_MAIL_USER", "MICROBLOG_MAIL_CA"][1:])
def test_a_setting_of_mail_without_a_mail_server_is_refused(name):
    with pytest.raises(WrongSettings, match=f"{name} is set, and MICROBLOG_MAIL, the mail server"):
        load_settings({name: "x"})


@pytest.mark.parametrize("value", ["", "London", "/etc/passwd", "../etc", "Europe/London\n", "\0"])
def test_a_clock_of_nowhere_is_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_ZONE is not a time zone"):
        load_settings({"MICROBLOG_ZONE": value})


def test_time_zones_are_there_even_where_the_machine_has_none():
    assert load_settings({"MICROBLOG_ZONE": "Europe/London"}).zone == "Europe/London"
    assert importlib.resources.files("tzdata.zoneinfo").joinpath("Europe/London").is_file()


# Web push.

PUSH = {"MICROBLOG_PUSH": "mailto:it@example.org"}


def test_without_a_contact_nothing_is_pushed():
    assert load_settings({}).push is None
    assert load_settings(PUSH).push == Push("mailto:it@example.org", PUSH_HOSTS)


def test_the_settings_of_web_push_are_followed(tmp_path):
    authorities = tmp_path / "ca.pem"
    authorities.touch()
    settings = load_settings(
        {
            "MICROBLOG_PUSH": "https://example.org/it",
            "MICROBLOG_PUSH_HOSTS": "push.example.org:8443,*.push.example,push.example.org",
            "MICROBLOG_PUSH_CA": str(authorities),
        }
    )
    hosts = ("push.example.org:8443", "*.push.example", "push.example.org")
    assert settings.push == Push("https://example.org/it", hosts, authorities)


@pytest.mark.parametrize(
    "value",
    ["", "it@example.org", "mailto:", "mailto:it", "mailto:it@example.org\nX: y", "http://m.example",
     "https://", "https://m.example/a b", "https://M.example", "mailto:Us <us@example.org>"],
)  # fmt: skip
def test_a_contact_that_is_none_is_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_PUSH is not a contact such as mailto:it@"):
        load_settings({"MICROBLOG_PUSH": value})


@pytest.mark.parametrize(
    "value",
    ["", "*", "*.org", "fcm.googleapis.com,", "a.example b.example", "https://a.example",
     "a.example/x", "A.example", "a.example:0", "a.example:99999", "*.a.example:443", "localhost",
     "[::1]", "a.example\n", "a..example", "*.*.example", "a.*.example"],
)  # fmt: skip
def test_push_services_that_are_none_are_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_PUSH_HOSTS is not a list such as fcm"):
        load_settings({**PUSH, "MICROBLOG_PUSH_HOSTS": value})


@pytest.mark.parametrize("value", ["", "/nowhere/ca.pem"])
def test_authorities_of_push_services_that_are_none_are_refused(value):
    with pytest.raises(WrongSettings, match="MICROBLOG_PUSH_CA names no file"):
        load_settings({**PUSH, "MICROBLOG_PUSH_CA": value})


@pytest.mark.parametrize("name", ["MICROBLOG_PUSH_HOSTS", "MICROBLOG_PUSH_CA"])
def test_a_setting_of_web_push_without_a_contact_is_refused(name):
    with pytest.raises(WrongSettings, match=f"{name} is set, and MICROBLOG_PUSH, whom to write"):
        load_settings({name: "x"})


def test_the_settings_that_are_shown_are_all_there_are():
    shown = (ROOT / "config/microblog.env").read_text()
    assert set(re.findall(r"^#?(MICROBLOG_\w+)=", shown, re.M)) == set(OURS)


# What a server has on its own machine.


def test_a_socket_a_port_for_counts_and_a_backup_key_are_followed(tmp_path):
    key = tmp_path / "backup.pub"
    key.touch()
    machine = load_settings(
        {
            "MICROBLOG_SOCKET": "/run/microblog/microblog.sock",
            "MICROBLOG_METRICS_PORT": "9145",
            "MICROBLOG_BACKUP_KEY": str(key),
            "MICROBLOG_LIVE": "/run/microblog-live/live.sock",
        }
    ).machine
    assert machine.socket == Path("/run/microblog/microblog.sock")
    assert machine.live == Path("/run/microblog-live/live.sock")
    assert load_settings({"MICROBLOG_LIVE": "8001"}).machine.live == 8001
    assert load_settings({}).machine.live is None
    assert (machine.metrics_port, machine.backup_key) == (9145, key)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MICROBLOG_SOCKET", "", "not a whole path"),
        ("MICROBLOG_LIVE", "", "neither a port nor a whole path"),
        ("MICROBLOG_LIVE", "live.sock", "neither a port nor a whole path"),
        ("MICROBLOG_LIVE", "/" + 107 * "x", "neither a port nor a whole path"),
        ("MICROBLOG_LIVE", "0", "not a number from 1 to 65535"),
        ("MICROBLOG_LIVE", "8000", "where something else listens already"),
        ("MICROBLOG_SOCKET", "microblog.sock", "not a whole path"),
        ("MICROBLOG_SOCKET", "/" + 107 * "x", "not a whole path"),
        ("MICROBLOG_METRICS_PORT", "x", "MICROBLOG_METRICS_PORT is not a number from 1 to 65535"),
        ("MICROBLOG_METRICS_PORT", "8000", "MICROBLOG_METRICS_PORT is PORT"),
        ("MICROBLOG_BACKUP_KEY", "/no/such/key", "MICROBLOG_BACKUP_KEY names no file"),
    ],
)
def test_a_place_on_the_machine_that_cannot_be_is_refused(name, value, words):
    with pytest.raises(WrongSettings, match=words):
        load_settings({name: value})


# PostgreSQL.

ADDRESS = "postgresql://db.example.org/microblog"


def test_without_an_address_it_is_sqlite():
    assert load_settings({}).database is None


def test_an_address_is_postgresqls():
    assert load_settings({"MICROBLOG_DATABASE": ADDRESS}).database == Database(ADDRESS)
    given = {"MICROBLOG_DATABASE": ADDRESS, "MICROBLOG_STANDBY": "yes", "MICROBLOG_WORKERS": "4"}
    assert load_settings(given).database == Database(ADDRESS, standby=True, workers=4)
    given = {"MICROBLOG_DATABASE": ADDRESS, "MICROBLOG_STANDBY": "no", "WEB_CONCURRENCY": "3"}
    assert load_settings(given).database == Database(ADDRESS, standby=False, workers=3)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MICROBLOG_DATABASE", "", "is not an address such as postgresql://"),
        ("MICROBLOG_DATABASE", "mysql://canary@h/m", "is not an address such as"),
        ("MICROBLOG_DATABASE", "postgresql://", "is not an address such as"),
        ("MICROBLOG_DATABASE", "postgresql://h/a canary", "is not an address such as"),
        ("MICROBLOG_STANDBY", "1", "is neither yes nor no"),
        ("MICROBLOG_WORKERS", "0", "is not a number from 1 to 99"),
        ("MICROBLOG_WORKERS", "x", "is not a number from 1 to 99"),
    ],
)
def test_a_database_that_is_none_is_refused_and_not_shown(name, value, words):
    with pytest.raises(WrongSettings, match=f"{name} {words}") as caught:
        load_settings({"MICROBLOG_DATABASE": ADDRESS, name: value})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", ["MICROBLOG_STANDBY", "MICROBLOG_WORKERS"])
def test_what_is_of_postgresql_makes_no_sense_without_it(name):
    with pytest.raises(WrongSettings, match=f"{name} is set, and MICROBLOG_DATABASE"):
        load_settings({name: "2"})


def test_a_password_is_not_shown():
    settings = load_settings({"MICROBLOG_DATABASE": "postgresql://u:canary@h/m"})
    assert "canary" not in f"{settings} {settings!r}"
