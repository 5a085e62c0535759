"""My devices, and for a steward somebody's: what there is, and shutting one out when it is lost."""

from collections.abc import Iterator

from microblog.client import admitting
from microblog.client.admitting import NewDevice
from microblog.client.directory import refresh_directory
from microblog.client.rekeying import draft_rekey
from microblog.client.sending import send_all_to_directory, send_to_directory
from microblog.client.session import Session, Waiting, check_trusted, fresh_of, read_id
from microblog.client.shown import DeviceRow
from microblog.client.writing import Fresh, Place, after
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import is_good
from microblog.protocol.entry import DIRECTORY, Entry, Header, decode_entry
from microblog.protocol.errors import NotAllowed
from microblog.protocol.primitives import box_key, signing_key
from microblog.protocol.reading import Owner, seal_reading
from microblog.protocol.staff import Device

SEED_BYTES = 32


def devices(session: Session) -> tuple[DeviceRow, ...]:
    """Return my devices, in the order in which they came."""
    return _rows(session, session.me)


def devices_of(session: Session, person: str) -> tuple[DeviceRow, ...]:
    """Return somebody's devices, in the order in which they came."""
    return _rows(session, read_id(person))


def count_sheets(session: Session) -> int:
    """Return how many recovery sheets of mine are good."""
    return sum(
        device.sort == "paper" and is_good(device, session.world.clock())
        for device in session.directory.devices_of(session.me)
    )


def add_device(session: Session, device: NewDevice) -> Entry:
    """Let a device of mine in, and return the entry that does; once more, if it is in already.

    Raises:
        Waiting: this device lacks my newest reading key, so it can hand on nothing.
        InTrouble, ProtocolError, Refused, Unreachable: as `send_to_directory`.
    """

    def write(place: Place, fresh: Fresh) -> Entry:
        check_holds_keys(session)
        sealed = seal_mine_to(session, device)
        return admitting.add_device(session.writer, place, fresh, device, sealed)

    refresh_directory(session)
    check_trusted(session)
    there = session.directory.devices.get(device.key)
    if there is not None and there.person == session.me:
        raw = session.memory.entry(DIRECTORY, there.since)
        if raw is not None:
            return decode_entry(raw)
    return send_to_directory(session, write)


def seal_mine_to(session: Session, device: NewDevice) -> bytes:
    """Return my reading keys, sealed to a new device of mine."""
    keys = session.keys
    owner = Owner(keys.fingerprint, keys.person, device.key)
    secrets = keys.reading_secrets[-admitting.MAX_SECRETS :]
    return seal_reading(session.world.random(SEED_BYTES), owner, device.box_key, secrets)


def check_holds_keys(session: Session) -> None:
    """Check that this device can open what is sealed to me now.

    Raises:
        Waiting: it cannot.
    """
    me = session.directory.persons.get(session.me)
    held = {box_key(secret) for secret in session.keys.reading_secrets}
    if me is None or me.reading_key not in held:
        raise Waiting("this device does not have your newest reading key")


def revoke_device(session: Session, key: str, since: int) -> None:
    """Shut out a device of mine, or, as a steward, of anyone.

    After one of mine my reading key is another, in the same request: so from the next epoch of each
    stream on, which clients begin by themselves, the lost device opens nothing.

    Raises:
        NotAllowed: there is no such device, or it is none of mine and I am no steward.
        InTrouble, ProtocolError, Refused, Unreachable: as `send_all_to_directory`.
    """
    target = read_id(key)
    refresh_directory(session)
    check_trusted(session)
    if _known(session, target).revoked is not None:
        return
    send_all_to_directory(session, lambda place: write_losses(session, place, [], (target,), since))


def write_losses(
    session: Session, place: Place, first: list[Entry], lost: tuple[bytes, ...], since: int
) -> list[Entry]:
    """Return the `first` entries, those that shut devices out, and my next reading key.

    The key comes where mine is stale after all this, and this device has not shut out itself.
    """
    entries, directory = list(first), session.directory
    for entry in first:
        place, directory = after(place, entry), directory.apply(entry)
    for key in lost:
        fresh = fresh_of(session.world)
        entries.append(admitting.revoke_device(session.writer, place, fresh, key, since))
        place, directory = after(place, entries[-1]), directory.apply(entries[-1])
    if directory.is_stale(session.me) and signing_key(session.keys.device_seed) not in lost:
        entries.append(draft_rekey(session, directory, place, fresh_of(session.world)))
    return entries


def _known(session: Session, key: bytes) -> Device:
    device = session.directory.devices.get(key)
    if device is None:
        raise NotAllowed("there is no such device")
    return device


def _rows(session: Session, person: bytes) -> tuple[DeviceRow, ...]:
    mine = signing_key(session.keys.device_seed)
    used = _last_uses(session, person)
    return tuple(
        DeviceRow(
            key=encode_base64url(device.key),
            name=device.name,
            sort=device.sort,
            since=device.time,
            until=device.until,
            revoked=device.revoked is not None,
            mine=device.key == mine,
            last_use=used.get(device.key, 0),
        )
        for device in session.directory.devices_of(person)
    )


def _last_uses(session: Session, person: bytes) -> dict[bytes, int]:
    """Return when each of somebody's devices last signed something that I hold."""
    used: dict[bytes, int] = {}
    for header in _headers(session):
        if header.author == person:
            used[header.device] = max(used.get(header.device, 0), header.time)
    return used


def _headers(session: Session) -> Iterator[Header]:
    yield from (decode_entry(raw).header for raw in session.memory.entries(DIRECTORY))
    for feed in session.feeds.values():
        yield from (entry.header for entry in feed.entries)
