// Choosing one of the practice's agencies, or one of its people.

import type { ComponentChildren } from "preact";

import type { Person } from "../../client/shown.ts";
import type { Form } from "../form.ts";
import { overview } from "../state.ts";
import { byAgency, nameOf } from "../words.ts";
import { Select } from "./field.tsx";

interface Props {
  id: string;
  form?: Form;
  value: string;
  onInput: (value: string) => void;
  hint?: ComponentChildren;
}

export function PickAgency(props: Props) {
  return (
    <Select {...props} label="Agency">
      <option value="">Choose an agency</option>
      {overview.value?.agencies.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
    </Select>
  );
}

interface PersonProps extends Props {
  label: string;
  among: Person[];
  /** What stands for nobody. */
  none?: string;
}

export function PickPerson({ among, none = "Choose a person", ...props }: PersonProps) {
  return (
    <Select {...props}>
      <option value="">{none}</option>
      {byAgency(among).map(([agency, members]) => (
        <optgroup key={agency} label={agency}>
          {members.map((one) => (
            <option key={one.id} value={one.id}>
              {[nameOf(one), one.job].filter(Boolean).join(", ")}
            </option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}
