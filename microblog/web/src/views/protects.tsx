// How this protects a family, and what it cannot do: for anyone to read, before joining and without keys.

import { Page } from "./parts/page.tsx";

export function Protects({ inside }: { inside?: boolean }) {
  return (
    <Page
      title="How this protects a family, and what it cannot do"
      back={inside ? { href: "#/me", text: "Back to Me" } : { href: "/", text: "To the app" }}
    >
      <div class="reading">
        <p class="inset">
          <strong>
            What is written here is part of the child’s record. The child, a parent or a court may
            read it.
          </strong>
        </p>
        <p class="inset">
          <strong>Not for real children yet.</strong> If a child’s whole team is out of reach, nobody
          else can open what they wrote, not even in an emergency. Until two people together can,
          only invented children may be in it.
        </p>
        <CanRead />
        <ServerSees />
        <Messages />
        <Cannot />
        <Careful />
      </div>
    </Page>
  );
}

function CanRead() {
  return (
    <>
      <h2>Who can read it</h2>
      <ul>
        <li>
          Only the people on a child’s team. Their names stand on the screen before anything is sent.
        </li>
        <li>
          Someone new to a team can read all that was written before. Someone taken off it cannot
          open what is written after.
        </li>
        <li>
          Each post is locked on the writer’s device and unlocked on the team’s devices. In between
          it is a sealed envelope.
        </li>
        <li>
          Each post is signed. It can be corrected or taken back, but not changed in secret. Words
          that were put on the wrong child are erased at once.
        </li>
      </ul>
      <h2>Who cannot read it</h2>
      <ul>
        <li>Whoever runs the server, makes its backups or repairs it.</li>
        <li>Whoever steals the server, or listens on the network.</li>
        <li>
          Colleagues who are not on that team. That is so for managers, too, and for whoever lets
          staff in.
        </li>
        <li>
          Whoever finds a locked phone. They would have to guess a long passphrase, and each guess is
          slow.
        </li>
      </ul>
    </>
  );
}

function ServerSees() {
  return (
    <>
      <h2>What the server does see</h2>
      <p>It never holds a child’s name or a word of what is written. It does hold:</p>
      <ul>
        <li>the name, job, agency, phone and email of each member of staff</li>
        <li>
          who is on the team of which stream. A stream is a random number to the server; it does not
          know which child it is about
        </li>
        <li>who wrote something there, and when, and whether they told supervisors at once</li>
        <li>who put whom on a team, or took them off, and who asked to join</li>
        <li>which devices people use, when they use the app, and when they want mail</li>
      </ul>
    </>
  );
}

function Messages() {
  return (
    <>
      <h2>What mail and notices say</h2>
      <p>
        That something is new, and never what. A mail says how many posts there are, and two random
        words for each stream. A notice on a phone says that something is new, or that something of
        yours is not sent yet, and nothing else. Whoever carries them still learns who works here, and
        when something was written.
      </p>
    </>
  );
}

function Cannot() {
  return (
    <>
      <h2>What it cannot do</h2>
      <ul>
        <li>
          <strong>It cannot guard a phone that is open.</strong> Whoever holds it reads what its
          owner can read.
        </li>
        <li>
          <strong>It cannot stop a colleague who tells.</strong> They can talk, copy, print, or
          photograph the screen.
        </li>
        <li>
          <strong>It cannot guard a device with spying software on it.</strong> That sees what you
          see, and what you type.
        </li>
        <li>
          <strong>It cannot fully guard against its own server.</strong> In a browser, the server
          hands out the app itself. Whoever controls it could hand out a false one. That can be
          checked for, but not ruled out.
        </li>
        <li>
          <strong>It cannot make a server show everything.</strong> A server could hold back what is
          new. If an outside witness watches it, that is noticed; without one, it may not be.
        </li>
        <li>
          <strong>It cannot take back what was read.</strong> A lost device is shut out from what
          comes after. What it had is still under its passphrase.
        </li>
        <li>
          <strong>It cannot reset a lost passphrase.</strong> A recovery sheet or a second device
          helps. Without either, someone has to be invited and let in again.
        </li>
        <li>
          <strong>It cannot call for help.</strong> Nobody is on duty here, and it is not a referral.
          If a child is in danger now, ring 999.
        </li>
        <li>
          <strong>It does not judge.</strong> It never works out how safe a child is. People do.
        </li>
      </ul>
    </>
  );
}

function Careful() {
  return (
    <>
      <h2>What you can do</h2>
      <ul>
        <li>Write only what may be read back to the family one day.</li>
        <li>Do not write an address, a phone number or another child’s name if it is not needed.</li>
        <li>Press Hide when someone looks over your shoulder, and Lock when you go.</li>
        <li>Look at who can read it before you send.</li>
        <li>Tell a steward at once when a device is lost: then it is shut out.</li>
      </ul>
    </>
  );
}
