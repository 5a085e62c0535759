"""One request to a push service: no body, the same headers for every notice, no redirect followed.

The address was given by somebody's browser. It is resolved once, every answer to that is looked at,
and only then one of them is called: a name that leads into a private network is not.
"""

import socket
import ssl
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import urlsplit

from microblog.push.vapid import Vapid
from microblog.settings import Push

SILENT_SECONDS = 10
# For one request in all, so that a service that answers letter by letter holds nobody.
REQUEST_SECONDS = 30
#: The same for every notice: how long the service keeps it, and that a newer takes its place.
FIXED = {"TTL": "86400", "Topic": "news", "Urgency": "normal", "Content-Length": "0"}
MAX_RETRY_SECONDS = 24 * 60 * 60
# What is written in IPv6 and leads to the IPv4 address that it ends with.
WRAPPED = (ip_network("64:ff9b::/96"), ip_network("::/96"))


class Unreachable(Exception):
    """There is no answer; the message says why, and not of whom."""


class Answer:
    """A push service's answer: its code, and how many seconds it asks to be left alone, 0: none."""

    def __init__(self, code: int, retry: str | None) -> None:
        self.code = code
        known = (retry or "").isascii() and (retry or "").isdigit() and len(retry or "") < 10
        self.retry_seconds = min(int(retry or "0"), MAX_RETRY_SECONDS) if known else 0


class Courier:
    """What every request is made with."""

    def __init__(self, push: Push, vapid: Vapid, request_seconds: float = REQUEST_SECONDS) -> None:
        """Read the authorities."""
        self._push = push
        self._vapid = vapid
        self._request_seconds = request_seconds
        self._tls = ssl.create_default_context(
            cafile=str(push.authorities) if push.authorities else None
        )

    def wake(self, endpoint: str, now: int) -> Answer:
        """Give a notice to a push service.

        Raises:
            Unreachable: there is no answer, or it must not be asked.
        """
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port or 443
        # One that the operator names with its port is their own.
        is_own = f"{host}:{port}" in self._push.hosts
        headers = {**FIXED, "Authorization": self._vapid.authorize(f"https://{parts.netloc}", now)}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = _Connection(host, port, self._tls, is_own=is_own)
        timer = Timer(self._request_seconds, connection.cut)
        timer.daemon = True
        timer.start()
        try:
            connection.putrequest("POST", path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.getheader("Retry-After"))
        except ssl.SSLCertVerificationError:
            raise Unreachable("a push service's certificate is not to be trusted") from None
        except (OSError, HTTPException, ValueError):
            # What it says may hold an address: it is not repeated.
            raise Unreachable("a push service cannot be reached, or hangs up") from None
        finally:
            timer.cancel()
            connection.close()


class _Connection(HTTPSConnection):
    """A connection to an address that was looked at first, and that a timer can cut."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext, *, is_own: bool) -> None:
        super().__init__(host, port, timeout=SILENT_SECONDS, context=tls)
        self._tls = tls
        self._is_own = is_own
        self._raw: socket.socket | None = None
        self._is_cut = False

    def connect(self) -> None:
        """Connect to one of the host's addresses, if all may be called."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [where[4][0] for where in found]
        if not addresses or not (self._is_own or all(map(is_public, addresses))):
            raise Unreachable("a push service is at a private address")
        self._raw = self._call([str(it) for it in addresses])
        # Greeted only once the timer can cut it.
        sock = self._tls.wrap_socket(
            self._raw, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = sock
        sock.do_handshake()

    def _call(self, addresses: list[str]) -> socket.socket:
        """Return a connection to the first of these that takes it."""
        for address in addresses:
            with suppress(OSError):
                return socket.create_connection((address, self.port), SILENT_SECONDS)
            if self._is_cut:
                break
        raise ConnectionError

    def cut(self) -> None:
        """Shut the connection, so that whoever waits for it hears of it."""
        self._is_cut = True
        sock = self.sock or self._raw
        if sock is not None:
            with suppress(OSError):
                # Not as TLS does it: that would first take the encryption away.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def is_public(address: object) -> bool:
    """Return whether an address is out on the internet: not this machine, no private network."""
    found = ip_address(str(address).partition("%")[0])
    inner = _unwrap(found) if isinstance(found, IPv6Address) else found
    return inner.is_global and not inner.is_multicast


def _unwrap(address: IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that one of IPv6 leads to, or itself."""
    if any(address in network for network in WRAPPED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
