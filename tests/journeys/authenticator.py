"""What a touch needs in a test: a virtual authenticator, and a server that has a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

    from tests.journeys.people import Visitor

INTERNAL = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class LocalServer(Server):
    """A server under a name, since passkeys belong to names and not to numbers."""

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PUBLIC_URL": self.origin}


@dataclass
class Authenticator:
    """One that answers each touch by itself."""

    debugger: CDPSession
    id: str

    @classmethod
    def at(cls, visitor: Visitor, **options: object) -> Authenticator:
        debugger = visitor.page.context.new_cdp_session(visitor.page)
        debugger.send("WebAuthn.enable", {"enableUI": False})
        made = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL | options})
        return cls(debugger, made["authenticatorId"])

    def remove(self) -> None:
        self.debugger.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    def credentials(self) -> list[dict]:
        asked = {"authenticatorId": self.id}
        return self.debugger.send("WebAuthn.getCredentials", asked)["credentials"]
