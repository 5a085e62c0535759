"""What the vectors may call of linking devices and of recovery sheets."""

from collections.abc import Callable, Mapping
from typing import Any

from microblog.protocol import link, recovery
from microblog.protocol.log import Head


def _link(fields: Mapping[str, Any]) -> link.Link:
    return link.Link(**fields)


def _pins(fields: Mapping[str, Any]) -> link.Pins:
    heads = tuple((log, Head(**head)) for log, head in fields["heads"])
    return link.Pins(**{**fields, "heads": heads})


def _sheet(fields: Mapping[str, Any]) -> recovery.Sheet:
    return recovery.Sheet(**{**fields, "directory": Head(**fields["directory"])})


LINK_CALLS: Mapping[str, Callable[..., Any]] = {
    "link.encode_code": link.encode_code,
    "link.read_code": link.read_code,
    "link.derive_link": link.derive_link,
    "link.seal_offer": lambda of, nonce, it: link.seal_offer(_link(of), nonce, link.Offer(**it)),
    "link.open_offer": lambda of, message: link.open_offer(_link(of), message),
    "link.seal_welcome": lambda of, nonce, it: link.seal_welcome(
        _link(of), nonce, link.Welcome(**it)
    ),
    "link.open_welcome": lambda of, message: link.open_welcome(_link(of), message),
    "link.seal_consent": lambda of, nonce, it: link.seal_consent(_link(of), nonce, it),
    "link.open_consent": lambda of, message: link.open_consent(_link(of), message),
    "link.seal_pins": lambda of, nonce, it: link.seal_pins(_link(of), nonce, _pins(it)),
    "link.open_pins": lambda of, message: link.open_pins(_link(of), message),
    "recovery.encode_sheet": recovery.encode_sheet,
    "recovery.read_sheet": recovery.read_sheet,
    "recovery.check_group": recovery.check_group,
    "recovery.derive_device_seed": recovery.derive_device_seed,
    "recovery.derive_box_secret": recovery.derive_box_secret,
    "recovery.encode_sheet_link": lambda sheet: recovery.encode_sheet_link(_sheet(sheet)),
    "recovery.decode_sheet_link": recovery.decode_sheet_link,
}
