"""Asking to follow: a slip, a request that only its keepers open, and what a server may say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.client import asking, staff, team
from microblog.client.asks import asked, requests
from microblog.client.following import refresh
from microblog.client.messages import Change
from microblog.client.reading import overview
from microblog.client.session import InTrouble, NotFollowed
from microblog.client.transport import Refused, Unreachable
from microblog.protocol.ask import LIFE_MS, Asker, decode_ask, encode_ask, seal_reason, write_ask
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.errors import Malformed, NotAllowed, WrongLog
from microblog.protocol.primitives import sign
from tests.client.practice import begin, child_of, device_of, id_of

WHY = "Rosie\u2019s class teacher"


@pytest.fixture
def world(team_of_two):
    """Return Ann (keeper), Bea (follower), Cas (who asks), the log, its slip and the server."""
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas", agency="School")
    return practice, ann, bea, cas, log, asking.slip(bea, log).split("#")[1]


def ask(cas, fragment, why=WHY):
    keepers = [person.id for person in asking.read_slip(cas, fragment).keepers]
    return asking.ask_to_follow(cas, fragment, why, keepers)


def asked_of(session):
    refresh(session)
    return [(row.person.name, row.reason) for row in requests(session)]


# The slip.


def test_a_slip_names_the_stream_and_the_practice_and_no_person(world):
    _, ann, _, _, log, fragment = world
    link = asking.slip(ann, log)
    assert link == f"{ann.keys.origin}/ask#{fragment}"
    assert decode_base64url(fragment) == decode_base64url(log) + ann.keys.fingerprint


def test_only_who_is_on_the_team_gives_a_slip(world):
    _, ann, bea, cas, log, _ = world
    team.remove(ann, log, id_of(bea))
    refresh(bea)
    with pytest.raises(NotAllowed, match="not on this team"):
        asking.slip(bea, log)
    with pytest.raises(NotFollowed):
        asking.slip(cas, log)


def test_a_slip_is_opened_to_the_keepers_by_name(world):
    _, ann, _, cas, log, fragment = world
    found = asking.read_slip(cas, fragment)
    assert (found.log, found.following) == (log, False)
    assert [person.id for person in found.keepers] == [id_of(ann)]
    assert found.keepers[0].name == "Ann"


def test_who_follows_already_is_told_so_without_asking_the_server_who_keeps_it(world):
    _, ann, bea, _, _, fragment = world
    bea.transport.calls.clear()
    found = asking.read_slip(bea, fragment)
    assert found.following
    assert [person.id for person in found.keepers] == [id_of(ann)]
    assert "keepers" not in bea.transport.calls
    with pytest.raises(NotAllowed, match="already"):
        asking.ask_to_follow(bea, fragment, WHY, [id_of(ann)])


def test_a_slip_of_another_practice_or_cut_off_or_of_nothing_is_refused(world):
    _, ann, _, cas, log, fragment = world
    with pytest.raises(WrongLog, match="another practice"):
        asking.read_slip(cas, encode_base64url(decode_base64url(log) + bytes(32)))
    with pytest.raises(Malformed, match="not complete"):
        asking.read_slip(cas, fragment[:-4])
    with pytest.raises(Refused, match="not-found"):
        asking.read_slip(cas, encode_base64url(bytes(15) + b"\1" + ann.keys.fingerprint))


# Asking and answering.


def test_who_asks_is_let_in_by_a_keeper_for_the_reason_they_gave(world):
    _, ann, _, cas, log, fragment = world
    assert ask(cas, fragment).sent
    assert [(row.log, row.keepers[0].id) for row in asked(cas)] == [(log, id_of(ann))]
    assert asked_of(ann) == [("Cas", WHY)]
    asking.approve(ann, log, id_of(cas))
    assert requests(ann) == ()
    refresh(cas)
    assert asked(cas) == ()
    assert child_of(cas, log).name == "Rosie Turner"
    member = next(m for m in child_of(ann, log).members if m.person.id == id_of(cas))
    assert (member.role, member.why, member.by.id) == ("follower", WHY, id_of(ann))
    assert cas.transport.server.asks == {}


def test_who_was_let_in_meanwhile_keeps_their_role(world):
    _, ann, bea, cas, log, fragment = world
    team.grant(ann, log, id_of(bea), "keeper", "")
    ask(cas, fragment)
    refresh(bea)
    team.grant(ann, log, id_of(cas), "supervisor", "")
    asking.approve(bea, log, id_of(cas))
    roles = {m.person.name: m.role for m in child_of(bea, log).members}
    assert (roles["Cas"], requests(bea)) == ("supervisor", ())


def test_a_follower_who_is_no_keeper_hears_of_no_request(world):
    _, _, bea, cas, log, fragment = world
    ask(cas, fragment)
    # Nor if the server would let her.
    server = cas.transport.server
    server.serve_asks = lambda _person: list(server.asks.values())
    assert asked_of(bea) == []
    with pytest.raises(NotAllowed, match="nobody by that id asks"):
        asking.approve(bea, log, id_of(cas))


def test_the_overview_has_both_lists(world):
    _, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    refresh(ann)
    assert [row.person.name for row in overview(ann).requests] == ["Cas"]
    assert overview(ann).asked == overview(cas).requests == ()
    assert len(overview(cas).asked) == 1


def test_a_keeper_declines_and_who_asked_takes_back(world):
    _, ann, _, cas, log, fragment = world
    ask(cas, fragment)
    refresh(ann)
    asking.decline(ann, log, id_of(cas))
    assert (requests(ann), asked_of(ann)) == ((), [])
    refresh(cas)
    assert asked(cas) == ()
    ask(cas, fragment)
    asking.take_back(cas, log)
    assert (asked(cas), asked_of(ann)) == ((), [])
    asking.take_back(cas, log)  # it is gone, and that is all that was wanted


def test_asking_again_takes_the_place_of_what_was_asked(world):
    practice, ann, _, cas, _, fragment = world
    ask(cas, fragment, "first")
    practice.clock.now += 1
    ask(cas, fragment, "second")
    assert len(asked(cas)) == 1
    assert asked_of(ann) == [("Cas", "second")]


@pytest.mark.parametrize("why", ["", "   ", "a" * 121, "\ud83d"])
def test_a_reason_is_given_and_is_not_too_long(world, why):
    _, _, _, cas, _, fragment = world
    with pytest.raises(Malformed):
        ask(cas, fragment, why)
    assert cas.transport.server.asks == {}


def test_nothing_is_sent_to_keepers_who_were_not_on_the_screen(world):
    _, ann, bea, cas, log, fragment = world
    shown = [person.id for person in asking.read_slip(cas, fragment).keepers]
    team.grant(ann, log, id_of(bea), "keeper", "")
    found = asking.ask_to_follow(cas, fragment, WHY, shown)
    assert not found.sent
    assert {person.id for person in found.keepers} == {id_of(ann), id_of(bea)}
    assert cas.transport.server.asks == {}
    assert asking.ask_to_follow(cas, fragment, WHY, [it.id for it in found.keepers]).sent
    assert asked_of(bea) == [("Cas", WHY)]


def test_a_keeper_who_has_left_is_left_out_and_so_is_whoever_does_not_exist(world):
    _, ann, bea, cas, log, fragment = world
    team.grant(ann, log, id_of(bea), "keeper", "")
    leave(ann, id_of(bea))
    server = cas.transport.server
    server.serve_keepers = lambda _log: [bytes(16), decode_base64url(id_of(bea)), ann.me, ann.me]
    assert [person.id for person in asking.read_slip(cas, fragment).keepers] == [id_of(ann)]
    server.serve_keepers = lambda _log: [bytes(16)]
    with pytest.raises(NotAllowed, match="nobody is there"):
        asking.ask_to_follow(cas, fragment, WHY, [])


def test_a_keeper_since_reads_that_someone_asks_but_not_why(world):
    _, ann, bea, cas, log, fragment = world
    ask(cas, fragment)
    team.grant(ann, log, id_of(bea), "keeper", "")
    assert asked_of(bea) == [("Cas", "")]
    asking.approve(bea, log, id_of(cas))
    assert {m.person.name for m in child_of(bea, log).members} == {"Ann", "Bea", "Cas"}


def test_a_request_is_over_after_thirty_days(world):
    practice, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    refresh(ann)
    practice.clock.now += LIFE_MS - 1
    assert len(requests(ann)) == len(asked(cas)) == 1
    practice.clock.now += 1
    assert (requests(ann), asked(cas)) == ((), ())


def test_where_requests_cannot_be_fetched_the_rest_is_fresh_and_what_was_known_stays(world):
    _, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    assert asked_of(ann) == [("Cas", WHY)]
    for error in (Refused("broken", ""), Unreachable("gone"), Malformed("not CBOR")):
        ann.transport.server.serve_asks = failing(error)
        assert asked_of(ann) == [("Cas", WHY)]
        assert ann.online


def failing(error):
    def fail(_person):
        raise error

    return fail


def leave(steward, person):
    row = next(it for it in overview(steward).people if it.id == person)
    change = Change(
        person=person, name=row.name, job=row.job, agency=row.agency_id, role=row.role, left=True
    )
    staff.change_person(steward, change)


# A server that lies.


def test_a_reason_that_the_server_wrote_is_not_shown_nor_is_the_request(world):
    _, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    lie(ann, lambda item: replace(item, boxes=[(ann.me, forged(ann, item))]))
    assert asked_of(ann) == []


def forged(ann, item):
    key = ann.directory.persons[ann.me].reading_key
    return seal_reason(bytes(32), item.asker, key, "I am her father")


def lie(session, change):
    """Have the server serve its requests changed."""
    server = session.transport.server
    server.serve_asks = lambda _person: [
        encode_ask(change(decode_ask(data))) for data in server.asks.values()
    ]


def test_another_cannot_be_made_to_ask(world):
    _, ann, bea, cas, _, fragment = world
    ask(cas, fragment)

    def in_the_name_of_another(item):
        items = decode_array(item.statement)
        statement = encode([*items[:3], bytes(16), *items[4:]])
        return replace(item, statement=statement, signature=sign(bytes(32), "msb/1/ask", statement))

    lie(ann, in_the_name_of_another)
    assert asked_of(ann) == []
    key = ann.directory.persons[ann.me].reading_key
    for device in (device_of(bea), device_of(cas)):
        # Cas asks as Bea, with her own device or with Bea's.
        asker = Asker(ann.keys.fingerprint, decode_ask(first(ann)).asker.log, bea.me, device, 1)
        boxes = [(ann.me, seal_reason(bytes(32), asker, key, WHY))]
        data = write_ask(cas.keys.device_seed, asker, boxes)
        ann.transport.server.serve_asks = lambda _person, data=data: [data]
        assert asked_of(ann) == []


def first(session):
    return next(iter(session.transport.server.asks.values()))


def test_a_request_cannot_be_moved_to_another_stream(world):
    _, ann, _, cas, log, fragment = world
    other = begin(ann, "Ben Shaw")
    ask(cas, fragment)

    def moved(item):
        items = decode_array(item.statement)
        statement = encode([*items[:2], decode_base64url(other), *items[3:]])
        return replace(item, statement=statement)

    lie(ann, moved)
    assert asked_of(ann) == []
    server = ann.transport.server
    server.asks = {(decode_base64url(other), cas.me): first(ann)}
    lie(ann, lambda item: item)
    refresh(ann)
    assert [row.log for row in requests(ann)] == [log]


def test_a_reason_cannot_be_put_into_a_request_of_ones_own(world):
    """Else who approves it would tell the asker, in the grant, what somebody else had written."""
    practice, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    stolen = decode_ask(first(ann))
    dan = practice.join("Dan")
    asker = replace(stolen.asker, person=dan.me, device=device_of(dan))
    data = write_ask(dan.keys.device_seed, asker, stolen.boxes)
    ann.transport.server.serve_asks = lambda _person: [data]
    assert asked_of(ann) == [("Dan", "")]


def test_a_reason_is_sealed_to_the_keys_of_the_directory_alone(world):
    _, ann, bea, cas, _, fragment = world
    ask(cas, fragment)
    item = decode_ask(first(ann))
    assert [keeper for keeper, _ in item.boxes] == [ann.me]
    # Swapped for another's box, it is another's signature, or none.
    lie(ann, lambda item: replace(item, boxes=[(bea.me, item.boxes[0][1])]))
    assert asked_of(ann) == []


def test_who_has_left_asks_no_longer_even_if_the_server_says_so(world):
    _, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    data = first(ann)
    assert asked_of(ann) == [("Cas", WHY)]
    leave(ann, id_of(cas))
    # Known from before, and served again.
    assert requests(ann) == ()
    ann.transport.server.serve_asks = lambda _person: [data]
    assert asked_of(ann) == []


def test_a_request_that_was_granted_does_not_come_back_after_a_removal(world):
    practice, ann, _, cas, log, fragment = world
    ask(cas, fragment)
    data = first(ann)
    refresh(ann)
    asking.approve(ann, log, id_of(cas))
    ann.transport.server.serve_asks = lambda _person: [data]
    assert asked_of(ann) == []
    practice.clock.now += 1000
    team.remove(ann, log, id_of(cas))
    assert asked_of(ann) == []
    with pytest.raises(NotAllowed, match="nobody by that id asks"):
        asking.approve(ann, log, id_of(cas))


def test_of_two_requests_of_one_person_the_newest_is_shown(world):
    practice, ann, _, cas, _, fragment = world
    ask(cas, fragment, "first")
    old = first(ann)
    practice.clock.now += 1
    ask(cas, fragment, "second")
    new = first(ann)
    for served in ([old, new], [new, old]):
        ann.transport.server.serve_asks = lambda _person, served=served: served
        assert asked_of(ann) == [("Cas", "second")]


def test_what_is_no_request_hides_none_that_is(world):
    _, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    served = [b"", b"\xff", first(ann), encode([b"", b"", []])]
    ann.transport.server.serve_asks = lambda _person: served
    assert asked_of(ann) == [("Cas", WHY)]


def test_nothing_is_asked_by_a_directory_in_trouble(world):
    practice, _, _, cas, _, fragment = world
    shown = [person.id for person in asking.read_slip(cas, fragment).keepers]
    practice.join("Dan")
    refresh(cas)
    server = cas.transport.server
    server.directory_entries.pop()
    with pytest.raises(InTrouble):
        asking.ask_to_follow(cas, fragment, WHY, shown)
    assert server.asks == {}


def test_the_server_reads_no_reason(world):
    _, ann, _, cas, _, fragment = world
    ask(cas, fragment)
    assert WHY.encode() not in first(ann)
    assert len(first(ann)) == len_of_ask(cas, fragment, "x", ann)


def len_of_ask(cas, fragment, why, ann):
    """All reasons have one size."""
    ask(cas, fragment, why)
    return len(first(ann))
