"""Every route has a rule of who hears what; `make check` runs this."""

from __future__ import annotations

from tests.api.rules import missing_rules


def test_every_route_has_a_rule_and_every_rule_a_route(empty_host):
    assert missing_rules(empty_host.app) == []


def test_a_planted_route_without_a_rule_is_named(empty_host):
    empty_host.app._got_first_request = False
    empty_host.app.add_url_rule("/api/planted", "planted", lambda: "", methods=["PUT"])
    fault = "PUT /api/planted: no rule for it in tests/api/rules.py"
    assert missing_rules(empty_host.app) == [fault]
