// What I say of myself: how to ring and mail me, and who answers for my work.

import { useSignal } from "@preact/signals";

import type { Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useKeptForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { PickPerson } from "./parts/pick.tsx";
import { Who } from "./parts/who.tsx";
import { look, mails, overview } from "./state.ts";
import { nameOf } from "./words.ts";

const MOST_DEPUTIES = 8;

export function Profile({ me }: { me: Person }) {
  const saved = useSignal(false);
  const { phone, email, supervisor, deputies } = me;
  const form = useKeptForm(
    "profile",
    { phone, email, supervisor, deputies, deputy: "" },
    (now) => [
      ...must(
        /^[+0-9 ()-]*$/.test(now.phone),
        "phone",
        "Enter a phone number in figures, like 01632 960 000",
      ),
      ...must(
        !now.email.trim() || /^\S+@\S+$/.test(now.email.trim()),
        "email",
        "Enter an email address with an @, or none",
      ),
    ],
    async (now) => {
      await ask("setProfile", {
        phone: now.phone.trim(),
        email: now.email.trim(),
        supervisor: now.supervisor,
        deputies: now.deputy ? [...now.deputies, now.deputy] : now.deputies,
      });
      await look();
      saved.value = true;
    },
  );
  const set = (part: Partial<typeof form.now>) => {
    saved.value = false;
    form.set(part);
  };
  const colleagues = (overview.value?.people ?? []).filter(({ id, left }) => !left && id !== me.id);
  return (
    <>
      <h2>My details</h2>
      <FormFrame form={form} failed="Not saved." button="Save my details" look="second">
        <Field
          {...form.of("phone")}
          onInput={(value) => set({ phone: value })}
          label="Phone"
          hint="Colleagues on a child’s team ring you on this. The server can read it."
          type="tel"
          own="tel"
          width="middle"
        />
        <Field
          {...form.of("email")}
          onInput={(value) => set({ email: value })}
          label="Work email"
          hint={`Colleagues see it, and the server can read it. ${mails.value ? "Your round-ups come to it." : "This server sends no mail."}`}
          type="email"
          own="email"
        />
        {colleagues.length > 0 && (
          <>
            <PickPerson
              {...form.of("supervisor")}
              onInput={(value) => set({ supervisor: value })}
              label="My supervisor"
              hint="Proposed, by name, to whoever adds you to a team. This alone lets nobody in."
              none="None named"
              among={colleagues}
            />
            <Deputies
              colleagues={colleagues}
              value={form.now.deputies}
              next={form.now.deputy}
              onInput={(deputies, deputy) => set({ deputies, deputy })}
            />
          </>
        )}
      </FormFrame>
      <p role="status">{saved.value && "Saved."}</p>
    </>
  );
}

interface DeputiesProps {
  colleagues: Person[];
  value: string[];
  next: string; // chosen, and not in the list yet
  onInput: (ids: string[], next: string) => void;
}

function Deputies({ colleagues, value, next, onInput }: DeputiesProps) {
  const chosen = value.flatMap((id) => colleagues.find((one) => one.id === id) ?? []);
  const others = colleagues.filter(({ id }) => !value.includes(id));
  return (
    <>
      {chosen.length > 0 && (
        <ul class="lines">
          {chosen.map((person) => (
            <li key={person.id} class="line">
              <div>
                <Who person={person} />
                <p class="small">Deputy</p>
              </div>
              <Button
                look="plain"
                onClick={() => onInput(value.filter((id) => id !== person.id), next)}
              >
                Remove<span class="unseen"> deputy {nameOf(person)}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen.length < MOST_DEPUTIES && others.length > 0 && (
        <>
          <PickPerson
            id="deputy"
            label={chosen.length > 0 ? "Another deputy" : "Deputy"}
            hint="Who stands in when your supervisor is away"
            among={others}
            value={next}
            onInput={(id) => onInput(value, id)}
          />
          {next && (
            <p>
              <Button look="second" onClick={() => onInput([...value, next], "")}>
                And another deputy
              </Button>
            </p>
          )}
        </>
      )}
    </>
  );
}
