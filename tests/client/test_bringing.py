"""Bringing in: each row once, to nobody unseen, and gone on with wherever it ended."""

import pytest

from microblog.client import team, writing
from microblog.client.bringing import Sheet, bring_in, plan_import
from microblog.client.following import refresh
from microblog.client.posting import Terms, move_to_right_child, withdraw
from microblog.client.reading import all_posts, brought_in, posts
from microblog.client.sending import send
from microblog.client.session import read_id
from microblog.client.transport import Refused, Unreachable
from microblog.protocol.errors import Malformed, NotAllowed
from microblog.protocol.post import QUIET, Post
from tests.client.practice import begin, child_of, id_of, say

SOURCE = "Sample School"
TITLES = ["Date", "Worker", "Text"]


def notes(count, text="Note"):
    return [
        TITLES,
        *([f"{at % 28 + 1}/03/2025", "B. Tarn", f"{text} {at}."] for at in range(count)),
    ]


def sheet(table, columns=None):
    return Sheet(table, columns, SOURCE)


def terms(session, log):
    members = child_of(session, log).members
    return Terms(frozenset(read_id(member.person.id) for member in members), False)


def bring(session, log, table, **rest):
    return bring_in(session, log, sheet(table), terms(session, log), **rest)


def lines(session, log):
    return [(post.rows, post.text) for post in posts(session, log, "", 1000).posts]


def add_quiet(session, log, words):
    """Bring in by hand what no honest client writes."""

    def write(batch):
        fresh = batch.fresh()
        batch.add(writing.post(session.writer, batch.place, fresh, batch.secret, words, QUIET))

    send(session, read_id(log), write)


def test_rows_come_in_once_whoever_brings_them(team_of_two):
    _, ann, bea, log = team_of_two
    assert (bring(ann, log, notes(3)).rows, bring(ann, log, notes(4)).rows) == (3, 1)
    refresh(bea)
    plan = plan_import(bea, log, sheet(notes(5)))
    assert (plan.rows, plan.good, plan.known) == (5, 1, 4)
    brought = bring(bea, log, notes(5))
    assert (brought.rows, brought.known, brought.left) == (1, 4, 0)
    assert len(all_posts(bea, [log]).posts) == 5


def test_what_is_brought_in_says_whose_it_is_and_when_it_was(team_of_two):
    _, ann, _, log = team_of_two
    table = [["Date", "Worker", "Job", "Team", "Kind", "Text"],
             ["31/05/2019", "B. Tarn", "nurse", "Northam", "Visit", "Thin."],
             ["", "", "", "", "Letter", "Undated."]]  # fmt: skip
    bring(ann, log, table)
    first, second = all_posts(ann, [log]).posts
    assert (first.happened, first.original, first.kind) == (
        "2019-05-31", "B. Tarn · nurse · Northam", "visit",
    )  # fmt: skip
    assert (second.happened, second.source, second.kind) == ("", SOURCE, "records")
    assert second.text == "Undated.\nKind: Letter"
    assert (first.quiet, first.unread, first.rows) == (True, False, 0)


def test_someone_new_on_the_team_stops_it_before_they_can_read(team_of_two):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    seen = terms(bea, log)
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    brought = bring_in(bea, log, sheet(notes(3)), seen)
    assert (brought.rows, brought.left) == (0, 3)
    assert [one.name for one in brought.newcomers] == ["Cas"]
    assert all_posts(bea, [log]).posts == ()
    assert bring(bea, log, notes(3)).rows == 3


def test_nothing_comes_in_while_nobody_vouches_unless_the_person_says_so(watched):
    practice, ann, _, log, _ = watched
    practice.clock.pass_seconds(2 * 24 * 60 * 60)
    refused = bring(ann, log, notes(2))
    assert (refused.rows, refused.left, refused.unvouched > 0) == (0, 2, True)
    known = terms(ann, log)
    assert bring_in(ann, log, sheet(notes(2)), Terms(known.seen, True)).rows == 2


def test_it_stops_when_asked_and_goes_on_where_it_was(team_of_two):
    _, ann, _, log = team_of_two
    asked = iter([False, True])
    brought = bring(ann, log, notes(150), is_stopping=lambda: next(asked))
    assert (brought.rows, brought.left) == (64, 86)
    assert (bring(ann, log, notes(150)).rows, len(all_posts(ann, [log]).posts)) == (86, 150)


@pytest.mark.parametrize("error", [Unreachable("cut off"), Refused("too-many", "")])
def test_cut_off_half_way_it_says_what_is_left_and_at_the_start_why(
    team_of_two, monkeypatch, error
):
    _, ann, _, log = team_of_two
    send_on, sent = ann.transport.append, []

    def append(of, entries):
        sent.append(len(entries))
        if len(sent) > 1:
            raise error
        return send_on(of, entries)

    monkeypatch.setattr(ann.transport, "append", append)
    brought = bring(ann, log, notes(100))
    assert (brought.rows, brought.left) == (64, 36)
    with pytest.raises(type(error)):
        bring(ann, log, notes(100))
    monkeypatch.undo()
    assert bring(ann, log, notes(100)).rows == 36


def test_an_answer_that_was_lost_doubles_nothing(team_of_two, monkeypatch):
    _, ann, _, log = team_of_two
    send_on = ann.transport.append

    def append(of, entries):
        send_on(of, entries)
        raise Unreachable("no answer")

    monkeypatch.setattr(ann.transport, "append", append)
    with pytest.raises(Unreachable):
        bring(ann, log, notes(3))
    monkeypatch.undo()
    refresh(ann)
    brought = bring(ann, log, notes(3))
    assert (brought.rows, brought.known) == (0, 3)
    assert len(all_posts(ann, [log]).posts) == 3


def test_a_row_in_parts_is_never_cut_over_requests_and_reads_as_one(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    sizes, send_on = [], ann.transport.append

    def append(of, entries):
        sizes.append(len(entries))
        return send_on(of, entries)

    monkeypatch.setattr(ann.transport, "append", append)
    long = "A sentence of some length, and then another one. " * 200
    brought = bring(ann, log, [TITLES, *notes(60)[1:], ["", "", long], *notes(9, "More")[1:]])
    assert brought.rows == 70
    assert sizes == [60, 49]
    refresh(bea)
    whole = next(post for post in all_posts(bea, [log]).posts if post.parts)
    assert (whole.text, whole.part, whole.parts) == (long, 0, 40)
    assert len(all_posts(bea, [log]).posts) == 70


def test_a_row_of_more_parts_than_a_request_takes_comes_in_and_once(team_of_two):
    _, ann, _, log = team_of_two
    long = "word " * 6_000
    table = [TITLES, ["", "", long], *notes(2)[1:]]
    asked = iter([False, True])
    brought = bring(ann, log, table, is_stopping=lambda: next(asked))
    assert (brought.rows, brought.left) == (0, 3)
    (half,) = all_posts(ann, [log]).posts
    assert "[parts 65 to 108 of 108 are missing]" in half.text
    assert bring(ann, log, table).rows == 3
    assert all_posts(ann, [log]).posts[0].text == long
    assert (bring(ann, log, table).rows, bring(ann, log, table).known) == (0, 3)


def test_what_was_withdrawn_can_be_brought_in_anew(team_of_two):
    _, ann, _, log = team_of_two
    bring(ann, log, notes(2))
    withdraw(ann, log, all_posts(ann, [log]).posts[0].seq, False, "another child's")
    plan = plan_import(ann, log, sheet(notes(2)))
    assert (plan.good, plan.known) == (1, 1)


@pytest.mark.parametrize("erase", [True, False])
def test_taking_back_a_row_takes_back_all_its_parts(team_of_two, erase):
    _, ann, bea, log = team_of_two
    bring(ann, log, [TITLES, ["", "", "word " * 200], *notes(1)[1:]])
    whole = all_posts(ann, [log]).posts[0]
    withdraw(ann, log, whole.seq, erase, "another child's")
    refresh(bea)
    states = [post.state for post in all_posts(bea, [log]).posts]
    assert states == (["erased"] * 4 if erase else ["withdrawn"]) + ["shown"]
    with pytest.raises(NotAllowed, match="the post is withdrawn already"):
        withdraw(ann, log, whole.seq, erase, "once more")


def test_a_row_in_parts_is_not_moved_by_halves(team_of_two):
    _, ann, _, log = team_of_two
    other = begin(ann, "Someone else")
    bring(ann, log, [TITLES, ["", "", "word " * 200]])
    place = (log, all_posts(ann, [log]).posts[0].seq)
    with pytest.raises(NotAllowed, match="a row in several parts is brought in anew"):
        move_to_right_child(ann, place, other, [id_of(ann)], "the wrong child")


def test_rows_that_answer_others_answer_what_those_became(team_of_two):
    _, ann, _, log = team_of_two
    titles = ["Number", "Text", "Answers", "How"]
    bring(ann, log, [titles, ["1", "No.", "2", "I see it differently"], ["2", "Yes.", "", ""]])
    bring(ann, log, [titles, ["2", "Yes.", "", ""], ["3", "", "2", "I see this too"]])
    found = all_posts(ann, [log]).posts
    yes = next(post for post in found if post.text == "Yes.")
    answers = {post.how: post.refers for post in found if post.how}
    assert answers == {"different": (yes.id,), "same": (yes.id,)}


def test_rows_are_one_line_until_something_stands_between_them(team_of_two):
    _, ann, bea, log = team_of_two
    bring(ann, log, notes(3))
    say(ann, log, "Between.")
    bring(ann, log, [*notes(2, "Long")[:2], ["", "", "word " * 200]])
    refresh(bea)
    bring(bea, log, notes(1, "Hers"))
    assert lines(bea, log) == [(1, ""), (2, ""), (0, "Between."), (3, "")]
    assert child_of(bea, log).unread == 1
    (line, *_, first) = posts(bea, log, "", 10).posts
    assert (line.source, line.author.name) == (SOURCE, "Bea")
    assert [post.text for post in brought_in(bea, log, first.seq)] == [
        "Note 0.", "Note 1.", "Note 2.",
    ]  # fmt: skip
    assert brought_in(bea, log, first.seq) == brought_in(bea, log, first.seq - 1)
    assert brought_in(bea, log, 0) == ()


def test_pages_count_lines_and_go_on_though_more_rows_came_to_a_line(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "First.")
    bring(ann, log, notes(5))
    page = posts(ann, log, "", 1)
    assert ([post.rows for post in page.posts], page.next != "") == ([5], True)
    bring(ann, log, notes(8))
    after = posts(ann, log, page.next, 5)
    assert [post.text for post in after.posts] == ["First."]


def test_bringing_rows_in_is_no_news(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "News.")
    before = child_of(ann, log).last_post
    practice.clock.pass_seconds(60)
    bring(ann, log, notes(3))
    refresh(bea)
    assert (child_of(bea, log).unread, child_of(bea, log).last_post) == (1, before)


def test_a_warning_that_bears_the_mark_of_a_row_is_a_post_like_any_other(team_of_two):
    _, ann, bea, log = team_of_two
    add_quiet(ann, log, Post(text="Hidden by an insider.", kind="hunch"))
    refresh(bea)
    assert lines(bea, log) == [(0, "Hidden by an insider.")]
    assert child_of(bea, log).unread == 1


def test_a_part_that_is_missing_is_said_to_be(team_of_two):
    _, ann, bea, log = team_of_two
    for part, text in ((2, "two "), (2, "twice "), (4, "four")):
        words = Post(text=text, kind="records", part=part, parts=5, row=b"r" * 32)
        add_quiet(ann, log, words)
    refresh(bea)
    (whole,) = all_posts(bea, [log]).posts
    assert whole.text == (
        "[part 1 of 5 is missing]\ntwo \n[part 3 of 5 is missing]\nfour\n[part 5 of 5 is missing]"
    )


def test_nothing_is_sent_of_a_table_that_says_nothing(team_of_two):
    _, ann, _, log = team_of_two
    head = len(ann.feeds[read_id(log)].entries)
    plan = plan_import(ann, log, sheet([["Date"], ["1/2/2025"]]))
    assert (plan.needs, plan.good, plan.rows) == (("text",), 0, 1)
    assert bring(ann, log, [["Date"], ["1/2/2025"]]).rows == 0
    assert bring(ann, log, []).rows == 0
    assert len(ann.feeds[read_id(log)].entries) == head


def test_a_source_too_long_for_a_post_goes_on_in_the_next(team_of_two):
    _, ann, _, log = team_of_two
    source = "the third drawer of the cabinet in the hall, " * 4
    bring_in(ann, log, Sheet(notes(1), None, source), terms(ann, log))
    (whole,) = all_posts(ann, [log]).posts
    assert (whole.source, whole.parts, whole.text) == (source, 2, "Note 0.")


def test_a_post_that_cannot_be_said_is_refused_before_anything_is_sent(team_of_two):
    _, ann, _, log = team_of_two
    with pytest.raises(Malformed):
        add_quiet(ann, log, Post(text="x" * 281, kind="records", row=b"r" * 32))
