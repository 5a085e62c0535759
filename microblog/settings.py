"""What differs between one place and another, read once from the environment and never changed."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

#: Those of mail make sense together only, and none of them without the first.
MAIL = ("MICROBLOG_MAIL", "MICROBLOG_MAIL_FROM", "MICROBLOG_MAIL_USER",
        "MICROBLOG_MAIL_PASSWORD_FILE", "MICROBLOG_MAIL_CA")  # fmt: skip
#: So do those of web push.
PUSH = ("MICROBLOG_PUSH", "MICROBLOG_PUSH_HOSTS", "MICROBLOG_PUSH_CA")
#: Each of the operator's own machine: a proxy, a Prometheus, backups that only they can open.
MACHINE = ("MICROBLOG_SOCKET", "MICROBLOG_METRICS_PORT", "MICROBLOG_BACKUP_KEY", "MICROBLOG_LIVE")
#: So do those of PostgreSQL.
DATABASE = ("MICROBLOG_DATABASE", "MICROBLOG_STANDBY", "MICROBLOG_WORKERS")
OURS = ("MICROBLOG_DATA", "MICROBLOG_ZONE", *DATABASE, *MAIL, *PUSH, *MACHINE)
# Those of the command line, which may run in the same environment.
THEIRS = ("MICROBLOG_HOME", "MICROBLOG_PASSPHRASE_FILE")
#: The push services of Chrome, Firefox, Edge and Safari.
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "*.push.apple.com",
)
NEAR = ("127.0.0.1", "::1", "localhost")

ZONE = "Europe/London"
WORKERS = 2
# The line that is mailed has 160 characters: so many are left for the address that it ends with.
MAX_ORIGIN = 64
# A socket's name is in a field of 108 bytes that ends with a zero.
MAX_SOCKET_BYTES = 107

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_PUSH_HOST = re.compile(
    r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[1-9][0-9]{0,4}"
)
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(
    rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*"
)


class WrongSettings(Exception):
    """The environment asks for something that cannot be; the message is the one line to read."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server that round-ups go to, and as whom; `tls` from the first byte on, or later."""

    host: str
    port: int
    tls: bool
    sender: str
    user: str = ""
    password_file: Path | None = None
    authorities: Path | None = None

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine, so that nothing travels and TLS may be missing."""
        return self.host in NEAR


@dataclass(frozen=True, slots=True)
class Push:
    """Whom a push service may write to about our notices, and which of them we may call.

    A host with a port is the operator's own, and may be on a private network.
    """

    contact: str
    hosts: tuple[str, ...] = PUSH_HOSTS
    authorities: Path | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """What a server has on its own machine: a socket that a proxy finds it by, instead of the port;
    a port of its own for counts; the file of the public key that its backups are sealed to; a
    socket or a port for event streams.
    """

    socket: Path | None = None
    metrics_port: int | None = None
    backup_key: Path | None = None
    live: Path | int | None = None


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL database; whether a standby must have what counts as written, before it does;
    how many processes serve on this machine. The address may hold a password: it is never shown.
    """

    url: str = field(repr=False)
    standby: bool = False
    workers: int = WORKERS


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies, how the server is reached, how it mails and pushes; None: not at all.

    Without a `database` it is SQLite's, in the folder of the data.
    """

    data: Path
    port: int
    public_url: str
    mail: Mail | None = None
    zone: str = ZONE
    push: Push | None = None
    machine: Machine = Machine()
    database: Database | None = None

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this server over TLS, so that its cookie must say Secure."""
        return self.public_url.startswith("https:")

    @property
    def host(self) -> str:
        """What a request must carry as its Host."""
        return urlsplit(self.public_url).netloc


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that the environment names, with the default of each that it does not.

    Raises:
        WrongSettings: a name is not known, or a value cannot be.
    """
    for name in sorted(environment):
        if name.startswith("MICROBLOG_") and name not in (*OURS, *THEIRS):
            raise WrongSettings(f"{name} is not a setting: known is {', '.join(OURS)}")
    port = _read_port(environment.get("PORT", "8000"))
    data = environment.get("MICROBLOG_DATA", "instance")
    if not data or "\0" in data:
        raise WrongSettings("MICROBLOG_DATA is empty: it names the folder of the data")
    url = environment.get("PUBLIC_URL", f"http://127.0.0.1:{port}")
    origin, mail = _read_origin(url), _read_mail(environment)
    if mail is not None and len(origin) > MAX_ORIGIN:
        raise WrongSettings(
            f"PUBLIC_URL is longer than the {MAX_ORIGIN} characters that a mail has"
        )
    zone = _read_zone(environment.get("MICROBLOG_ZONE", ZONE))
    push, machine = _read_push(environment), _read_machine(environment, port)
    database = _read_database(environment)
    return Settings(Path(data).absolute(), port, origin, mail, zone, push, machine, database)


def is_address(text: str) -> bool:
    """Return whether a text is one plain mail address, and nothing that a mail could break at."""
    return _ADDRESS.fullmatch(text) is not None


def _read_port(text: str, name: str = "PORT") -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65535:
        raise WrongSettings(f"{name} is not a number from 1 to 65535")
    return int(text)


def _read_machine(environment: Mapping[str, str], port: int) -> Machine:
    socket, metrics, key, live = (environment.get(name) for name in MACHINE)
    if socket is not None and not _is_socket(socket):
        raise WrongSettings(
            "MICROBLOG_SOCKET is not a whole path such as /run/microblog/microblog.sock"
        )
    metrics_port = None if metrics is None else _read_port(metrics, "MICROBLOG_METRICS_PORT")
    if metrics_port == port:
        raise WrongSettings("MICROBLOG_METRICS_PORT is PORT, which browsers are let in to")
    if key is not None and not Path(key).is_file():
        raise WrongSettings("MICROBLOG_BACKUP_KEY names no file")
    place = None if live is None else _read_live(live)
    if place is not None and place in (port, metrics_port, socket and Path(socket)):
        raise WrongSettings("MICROBLOG_LIVE is where something else listens already")
    return Machine(
        Path(socket) if socket else None, metrics_port, Path(key).absolute() if key else None, place
    )


def _is_socket(text: str) -> bool:
    return text.startswith("/") and len(os.fsencode(text)) <= MAX_SOCKET_BYTES


def _read_live(text: str) -> Path | int:
    if re.fullmatch(r"[0-9]+", text, re.ASCII):
        return _read_port(text, "MICROBLOG_LIVE")
    if not _is_socket(text):
        raise WrongSettings(
            "MICROBLOG_LIVE is neither a port nor a whole path, /run/microblog-live/live.sock or so"
        )
    return Path(text)


def _read_database(environment: Mapping[str, str]) -> Database | None:
    url, standby, workers = (environment.get(name) for name in DATABASE)
    if url is None:
        for name in DATABASE:
            if name in environment:
                raise WrongSettings(f"{name} is set, and MICROBLOG_DATABASE, which it is of, not")
        return None
    # What it says beyond that is libpq's to read; none of it is repeated, for a password's sake.
    if not re.fullmatch(r"postgresql://[!-~]+", url):
        raise WrongSettings(
            "MICROBLOG_DATABASE is not an address such as postgresql://db.example.org/microblog"
        )
    if standby not in (None, "yes", "no"):
        raise WrongSettings("MICROBLOG_STANDBY is neither yes nor no")
    # The second name is the one that others use for it.
    count = workers or environment.get("WEB_CONCURRENCY") or str(WORKERS)
    if not re.fullmatch(r"[1-9][0-9]?", count, re.ASCII):
        raise WrongSettings("MICROBLOG_WORKERS is not a number from 1 to 99")
    return Database(url, standby == "yes", int(count))


def _read_origin(text: str) -> str:
    """Return an origin exactly as a browser writes it, because signatures are made over it."""
    wrong = "PUBLIC_URL is not an origin such as https://microblog.example.org"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WrongSettings(wrong) from None
    plain = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    origin = f"{parts.scheme}://{plain}" + (f":{port}" if port not in (None, default) else "")
    if default is None or not _HOST.fullmatch(host) or text.removesuffix("/") != origin:
        raise WrongSettings(wrong)
    if parts.scheme == "http" and host not in NEAR:
        raise WrongSettings("PUBLIC_URL is not https, and not this machine either")
    return origin


def _read_zone(text: str) -> str:
    """Return the name of a time zone that this machine, or the package of them, knows."""
    try:
        ZoneInfo(text)
    except (OSError, ValueError, LookupError):
        raise WrongSettings("MICROBLOG_ZONE is not a time zone such as Europe/London") from None
    return text


def _read_mail(environment: Mapping[str, str]) -> Mail | None:
    if "MICROBLOG_MAIL" not in environment:
        for name in MAIL:
            if name in environment:
                raise WrongSettings(f"{name} is set, and MICROBLOG_MAIL, the mail server, is not")
        return None
    host, port, tls = _read_mail_server(environment["MICROBLOG_MAIL"])
    sender = environment.get("MICROBLOG_MAIL_FROM", "")
    if not is_address(sender):
        raise WrongSettings("MICROBLOG_MAIL_FROM is not an address such as round-up@example.org")
    user, secret = (environment.get(name) for name in MAIL[2:4])
    if (user is None) != (secret is None) or "" in (user, secret):
        raise WrongSettings("MICROBLOG_MAIL_USER and MICROBLOG_MAIL_PASSWORD_FILE go together")
    if user is not None and not (user.isascii() and user.isprintable()):
        raise WrongSettings("MICROBLOG_MAIL_USER is not plain text")
    authorities = environment.get("MICROBLOG_MAIL_CA")
    if authorities is not None and not Path(authorities).is_file():
        raise WrongSettings("MICROBLOG_MAIL_CA names no file")
    return Mail(host, port, tls, sender, user or "",
                Path(secret).absolute() if secret else None,
                Path(authorities).absolute() if authorities else None)  # fmt: skip


def _read_push(environment: Mapping[str, str]) -> Push | None:
    contact = environment.get("MICROBLOG_PUSH")
    if contact is None:
        for name in PUSH:
            if name in environment:
                raise WrongSettings(f"{name} is set, and MICROBLOG_PUSH, whom to write to, is not")
        return None
    scheme, _, rest = contact.partition(":")
    if not (scheme == "mailto" and is_address(rest)) and not re.fullmatch(
        r"https://[a-z0-9.-]+(/[!-~]*)?", contact
    ):
        raise WrongSettings("MICROBLOG_PUSH is not a contact such as mailto:it@example.org")
    named = environment.get("MICROBLOG_PUSH_HOSTS")
    hosts = PUSH_HOSTS if named is None else tuple(named.split(","))
    if not all(map(_is_push_host, hosts)):
        raise WrongSettings(
            "MICROBLOG_PUSH_HOSTS is not a list such as fcm.googleapis.com,*.push.apple.com"
        )
    authorities = environment.get("MICROBLOG_PUSH_CA")
    if authorities is not None and not Path(authorities).is_file():
        raise WrongSettings("MICROBLOG_PUSH_CA names no file")
    return Push(contact, hosts, Path(authorities).absolute() if authorities else None)


def _is_push_host(text: str) -> bool:
    return _PUSH_HOST.fullmatch(text) is not None and int(text.partition(":")[2] or 443) <= 65535


def _read_mail_server(text: str) -> tuple[str, int, bool]:
    wrong = "MICROBLOG_MAIL is not a mail server such as smtp://mail.example.org:587"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WrongSettings(wrong) from None
    plain = f"[{host}]" if ":" in host else host
    known = parts.scheme in ("smtp", "smtps") and _HOST.fullmatch(host)
    if not known or not port or text.removesuffix("/") != f"{parts.scheme}://{plain}:{port}":
        raise WrongSettings(wrong)
    return host, port, parts.scheme == "smtps"
