"""The browser's client in a real browser, in its real Worker, and its way through a scenario.

The page and its Worker come from the lying server. What the page would ask of the Worker is asked
here, in the same messages; the page itself stays at its door and asks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.primitives import signing_key
from microblog.protocol.vault import Keys, VaultKey, new_vault_key, reseal_vault
from tests.browser import watched
from tests.lying.scenario import DOORS, PASSPHRASE
from tests.lying.scripted import TURNS, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Page

    from tests.lying.fronting import Front
    from tests.lying.scenario import Scenario, Step

#: Keeps hold of the Worker that the page begins, and asks it things beside the page.
HOLD = """(() => {
  const Real = globalThis.Worker;
  const waiting = new Map();
  let calls = 2 ** 40;
  globalThis.Worker = class extends Real {
    constructor(...given) {
      super(...given);
      globalThis.held = this;
      this.addEventListener("message", ({ data }) => {
        waiting.get(data.id)?.(data);
        waiting.delete(data.id);
      });
    }
  };
  globalThis.askWorker = (name, ask) => new Promise((resolve) => {
    waiting.set(++calls, resolve);
    globalThis.held.postMessage({ id: calls, name, ask });
  });
})()"""
ASK = "([name, ask]) => askWorker(name, ask)"
OPEN = """([file, passphrase]) => askWorker("openKeyFile",
  { file: new Uint8Array(file), passphrase, keep: true })"""

_VAULT_KEYS: list[VaultKey] = []


class WorkerError(Exception):
    """What the Worker answered instead: a name, and a code."""


class Driver:
    """One browser, told one scenario after another."""

    def __init__(self, browser: Browser, front: Front) -> None:
        self.browser, self.front = browser, front
        self.page: Page | None = None

    def drive(self, scenario: Scenario) -> list[dict[str, Any]]:
        """Return what the client makes of each step."""
        server = ScriptedServer(scenario.steps[0].served)
        self.front.server, self.front.key = server, signing_key(scenario.who.seed)
        page = self.page or self._begin()
        results, inside = [], False
        for step in scenario.steps:
            server.serve(step.served)
            if step.do in DOORS:
                results.append({**_at_the_door(page, step, server), **_told(server)})
                continue
            if not inside:
                inside = True
                _open(page, vault_of(scenario, self.front.origin))
            results.append(_take(page, scenario, step, server))
        # The next is told to someone who has never been here.
        ask(page, "forget")
        return results

    def _begin(self) -> Page:
        self.close()
        context = self.browser.new_context(service_workers="block")
        context.add_init_script(HOLD)
        self.page = page = watched(context, context.new_page()).page
        page.goto(self.front.origin)
        _await_worker(page)
        return page

    def close(self) -> None:
        """Have the next scenario begin with a page, and a Worker, of its own."""
        if self.page is not None:
            self.page.context.close()
        self.page = None


def vault_of(scenario: Scenario, origin: str) -> bytes:
    """Return a key file of whom a scenario is about."""
    if not _VAULT_KEYS:
        _VAULT_KEYS.append(new_vault_key(PASSPHRASE, bytes(16)))
    who = scenario.who
    keys = Keys(
        scenario.fingerprint, origin, who.id, who.seed, who.box_secret, (who.reading_secret,)
    )
    return reseal_vault(keys, _VAULT_KEYS[0], bytes(24))


def _await_worker(page: Page) -> None:
    page.wait_for_function("() => globalThis.held !== undefined")


def _open(page: Page, vault: bytes) -> None:
    _answer(page.evaluate(OPEN, [list(vault), PASSPHRASE]))


def ask(page: Page, name: str, what: Any = None) -> Any:
    """Return what the Worker answers.

    Raises:
        WorkerError: it named what is wrong.
    """
    return _answer(page.evaluate(ASK, [name, what]))


def _answer(message: dict[str, Any]) -> Any:
    if "error" in message:
        raise WorkerError(message["error"]["name"], message["error"]["code"])
    return message.get("answer")


def _at_the_door(page: Page, step: Step, server: ScriptedServer) -> dict[str, Any]:
    try:
        if step.do == "open":
            _open(page, step.given["file"])
            # A lie would go on from here: whose keys these are is asked of them.
            return {"outcome": "", "person": decode_base64url(ask(page, "overview")["me"]["id"])}
        if step.do == "link":
            return {"outcome": _link(page, step, server)}
        read = "readSheet" if step.do == "sheet" else "readInvitation"
        offered = ask(page, read, step.given)
    except WorkerError as error:
        return {"outcome": error.args[0]}
    return {"outcome": "", "offered": [offered["practice"], offered["name"]]}


def _link(page: Page, step: Step, server: ScriptedServer) -> str:
    letters = ask(page, "beginLink", {"device": "phone"})["letters"]
    server.play_old(step.given["old"](), "".join(letters.split()))
    for _ in range(TURNS):
        state = ask(page, "linked")["state"]
    return str(state)


def _take(page: Page, scenario: Scenario, step: Step, server: ScriptedServer) -> dict[str, Any]:
    if step.do == "glance":
        return {"skipped": True}
    if step.do == "restart":
        page.reload()
        _await_worker(page)
        ask(page, "unlock", {"passphrase": PASSPHRASE})
    outcome = _do(page, scenario, step, server)
    return {**_look(page, scenario.log), **outcome, **_told(server)}


def _do(page: Page, scenario: Scenario, step: Step, server: ScriptedServer) -> dict[str, Any]:
    try:
        ask(page, "refresh")
        if step.served.note:
            ask(page, "keepPlace")
        if step.do == "let in":
            return {"outcome": _let_in(page, step, server)}
        if step.do != "post":
            return {"outcome": ""}
        return _post(page, scenario, step)
    except WorkerError as error:
        return {"outcome": _refusal(error.args)}


def _post(page: Page, scenario: Scenario, step: Step) -> dict[str, Any]:
    """Put it into the outbox and have it leave; what is kept there was not posted, and says why."""
    asked = {
        "log": encode_base64url(scenario.log),
        "draft": draft_of(step.text),
        "shown": list(map(encode_base64url, step.shown)),
        "allTheSame": bool(step.given.get("all_the_same")),
    }
    name = ask(page, "queue", asked)
    ask(page, "sendNow", {"id": name})
    ask(page, "flush")
    kept = next((row for row in ask(page, "overview")["outgoing"] if row["id"] == name), None)
    if kept is None:
        return {"outcome": ""}
    ask(page, "throwAway", {"id": name})
    if kept["error"]:
        return {"outcome": _refusal((kept["error"], kept["code"]))}
    if kept["unvouched"]:
        return {"outcome": "unvouched"}
    newcomers = [decode_base64url(person["id"]) for person in kept["newcomers"]]
    return {"outcome": "newcomers", "newcomers": newcomers}


def _refusal(named: Sequence[str]) -> str:
    return "InTrouble" if "in-trouble" in named else "refused"


def _let_in(page: Page, step: Step, server: ScriptedServer) -> str:
    new = step.given["new"]()
    server.play_new(new)
    try:
        ask(page, "letIn", {"letters": new.letters, "until": 0})
    except WorkerError as error:
        return str(error.args[0])
    return ""


def _told(server: ScriptedServer) -> dict[str, Any]:
    return {"sent": server.sent, "boxes_put": server.boxes_put}


def draft_of(text: str) -> dict[str, Any]:
    """Return a plain hunch as the page gives it to the Worker."""
    empty = ("sure", "scale", "side", "happened", "source", "outcome", "reason", "review", "how")
    plain: dict[str, Any] = dict.fromkeys(empty, "")
    return {**plain, "text": text, "kind": "hunch", "refers": [], "nudge": False}


def _look(page: Page, log: bytes) -> dict[str, Any]:
    name = encode_base64url(log)
    known = any(child["log"] == name for child in ask(page, "overview")["children"])
    # What is looked at is checked first: afterwards nothing of it is left to be.
    every = {"log": name, "before": "", "count": 1000}
    rows = ask(page, "posts", every)["posts"] if known else []
    shown = ask(page, "overview")
    seen: dict[str, Any] = {
        "directory": _error_of(shown),
        "witness": shown["witness"]["state"],
        "requests": [
            [decode_base64url(row["log"]), decode_base64url(row["person"]["id"]), row["reason"]]
            for row in shown["requests"]
        ],
        "posts": [[row["seq"], row["state"], row["text"]] for row in reversed(rows)],
        "rows": [[row["seq"], row["rows"]] for row in reversed(rows) if row["rows"]],
        "unread": [row["seq"] for row in reversed(rows) if row["unread"]],
        "doubtful": [row["seq"] for row in reversed(rows) if row["doubtful"]],
    }
    child = next((child for child in shown["children"] if child["log"] == name), None)
    if child is None:
        return {**seen, "posts": []}
    return {
        **seen,
        "trouble": _error_of(child),
        "members": sorted(decode_base64url(row["person"]["id"]) for row in child["members"]),
        "waiting": child["waiting"],
        "removed": child["removed"] is not None,
        "may_still_read": [
            [decode_base64url(row["person"]["id"]), int(row["alarm"])]
            for row in child["mayStillRead"]
        ],
        "changing": [decode_base64url(person["id"]) for person in child["changing"]],
    }


def _error_of(shown: dict[str, Any]) -> str:
    return str((shown["trouble"] or {"error": ""})["error"])
