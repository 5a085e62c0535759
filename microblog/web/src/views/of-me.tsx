// Which screen stands under Me, by the address; and what stands when this device's time is over.

import { Device } from "./device.tsx";
import { LetIn } from "./let-in.tsx";
import { MailChoice } from "./mail-choice.tsx";
import { Me } from "./me.tsx";
import { Notices } from "./notices.tsx";
import { Nowhere } from "./parts/nowhere.tsx";
import { NewSheet } from "./sheet.tsx";

export { Ended } from "./ended.tsx";

export function OfMe({ parts: [part, which = ""] }: { parts: string[] }) {
  switch (part) {
    case undefined:
      return <Me />;
    case "devices":
      return <Device which={which} />;
    case "link":
      return <LetIn />;
    case "notices":
      return <Notices />;
    case "round-ups":
      return <MailChoice />;
    case "sheet":
      return <NewSheet />;
    default:
      return <Nowhere />;
  }
}
