"""What is reached over the network: our own address as browsers see it, and the mail server.

Nothing is sent but a question that anybody may ask, and no mail.
"""

import http.client
import json
import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from microblog.mail.courier import Courier, Unreachable
from microblog.ops.doctor.finding import Finding, Patient, good, warn, wrong
from microblog.ops.rounds import prepare
from microblog.ops.site import site_of
from microblog.service import founding
from microblog.service.wire import encode_bytes
from microblog.settings import WrongSettings
from microblog.store.db import StoreError, read_in

ASKED = "/api/practice"
SILENT_SECONDS = 10
MAX_ANSWER_BYTES = 64 * 1024
# A certificate that is renewed by itself is renewed a month before.
LEAST_DAYS = 14
# Half of what a client's clock may be ahead of ours (service/logs.py).
MOST_APART_SECONDS = 60
DAY_SECONDS = 24 * 60 * 60


class Seen(NamedTuple):
    """What an answer of our own address says."""

    status: int
    headers: dict[str, str]
    data: bytes
    version: str | None
    expires: float | None


def check_address(patient: Patient) -> Iterator[Finding]:
    """Say whether browsers get to this server under PUBLIC_URL, by TLS 1.3, with HSTS."""
    settings, subject = patient.settings, "PUBLIC_URL"
    if not settings.is_https:
        yield warn(
            subject,
            "it is http: only browsers on this machine can use it",
            "a proxy with TLS stands before a real one (deploy/nginx.conf)",
        )
        return
    try:
        seen = _ask(patient)
    except ssl.SSLCertVerificationError:
        hint = "is it in date, of that name, and whole, with all between it and an authority?"
        yield wrong(subject, "its certificate is not to be trusted", hint)
        return
    except (OSError, http.client.HTTPException):
        yield wrong(subject, "nothing answers there", "is nginx running, and the name in the DNS?")
        return
    yield from _answer(patient, seen)
    yield from _way(seen)


def check_mail(patient: Patient) -> Iterator[Finding]:
    """Say whether the mail server can be had, by TLS, with user and password; nothing is sent."""
    if patient.settings.mail is None:
        return
    try:
        work = prepare(patient.settings)
        Courier(work.mail, work.password).close()
    except WrongSettings as error:
        yield wrong("mail", str(error), "deploy/MAIL.md")
    except Unreachable as error:
        yield wrong("mail", str(error), "deploy/MAIL.md")
    else:
        yield good("mail", "the mail server takes mail of this server")


def _ask(patient: Patient) -> Seen:
    parts = urlsplit(patient.settings.public_url)
    context = ssl.create_default_context()
    if patient.authorities is not None:
        context.load_verify_locations(patient.authorities)
    line = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 443, timeout=SILENT_SECONDS, context=context
    )
    try:
        line.connect()
        version, certificate = line.sock.version(), line.sock.getpeercert()
        expires = certificate.get("notAfter") if certificate else None
        line.request("GET", ASKED)
        answer = line.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        end = ssl.cert_time_to_seconds(str(expires)) if expires else None
        return Seen(answer.status, headers, answer.read(MAX_ANSWER_BYTES), version, end)
    finally:
        line.close()


def _answer(patient: Patient, seen: Seen) -> Iterator[Finding]:
    subject = "PUBLIC_URL"
    if seen.status != http.HTTPStatus.OK:
        yield wrong(
            subject,
            f"it answers {seen.status}",
            "502 or 503: microblog.service is not there; 421: the proxy changes Host",
        )
        return
    said = _object(seen.data)
    try:
        ours = read_in(site_of(patient.settings), founding.find_fingerprint)
    except StoreError:
        return
    if said.get("fingerprint", "") != (None if ours is None else encode_bytes(ours)):
        yield wrong(subject, "what answers there has other data than these", "MICROBLOG_DATA")
    else:
        yield good(subject, "it leads here")


def _way(seen: Seen) -> Iterator[Finding]:
    if seen.version != "TLSv1.3":
        yield wrong("TLS", f"{seen.version} is spoken", "TLS 1.3 alone: deploy/nginx.conf")
    if "max-age=" not in seen.headers.get("strict-transport-security", ""):
        yield wrong("TLS", "HSTS is missing", "the proxy must pass the server's headers on")
    if seen.expires is not None:
        days = int((seen.expires - time.time()) / DAY_SECONDS)
        if days < LEAST_DAYS:
            yield wrong("TLS", f"the certificate ends in {days} days", "renew it, and reload nginx")
        else:
            yield good("TLS", f"the certificate is good for {days} days")
    apart = _seconds_apart(seen.headers.get("date", ""))
    if apart > MOST_APART_SECONDS:
        yield wrong("clock", f"here and at PUBLIC_URL it differs by {apart:.0f} s", "NTP, on both")


def _seconds_apart(date: str) -> float:
    try:
        return abs(parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
