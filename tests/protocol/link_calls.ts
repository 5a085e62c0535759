// What the vectors may call of linking devices and of recovery sheets.

import * as link from "../../microblog/web/src/protocol/link.ts";
import * as recovery from "../../microblog/web/src/protocol/recovery.ts";

export const LINK_CALLS: readonly (readonly [string, (...given: never[]) => unknown])[] = [
  ["link.encode_code", link.encodeCode],
  ["link.read_code", link.readCode],
  ["link.derive_link", link.deriveLink],
  ["link.seal_offer", link.sealOffer],
  ["link.open_offer", link.openOffer],
  ["link.seal_welcome", link.sealWelcome],
  ["link.open_welcome", link.openWelcome],
  ["link.seal_consent", link.sealConsent],
  ["link.open_consent", link.openConsent],
  ["link.seal_pins", link.sealPins],
  ["link.open_pins", link.openPins],
  ["recovery.encode_sheet", recovery.encodeSheet],
  ["recovery.read_sheet", recovery.readSheet],
  ["recovery.check_group", recovery.checkGroup],
  ["recovery.derive_device_seed", recovery.deriveDeviceSeed],
  ["recovery.derive_box_secret", recovery.deriveBoxSecret],
  ["recovery.encode_sheet_link", recovery.encodeSheetLink],
  ["recovery.decode_sheet_link", recovery.decodeSheetLink],
];
