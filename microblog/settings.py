"""What differs between one place and another, read once from the environment and never changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

OURS = ("MICROBLOG_DATA",)
# Those of the command line, which may run in the same environment.
THEIRS = ("MICROBLOG_HOME", "MICROBLOG_PASSPHRASE_FILE")
NEAR = ("127.0.0.1", "::1", "localhost")

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")


class WrongSettings(Exception):
    """The environment asks for something that cannot be; the message is the one line to read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies, and how the server is reached."""

    data: Path
    port: int
    public_url: str

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
    return Settings(Path(data).absolute(), port, _read_origin(url))


def _read_port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65535:
        raise WrongSettings("PORT is not a number from 1 to 65535")
    return int(text)


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
