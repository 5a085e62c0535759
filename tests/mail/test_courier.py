"""The dialogue with a real mail server: TLS where it is needed, and what becomes of each answer."""

from __future__ import annotations

import socket
import ssl
import threading
import time

import pytest

from microblog.mail import courier
from microblog.mail.courier import Courier, Unreachable
from microblog.settings import Mail
from tests.postbox import DROP, FROM, STEPS

TO = "ada@council.example"
WORDS = b"Subject: x\r\n\r\nmicroblog: 1 new\r\n"
ELSEWHERE = "mail.council.example"


def send(mail: Mail, password: str = "", **options: float) -> int:
    talk = Courier(mail, password, **options)
    try:
        code = talk.offer(TO)
        return talk.give(WORDS) if code == 250 else code
    finally:
        talk.close()


@pytest.fixture
def elsewhere(monkeypatch):
    """Have a name of another machine lead to this one: what is far is not known by its address."""
    honest = socket.getaddrinfo

    def find(host, *rest, **more):
        return honest("127.0.0.1" if host == ELSEWHERE else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", find)


def test_a_mail_arrives_as_it_was_given(postbox):
    assert send(postbox.mail()) == 250
    (letter,) = postbox.letters
    assert (letter.sender, letter.recipients, letter.data) == (FROM, (TO,), WORDS)


def test_several_mails_go_in_one_dialogue(postbox):
    talk = Courier(postbox.mail(), "")
    for _ in range(3):
        assert talk.offer(TO) == 250
        assert talk.give(WORDS) == 250
    talk.close()
    assert len(postbox.letters) == 3
    assert [name for name, _ in postbox.heard].count("EHLO") == 1


def test_a_hello_says_nothing_of_this_machine(postbox, monkeypatch):
    monkeypatch.setattr(socket, "getfqdn", lambda: pytest.fail("this machine was named"))
    assert send(postbox.mail()) == 250


# TLS.


def test_on_this_machine_mail_may_go_plainly(new_postbox):
    box = new_postbox()
    assert send(box.mail(host="localhost")) == 250
    assert {secure for _, secure in box.heard} == {False}


def test_elsewhere_nothing_goes_without_tls(postbox, elsewhere):
    with pytest.raises(Unreachable, match="the mail server offers no TLS"):
        send(postbox.mail(host=ELSEWHERE))
    assert postbox.letters == []
    assert {name for name, _ in postbox.heard} <= {"EHLO", "QUIT"}


def test_a_password_is_not_said_without_tls_elsewhere(new_postbox, elsewhere):
    box = new_postbox(users={b"us": b"secret"})
    with pytest.raises(Unreachable, match="offers no TLS"):
        send(box.mail(host=ELSEWHERE, user="us"), "secret")
    assert "AUTH" not in {name for name, _ in box.heard}


def test_a_dialogue_that_began_plainly_goes_on_in_tls(new_postbox, elsewhere, certificate):
    box = new_postbox(tls=certificate.server)
    assert send(box.mail(host=ELSEWHERE, authorities=certificate.authority)) == 250
    plain = [name for name, secure in box.heard if not secure]
    assert plain == ["EHLO", "STARTTLS"]
    assert len(box.letters) == 1


def test_tls_from_the_first_byte_on(new_postbox, elsewhere, certificate):
    box = new_postbox(tls=certificate.server, wrapped=True)
    assert send(box.mail(host=ELSEWHERE, authorities=certificate.authority)) == 250
    assert {secure for _, secure in box.heard} == {True}


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_certificate_of_nobody_known_is_refused(new_postbox, elsewhere, certificate, wrapped):
    box = new_postbox(tls=certificate.server, wrapped=wrapped)
    with pytest.raises(Unreachable, match="certificate is not to be trusted"):
        send(box.mail(host=ELSEWHERE))
    assert box.letters == []


def test_a_certificate_of_another_host_is_refused(new_postbox, certificate, monkeypatch):
    honest = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **rest: honest("127.0.0.1", *more, **rest)
    )
    box = new_postbox(tls=certificate.server)
    with pytest.raises(Unreachable, match="certificate is not to be trusted"):
        send(box.mail(host="other.council.example", authorities=certificate.authority))


def test_what_is_slipped_in_before_tls_does_not_count(elsewhere, certificate):
    """A reply sent together with the go-ahead for TLS is from whoever sits in between."""

    def sit_between(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        plain.sendall(b"220 x\r\n")
        plain.recv(1000)
        plain.sendall(b"250-x\r\n250 STARTTLS\r\n")
        plain.recv(1000)
        plain.sendall(b"220 go\r\n250 slipped in\r\n250 and again\r\n")
        with certificate.server.wrap_socket(plain, server_side=True) as secure:
            secure.recv(1000)
            secure.sendall(b"421 not now\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=sit_between, args=(listener,))
        thread.start()
        mail = Mail(ELSEWHERE, listener.getsockname()[1], False, FROM,
                    authorities=certificate.authority)  # fmt: skip
        with pytest.raises(Unreachable):
            send(mail)
        thread.join()


# Who we are.


def test_user_and_password_sign_in(new_postbox):
    box = new_postbox(users={b"us": b"secret"})
    assert send(box.mail(user="us"), "secret") == 250


def test_a_wrong_password_is_not_the_readers_fault(new_postbox):
    box = new_postbox(users={b"us": b"secret"})
    with pytest.raises(Unreachable, match="refuses user or password") as caught:
        send(box.mail(user="us"), "other")
    assert caught.value.code == 535
    assert "other" not in str(caught.value)


def test_a_server_that_takes_no_password_is_said(postbox):
    with pytest.raises(Unreachable, match="takes no user and password"):
        send(postbox.mail(user="us"), "secret")


# Answers.


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "words"])
@pytest.mark.parametrize("code", [450, 552])
def test_a_refusal_is_told_by_its_code(new_postbox, step, code):
    box = new_postbox(conduct=lambda at: f"{code} no" if at == step else None)
    assert send(box.mail()) == code


@pytest.mark.parametrize("step", [it for it in STEPS if it != "QUIT"])
def test_a_server_that_hangs_up_is_unreachable(new_postbox, step):
    box = new_postbox(conduct=lambda at: DROP if at == step else None)
    with pytest.raises(Unreachable, match="cannot be reached, or hangs up"):
        send(box.mail())


@pytest.mark.parametrize("step", ["greeting", "MAIL", "RCPT", "DATA", "words"])
@pytest.mark.parametrize("said", ["421 closing", "xyz", "199 what", "700 what"])
def test_an_answer_that_settles_nothing_is_none(new_postbox, step, said):
    box = new_postbox(conduct=lambda at: said if at == step else None)
    with pytest.raises(Unreachable):
        send(box.mail())


def test_words_that_are_taken_before_they_are_sent_are_not_taken(new_postbox):
    box = new_postbox(conduct=lambda at: "250 kept" if at == "DATA" else None)
    with pytest.raises(Unreachable, match="takes words before they are sent"):
        send(box.mail())


def test_a_server_that_is_not_there_is_unreachable(free_port):
    with pytest.raises(Unreachable, match="cannot be reached"):
        send(Mail("127.0.0.1", free_port, False, FROM))


def test_a_name_that_is_nobodys_is_unreachable(monkeypatch):
    def find(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", find)
    with pytest.raises(Unreachable, match="cannot be reached"):
        send(Mail("nobody.example", 25, False, FROM))


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_server_that_says_nothing_holds_nobody(wrapped, monkeypatch):
    monkeypatch.setattr(courier, "SILENT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        with pytest.raises(Unreachable):
            send(Mail("127.0.0.1", listener.getsockname()[1], wrapped, FROM))
        assert time.monotonic() - started < 5


def test_a_server_that_answers_letter_by_letter_holds_nobody():
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        with plain:
            while not stop.wait(0.05):
                try:
                    plain.sendall(b"2")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        started = time.monotonic()
        with pytest.raises(Unreachable):
            send(Mail("127.0.0.1", listener.getsockname()[1], False, FROM), step_seconds=0.5)
        assert time.monotonic() - started < 5
        stop.set()
        thread.join()


def test_what_the_server_says_is_not_repeated(new_postbox):
    box = new_postbox(conduct=lambda at: f"421 {TO} is not here" if at == "RCPT" else None)
    with pytest.raises(Unreachable) as caught:
        send(box.mail())
    assert TO not in str(caught.value)


def test_the_authorities_are_the_machines_own_unless_others_are_named():
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
