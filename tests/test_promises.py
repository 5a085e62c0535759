"""Every promise of the product, and the tests that hold it.

Each of these was seen to fail on a planted fault; beside some stands a test that plants it.

Two promises are that something is nowhere, or in one place only; they are looked at here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.browser import ROOT

PROMISES = {
    "1. the server never holds a name, a word, a kind, a scale or a key that opens them": (
        "journeys/test_canary.py::test_no_private_word_is_in_the_servers_files_or_in_answers_to_others",
        "journeys/test_canary.py::test_a_planted_leak_is_found_in_every_form",
    ),
    "2. nobody joins and no key is replaced unseen, and a server that lies is caught": (
        "lying/test_lies.py::test_the_command_lines_client_is_not_deceived",
        "lying/test_lies.py::test_the_real_worker_is_not_deceived",
        "lying/test_lies.py::test_without_a_check_a_lie_goes_through",
        "lying/test_lies.py::test_without_a_check_a_lie_goes_through_in_the_real_worker",
        "lying/test_mutating.py::test_no_byte_of_a_practice_can_be_another",
        "lying/test_mutating.py::test_an_accepted_mutant_would_be_seen",
    ),
    "3. a new follower reads everything, a removed one nothing after": (
        "journeys/test_whole_way.py::test_three_people_write_and_read_and_one_removed_reads_nothing_newer",
        "client/test_tending.py::test_a_stolen_device_opens_nothing_after_the_next_epoch",
        "client/test_tending.py::test_a_stolen_device_reads_on_where_no_epoch_comes",
        "client/test_tending.py::test_a_stolen_device_reads_on_where_a_stale_key_gets_a_box",
    ),
    "4. an acknowledged post is never lost, an unsent one never silently": (
        "ops/test_kill.py::test_nothing_acknowledged_is_lost_doubled_or_moved_by_a_kill",
        "ops/test_kill.py::test_an_entry_that_was_acknowledged_and_is_gone_is_noticed",
        "journeys/test_page.py::test_a_post_that_was_not_sent_keeps_its_words",
        "journeys/test_trust_way.py::test_a_post_for_which_nobody_vouches_waits_or_is_sent_on_purpose",
    ),
    "5. who can read is on screen before sending, and is whom it is sealed to": (
        "journeys/test_page.py::test_who_can_read_it_and_that_nobody_is_on_duty_stand_by_the_button",
        "journeys/test_page.py::test_who_is_new_on_the_team_is_named_before_anything_is_sent",
        "client/test_posting.py::test_someone_added_between_typing_and_sending_is_named_and_nothing_is_sent",
    ),
    "6. mail and notices say that something happened, never what": (
        "ops/test_mail_words.py::test_no_mail_of_any_practice_holds_a_private_word",
        "ops/test_mail_words.py::test_a_planted_leak_is_found",
        "mail/test_message.py::test_a_mail_has_these_headers_and_one_line",
        "test_promises.py::test_only_one_place_sends_mail",
        "test_promises.py::test_mail_from_elsewhere_would_be_noticed",
        "ops/test_push_words.py::test_no_push_of_any_practice_holds_a_private_word",
        "ops/test_push_words.py::test_a_planted_leak_is_found",
        "ops/test_push_words.py::test_what_comes_behind_a_request_is_heard",
        "ops/test_notices.py::test_every_notice_has_the_same_headers_and_no_body",
        "journeys/test_notices.py::test_whatever_is_pushed_the_same_words_are_shown",
        "test_promises.py::test_only_one_place_of_the_server_calls_anyone",
        "test_promises.py::test_a_call_from_elsewhere_would_be_noticed",
    ),
    "7. a post is corrected or withdrawn, never silently edited": (
        "journeys/test_whole_way.py::test_a_post_is_corrected_withdrawn_and_taken_off_the_wrong_child",
        "client/test_withdrawing.py::test_a_withdrawn_post_stays_known_and_says_by_whom_and_why",
        "client/test_withdrawing.py::test_erased_words_that_a_server_brings_back_are_ignored",
    ),
    "8. the program never ranks, scores or predicts": (
        "test_promises.py::test_nothing_that_is_shown_is_a_score",
        "test_promises.py::test_a_score_would_be_noticed",
    ),
}
#: What the clients compute to be shown, and the words beside it.
SHOWN = (
    *(f"client/{name}.py" for name in ("shown", "shown_picture", "shown_rounds", "picture",
                                       "account", "facts", "rhythm", "rounds")),
    *(f"web/src/client/{name}.ts" for name in ("shown", "shown-picture", "shown-rounds", "picture",
                                               "account", "facts", "rhythm", "rounds")),
)  # fmt: skip
#: Comments that deny it.
DENIED = re.compile(r"nothing here is a rank|nothing here says what will happen")
WORDS = ("cli/*.py", "client/columns.py", "client/lines.py", "web/src/views/**/*.ts*")
JUDGING = re.compile(r"score|rank|predict|forecast|likelihood|riskiest|risk_|[a-z]Risk", re.I)
#: In a text that people read; "what that risks is said" is a comment, and no judgement.
SAID = re.compile(r"(\"[^\"\n]*\"|>[^<>{}\n]+<)")
SAYS = re.compile(r"\b(risk score|high risk|low risk|likely to|predicted|ranked|scores?)\b", re.I)
MAILING = re.compile(r"\b(smtplib|aiosmtplib|sendmail|flask_mail|email\.message)\b")

#: What a server calls another with; the clients' end calls the server.
CALLING = re.compile(
    r"\b(http\.client|urllib\.request|urlopen|urllib3|requests|httpx|aiohttp|pywebpush"
    r"|create_connection)\b"
)
CLIENTS = {"client", "cli"}


def scores(package: Path) -> list[str]:
    """Return what in a package names, or says, a judgement of people."""
    found = []
    for name in SHOWN:
        text = DENIED.sub("", (package / name).read_text())
        found += [f"{name}: {word}" for word in JUDGING.findall(text)]
    for pattern in WORDS:
        for path in sorted(package.glob(pattern)):
            said = " ".join(SAID.findall(path.read_text()))
            found += [f"{path.name}: {word}" for word in SAYS.findall(said)]
    return found


def mails(package: Path) -> list[str]:
    """Return the files of a package that could send mail."""
    return [path.name for path in sorted(package.rglob("*.py")) if MAILING.search(path.read_text())]


def calls(package: Path) -> list[str]:
    """Return the files of the server's end of a package that could call anyone."""
    return [
        str(path.relative_to(package))
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0] not in CLIENTS
        for line in path.read_text().splitlines()
        if CALLING.search(line.partition("#")[0]) and "import " in line
    ]


def names_in(path: Path) -> set[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_its_tests(promise):
    for test in PROMISES[promise]:
        file, _, name = test.partition("::")
        assert name in names_in(ROOT / "tests" / file), test


def test_only_one_place_sends_mail():
    # It sends what service/line.py makes of counts, which has no words to put into it.
    assert mails(ROOT / "microblog") == ["courier.py"]


def test_mail_from_elsewhere_would_be_noticed(tmp_path):
    (tmp_path / "round.py").write_text("import smtplib\n")
    assert mails(tmp_path) == ["round.py"]


def test_only_one_place_of_the_server_calls_anyone():
    # It takes an address and the time, and nothing else to say. An operator's words ask the server
    # itself, by its own address.
    operators = ["ops/doctor/reach.py", "ops/rehearsing.py"]
    assert calls(ROOT / "microblog") == [*operators, "push/courier.py"]


@pytest.mark.parametrize("line", ["import requests", "from urllib.request import urlopen"])
def test_a_call_from_elsewhere_would_be_noticed(tmp_path, line):
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "push.py").write_text(f"{line}\n")
    assert calls(tmp_path) == ["service/push.py"]


def test_nothing_that_is_shown_is_a_score():
    assert scores(ROOT / "microblog") == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("client/shown.py", "risk_level: int"),
        ("web/src/client/shown.ts", "rank: number"),
        ("web/src/views/child.tsx", "<p>Score of this child</p>"),
        ("cli/children.py", 'say("likely to come to harm")'),
    ],
)
def test_a_score_would_be_noticed(tmp_path, file, text):
    for name in (*SHOWN, file):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / file).write_text(text)
    assert scores(tmp_path)
