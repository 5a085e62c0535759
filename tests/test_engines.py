"""Where no other engine is, `make second-engine` says in one line what to install."""

from __future__ import annotations

from tests.engines import __main__ as engines


def test_without_another_engine_it_says_what_to_install_and_walks_nowhere(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engines.main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "microblog: error: no second engine is here: "
        "apt-get install webkit2gtk-driver xvfb, or apt-get install firefox-esr\n"
    )


def test_which_engines_are_here_goes_by_the_programs_that_are(monkeypatch, tmp_path):
    (tmp_path / "firefox-esr").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engines.here() == ["firefox"]
