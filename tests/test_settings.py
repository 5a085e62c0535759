"""Settings: what the environment may say, and one clear line for anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from microblog.settings import WrongSettings, load_settings


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
