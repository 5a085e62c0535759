"""Requests that nobody wrote, made from the description: none is answered with a fault.

What fits the description and what does not, by each kind of session; and, since every answer of an
application in its process is looked at, none is answered otherwise than described.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import Malformed
from microblog.service import restoring
from tests.api.answers import description_of
from tests.api.rules import RULES
from tests.api.test_entry_input import changed, leaves
from tests.api.world import OBJECTS, World
from tests.conftest import Trials

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.asking import Caller

#: How many are made in one go, so that what they are made from is not kept for ever.
AT_ONCE = 500
KINDS = ("nobody", "invited", "founding", "witness", "keeper")
CBOR = "application/cbor"


@st.composite
def mutants(draw: Callable[..., Any]) -> bytes:
    """Return what a good request held, with a part replaced, or a bit, or an end; or anything."""
    if not GOOD or draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200) | VALUES.map(encode))
    data = draw(st.sampled_from(GOOD))
    how = draw(st.integers(0, 3))
    if how == 0:
        at = draw(st.integers(0, len(data) - 1))
        return data[:at] + draw(st.binary(max_size=3)) + data[at + draw(st.integers(0, 3)) :]
    parts = decode_array(data)
    at, _ = draw(st.sampled_from(leaves(parts)))
    value = draw(VALUES)
    try:
        return encode([*parts, value] if how == 1 else changed(parts, at, value))
    except Malformed:
        return encode(value)  # It would be nested too deep for anything of ours to encode it.


#: The bodies of good requests, to be changed.
GOOD: list[bytes] = []
VALUES = st.recursive(
    st.integers(0, 2**53 - 1) | st.binary(max_size=70) | st.text("abcé-", max_size=9),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)
openapi.media_type(CBOR, mutants())


def send(caller: Caller, case: Any, log: str | None) -> int:
    """Send a generated request and return its status; its log may be one that there is."""
    if log is not None and "log" in (case.path_parameters or {}):
        case.path_parameters["log"] = log
    made = case.as_transport_kwargs(base_url=caller.way.origin)
    ready = requests.Request(**made).prepare()
    path = ready.url.removeprefix(caller.way.origin)
    return caller.way.send(ready.method, path, ready.body, dict(ready.headers)).status


def all_cases(app: Any, without: str = "") -> st.SearchStrategy[Any]:
    """Return a strategy for requests to all routes, of both sorts."""
    found = []
    for result in openapi.from_dict(description_of(app)).get_all_operations():
        operation = result.ok()
        if f"{operation.method.upper()} {operation.path}" == without:
            continue
        found.append(operation.as_strategy(GenerationMode.POSITIVE))
        if operation.body or operation.path_parameters or operation.query:
            found.append(operation.as_strategy(GenerationMode.NEGATIVE))
    return st.one_of(found)


@pytest.mark.trial(small=60, great=25_000)
@pytest.mark.parametrize("kind", KINDS)
def test_no_generated_request_is_answered_with_a_fault(
    world: World, trials: Trials, kind: str
) -> None:
    GOOD[:] = [
        body
        for route in sorted(RULES)
        for what in OBJECTS
        if isinstance(body := RULES[route].ask(world, "keeper", what)[1], bytes)
    ]
    logs = [encode_base64url(it) for it in (
        DIRECTORY, *(world.stream("keeper", what).log for what in OBJECTS[:4]))]  # fmt: skip
    cases = all_cases(world.host.app, "DELETE /api/sessions" if kind == "founding" else "")
    statuses: list[int] = []

    def run(case: Any, log: str | None, after_a_restore: bool) -> None:
        world.host.set_restoring(on=bool(after_a_restore))
        caller = world.callers[kind]
        if case.operation.path == "/api/sessions":
            caller = world.host.caller()
        statuses.append(send(caller, case, log))
        assert statuses[-1] < 500, case.as_curl_command()

    for number in range(-(-trials.count // AT_ONCE)):
        most = min(AT_ONCE, trials.count - number * AT_ONCE)
        repeated = settings(
            max_examples=most,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        strange = given(cases, st.none() | st.sampled_from(logs), st.booleans())(run)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            repeated(seed(trials.random(number).getrandbits(32))(strange))()
    restoring.end(world.host.marks)
    assert len(statuses) >= trials.count * 0.9
    assert {200, 400} <= set(statuses)
