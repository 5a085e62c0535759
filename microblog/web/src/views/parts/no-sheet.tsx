// There is no recovery sheet: said until there is one.

import { overview } from "../state.ts";
import { ButtonLink } from "./button.tsx";
import { Notice } from "./notice.tsx";

export function NoSheet() {
  if (overview.value?.sheets !== 0) return null;
  return (
    <Notice sort="warning" title="You have no recovery sheet.">
      <p>
        If this device is lost or broken, or the passphrase is forgotten, nothing brings you back:
        nobody else can. A sheet of paper does. It takes two minutes.
      </p>
      <p>
        <ButtonLink href="#/me/sheet">Make the recovery sheet</ButtonLink>
      </p>
    </Notice>
  );
}
