"""Beginning the streams of many children and households at once, out of a list."""

from collections.abc import Callable, Sequence

from microblog.client.failures import KNOWN, name_failure
from microblog.client.listing import List, Listed, key_of, read_list
from microblog.client.messages import Handed, NewChild
from microblog.client.session import Session
from microblog.client.shown_rows import ChildrenPlan, Column, KnownChild, ListedChild, Table
from microblog.client.team import begin_child
from microblog.client.transport import Unreachable
from microblog.client.when import today
from microblog.protocol.base64url import encode_base64url


def plan_children(
    session: Session, table: Table, columns: Sequence[Column] | None = None
) -> ChildrenPlan:
    """Return what would become of a list, as its columns are named or guessed; nothing is sent."""
    read = read_list(table, columns, today(session.world.clock()))
    known = _followed(session)
    good = [one for one in read.good if _key(one) not in known]
    return ChildrenPlan(
        columns=read.columns,
        rows=len(read.good) + len(read.bad),
        good=tuple(map(_show, good)),
        known=tuple(
            KnownChild(row=one.row, name=one.name) for one in read.good if _key(one) in known
        ),
        bad=read.bad,
        needs=read.needs,
    )


def _show(one: Listed) -> ListedChild:
    return ListedChild(
        row=one.row, name=one.name, birth=one.birth[1], sort=one.sort, household=one.household
    )


def begin_children(
    session: Session,
    table: Table,
    columns: Sequence[Column],
    rows: Sequence[int],
    is_stopping: Callable[[], bool] = lambda: False,
) -> tuple[Handed, ...]:
    """Begin the streams of some rows of a list, with me as their keeper.

    Households come first, and those that children live in. Who is followed already is not begun
    again. It stops when `is_stopping` says so, or when the server is not reached: asked again, it
    goes on.
    """
    wanted = _in_order(read_list(table, columns, today(session.world.clock())), rows)
    done: dict[int, Handed] = {}
    try:
        for one in wanted:
            session.world.progress("bring", len(done), len(wanted))
            if is_stopping():
                break
            done[one.row] = _begin(session, one)
            if done[one.row].error == Unreachable.__name__:
                break
    finally:
        session.world.progress("bring", 1, 1)
    return tuple(done.get(row, Handed(log="", done=False)) for row in rows)


def _in_order(read: List, rows: Sequence[int]) -> list[Listed]:
    wanted = [one for one in read.good if one.row in set(rows)]
    return sorted(wanted, key=lambda one: one.sort != "household")


def _begin(session: Session, one: Listed) -> Handed:
    try:
        known = _followed(session).get(_key(one))
        if known is not None:
            return Handed(log=known, done=True)
        homes = (_household(session, one.household),) if one.household else ()
        child = NewChild(
            name=one.name,
            known_as=one.known_as,
            birth=one.birth,
            school=one.school,
            sort=one.sort,
            households=homes,
        )
        return Handed(log=begin_child(session, child), done=True)
    except KNOWN as error:
        name, code = name_failure(error)
        return Handed(log="", done=False, error=name, code=code)


def _household(session: Session, name: str) -> str:
    """Return the household of that name that I follow, which is begun if there is none."""
    known = _followed(session).get(key_of("household", name, ""))
    return known or begin_child(session, NewChild(name=name, sort="household"))


def _key(one: Listed) -> tuple[str, str, str]:
    return key_of(one.sort, one.name, one.birth[1])


def _followed(session: Session) -> dict[tuple[str, str, str], str]:
    """Return those whose team I am on, by what they are the same by."""
    known = {}
    for feed in session.feeds.values():
        about = feed.about()
        if about is not None and session.me in feed.stream.roles:
            key = key_of(about.sort, about.name, about.birth[1])
            known[key] = encode_base64url(feed.log)
    return known
