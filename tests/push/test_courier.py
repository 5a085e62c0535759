"""A request to a push service: whom it may reach, how long it may take, what is made of answers."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from microblog.push.courier import MAX_RETRY_SECONDS, Answer, Courier, Unreachable, is_public
from microblog.push.vapid import make_key, read_key
from microblog.settings import Push
from tests.pushbox import CONTACT
from tests.vectors.practice import START

FAR = "fcm.googleapis.com"
PRIVATE = [
    "10.0.0.1", "127.0.0.1", "127.255.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "2002:7f00:1::", "2002:a00:1::", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"]


@pytest.fixture
def vapid(tmp_path):
    make_key(tmp_path)
    return read_key(tmp_path, CONTACT)


@pytest.fixture
def calls(monkeypatch):
    """Note whom anything connects to, and let nothing through."""
    made = []

    def connect(address, *_):
        made.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    return made


def lead(monkeypatch, *addresses):
    """Have every name lead to these; each time that one is looked up is noted."""
    asked = []

    def find(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (it, port)) for it in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", find)
    return asked


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known(address):
    assert is_public(address)


@pytest.mark.parametrize("addresses", [*((it,) for it in PRIVATE), ("8.8.8.8", "10.0.0.1"), ()])
def test_a_name_that_leads_into_a_private_network_is_not_called(
    vapid, calls, monkeypatch, addresses
):
    lead(monkeypatch, *addresses)
    with pytest.raises(Unreachable, match="a push service is at a private address"):
        Courier(Push(CONTACT), vapid).wake(f"https://{FAR}/x", START)
    assert calls == []


def test_what_was_looked_at_is_what_is_called(vapid, calls, monkeypatch):
    asked = lead(monkeypatch, "2606:4700::1", "8.8.8.8")
    with pytest.raises(Unreachable, match="cannot be reached"):
        Courier(Push(CONTACT), vapid).wake(f"https://{FAR}/x", START)
    # Looked up once, so that no second answer can be another.
    assert asked == [FAR]
    assert calls == [("2606:4700::1", 443), ("8.8.8.8", 443)]


def test_only_what_the_operator_names_with_its_port_may_be_near(vapid, calls, monkeypatch):
    lead(monkeypatch, "10.0.0.1")
    courier = Courier(Push(CONTACT, ("push.council.example:8443", "push.council.example")), vapid)
    with pytest.raises(Unreachable, match="cannot be reached"):
        courier.wake("https://push.council.example:8443/x", START)
    with pytest.raises(Unreachable, match="private address"):
        courier.wake("https://push.council.example/x", START)
    assert calls == [("10.0.0.1", 8443)]


def test_a_push_service_of_another_certificate_is_told_nothing(vapid, pushbox):
    courier = Courier(Push(CONTACT, (pushbox.host,)), vapid)
    with pytest.raises(Unreachable, match="certificate is not to be trusted"):
        courier.wake(f"https://{pushbox.host}/x", START)
    assert pushbox.got == []


def test_a_name_that_leads_nowhere_is_one_line(vapid, monkeypatch):
    def find(*_, **__):
        raise socket.gaierror(-2, "fcm.googleapis.com is not known")

    monkeypatch.setattr(socket, "getaddrinfo", find)
    with pytest.raises(Unreachable) as caught:
        Courier(Push(CONTACT), vapid).wake(f"https://{FAR}/secret", START)
    assert str(caught.value) == "a push service cannot be reached, or hangs up"


@pytest.fixture
def slow(certificate):
    """Return what begins a push service that says no more than `said` of each, letter by letter."""
    over = threading.Event()
    threads = []

    def begin(said: bytes, *, greets: bool = True) -> int:
        listener = socket.create_server(("127.0.0.1", 0))

        def talk():
            with listener, listener.accept()[0] as plain:
                wrap = certificate.server.wrap_socket
                with wrap(plain, server_side=True) if greets else plain as stream:
                    number = 0
                    while not over.wait(0.05):
                        try:
                            stream.sendall(said[number : number + 1])
                        except OSError:
                            return
                        number += 1

        thread = threading.Thread(target=talk)
        thread.start()
        threads.append(thread)
        return listener.getsockname()[1]

    yield begin
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    ("said", "greets"),
    [(b"", False), (b"", True), (b"HTTP/1.1 201 Created\r\nX: " + b"x" * 1000, True)],
    ids=["no greeting", "no answer", "letter by letter"],
)
def test_a_push_service_that_takes_its_time_is_cut(vapid, slow, certificate, said, greets):
    host = f"localhost:{slow(said, greets=greets)}"
    courier = Courier(Push(CONTACT, (host,), certificate.authority), vapid, request_seconds=0.3)
    before = time.monotonic()
    with pytest.raises(Unreachable, match="a push service cannot be reached, or hangs up"):
        courier.wake(f"https://{host}/x", START)
    assert time.monotonic() - before < 5


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(None, 0), ("", 0), ("0", 0), ("120", 120), ("-5", 0), ("1.5", 0), ("x", 0), ("٣", 0),
     ("999999999", MAX_RETRY_SECONDS), ("9" * 5000, 0), ("Fri, 31 Dec 1999 23:59:59 GMT", 0)],
)  # fmt: skip
def test_how_long_it_wants_to_be_left_alone_is_read_with_care(said, seconds):
    assert Answer(429, said).retry_seconds == seconds
