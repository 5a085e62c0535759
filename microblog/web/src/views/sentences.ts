// Every error as a person is told of it: what happened, and what to do next.

import type { Trouble } from "../client/shown.ts";
import { WorkerError } from "./bridge.ts";

export interface Failure {
  title: string; // what happened
  next: string; // what to do
  error: string; // its name, for whoever is asked for help
}

type Words = [title: string, next: string];

const STEWARD = "Ring a steward of your practice, not by a number found on this screen.";

/** The page and the server were not built for each other. */
const STRANGE: Words = [
  "The server did not understand this app.",
  "One of them is older. Press Update above, or close every tab of this app and open it again: what you have begun is kept. If it goes on, tell whoever runs the server.",
];

const ERRORS: Record<string, Words> = {
  // The line and the server.
  Unreachable: [
    "The server cannot be reached.",
    "Check that you are online and try again. Nothing you wrote is lost while this page is open.",
  ],
  StaleHead: ["Someone else wrote at the same moment.", "Try again."],
  NotLoaded: [
    "A part of the app could not be loaded.",
    "Check that you are online and try again. If the server can be reached and it still says so, a new version is here: reload the page, and unlock again. A post that you have begun is kept, unless this is a shared computer.",
  ],
  Stopped: ["The app has stopped.", "Reload the page and unlock again."],
  Locked: ["The app is locked.", "Unlock it and try again."],
  StorageFull: [
    "This device has no room left to keep what it reads.",
    "Free some space, or ask whoever looks after this device. You can go on reading until you close this page.",
  ],
  Waiting: [
    "The key has not reached this device yet.",
    "It comes when a colleague on the team next opens the app. You can ask one of them to.",
  ],
  KeysKept: [
    "This device already holds keys.",
    "Unlock with them. To use other keys, choose “Forget this device” under Me first, or use another browser.",
  ],
  NoKeys: [
    "There are no keys on this device.",
    "Open your key file, or the link you were invited with.",
  ],

  // Passphrases, key files and invitations.
  WrongPassphrase: [
    "The passphrase does not open these keys.",
    "Check capital letters and spaces and try again. If it was never right, the key file may be damaged.",
  ],
  WeakVault: [
    "This key file is not protected well enough to be opened.",
    "Use the file that this app saved for you. If it is that file, tell a steward.",
  ],
  BadPasskey: [
    "This passkey does not open these keys.",
    "Use your passphrase. If you made the passkey for them, remove it under Me and add it anew.",
  ],
  NoTouch: [
    "No passkey has answered.",
    "Try again, or use your passphrase. If you have deleted the passkey from this device, remove it under Me.",
  ],
  NoPrf: [
    "This passkey cannot open keys in this browser.",
    "Use your passphrase. A newer browser, or the device’s own lock in place of a security key, may do it.",
  ],
  KnownPasskey: ["This passkey opens your keys already.", "There is nothing to add."],
  PassphraseChanged: [
    "The passphrase was changed in another window.",
    "Lock the app, unlock it with the new one, and try again.",
  ],
  BadInvitation: [
    "This invitation cannot be used.",
    "It may have been used already, taken back, or be older than seven days, or a letter may be wrong. Check the letters; else ask for a new invitation.",
  ],
  BadKey: [
    "This key is in use already, or is no key.",
    "A key is used once only. Ask for a new invitation; a witness makes itself a new key.",
  ],

  // Devices and recovery sheets.
  LinkOver: [
    "The new device does not answer.",
    "Its letters are good for ten minutes. Begin again on the new device, and use the letters that it shows then.",
  ],
  BadLetters: [
    "These letters do not fit.",
    "Compare each group with the paper or the other screen: one letter is enough to be wrong.",
  ],

  // What was checked and found wrong.
  TooNew: [
    "This app is too old. Update it.",
    "Press Update above, or close every tab of this app and open it again: what you have begun is kept. If it still says so, ask whoever runs the server.",
  ],
  RolledBack: [
    "The server shows an older state than this device has already seen.",
    `Entries are missing, or have been exchanged for others. An old copy may have been restored, or someone may be hiding them. Do not rely on what is shown. ${STEWARD}`,
  ],
  HeldBack: [
    "A witness has seen more than the server shows this device.",
    `Entries are being kept from you, or the witness does not tell the truth. Do not rely on what is shown, and do not post. ${STEWARD}`,
  ],
  ForkedLog: [
    "A witness has seen something else here than the server shows.",
    "Either the server shows different people different things, or the witness does not tell the truth. Do not rely on what is shown: nothing is sent, and what you write is kept. Tell a steward. They ask whoever runs the witness, by telephone or face to face, and end the witness only if it is the one that is wrong.",
  ],
  ForkedDirectory: [
    "The list of staff here is not the one your colleagues have.",
    `The server may be showing different people different lists. Do not post. ${STEWARD}`,
  ],
  StaleDirectory: [
    "An entry was written with an older list of staff than the entry before it.",
    `This does not happen by accident. What came before it is sound. ${STEWARD}`,
  ],
  DirectoryBehind: [
    "An entry knows more of the list of staff than the server will show.",
    "Try again in a minute. If it still says so, tell a steward.",
  ],
  NotAuthentic: [
    "An entry carries a signature that does not fit.",
    `Someone changed it, or pretended to be someone else. What came before it is sound. ${STEWARD}`,
  ],
  UnknownDevice: [
    "An entry was signed by a device that does not belong to its author.",
    `What came before it is sound. ${STEWARD}`,
  ],
  BrokenChain: [
    "An entry does not follow from the one before it.",
    `Something was left out, or put in. What came before it is sound. ${STEWARD}`,
  ],
  WrongLog: [
    "The server gave entries that belong somewhere else.",
    `What came before them is sound. ${STEWARD}`,
  ],
  Malformed: [
    "An entry is not written as it must be.",
    `It was damaged or made up. What came before it is sound. ${STEWARD}`,
  ],
  LossUnanswered: [
    "An entry was written with keys that someone who has left still holds.",
    `What came before it is sound. ${STEWARD}`,
  ],
  WrongEpoch: [
    "An entry was written with keys of another time.",
    `What came before it is sound. ${STEWARD}`,
  ],
  WrongList: [
    "An entry changes who is on the team in a way that is not allowed.",
    `What came before it is sound. ${STEWARD}`,
  ],
  NotAllowed: [
    "You may not do this.",
    "A keeper of the child’s team, or a steward of the practice, may. Ask one of them.",
  ],
  Unreadable: ["This entry cannot be read.", "Ask its author to post it again."],
};

/** What stands for an error when an entry in a log is at fault, and not one's own act. */
const TROUBLES: Record<string, Words> = {
  NotAllowed: [
    "An entry was written by someone who may not do what it does.",
    `What came before it is sound. ${STEWARD}`,
  ],
  BadInvitation: [
    "Someone joined with an invitation that was not good.",
    `It was used, taken back or out of date, or somebody made it up. What came before it is sound. ${STEWARD}`,
  ],
  BadKey: [
    "An entry names a key that is somebody else’s already.",
    `Someone may be pretending to be a colleague. What came before it is sound. ${STEWARD}`,
  ],
};

/** What stands for an error when it was one's own act that did not work. */
const ACTS: Record<string, Words> = {
  Malformed: [
    "Something in it is too long, or cannot be stored.",
    "Shorten it, or take out unusual signs, and try again.",
  ],
};

const CODES: Record<string, Words> = {
  "signed-out": [
    "The server no longer knows this device.",
    "Lock and unlock again. If it still says so, this device was shut out, or its time is over: look under Me on another of your devices, or ask a steward.",
  ],
  "cross-origin": [
    "The server does not accept requests from this address.",
    "Open the app at the address on your invitation. If it is that one, tell whoever runs the server.",
  ],
  "wrong-host": [
    "The server does not answer under this address.",
    "Open the app at the address on your invitation.",
  ],
  "not-found": [
    "The server does not have this, or you may no longer see it.",
    "Go back and look again.",
  ],
  "not-allowed": ["You may not do this.", "Ask a keeper of the team or a steward of the practice."],
  "too-large": ["This is too large to send.", "Make it shorter and try again."],
  busy: ["The server is busy.", "Wait a minute and try again."],
  "wrong-time": [
    "The clock of this device and the server’s do not agree.",
    "Set this device’s clock, or have it set by the network, and try again.",
  ],
  following: ["You follow this already.", "It is among the children you follow."],
  taken: [
    "These letters have been used already.",
    "Begin again on the new device, and use the letters that it shows then.",
  ],
  "too-many": [
    "Too many devices are being linked just now.",
    "Try again in ten minutes.",
  ],
  "not-restoring": ["The server is open again.", "Go on as usual."],
  "wrong-method": STRANGE,
  "wrong-type": STRANGE,
  refused: STRANGE,
  broken: [
    "The server has a fault.",
    "Try again in a minute. If it happens again, tell whoever runs the server.",
  ],
  "stale-note": [
    "What you have read was noted by another device of yours at the same moment.",
    "Nothing is lost: the app puts both together by itself.",
  ],
  restoring: [
    "The server is being put back from a backup.",
    "You can read, not post, until it is open again. What you have written is kept.",
  ],
};

/** Turn whatever was thrown into words. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof WorkerError)) return failure("Unexpected", undefined);
  return failureNamed(error.name, error.code);
}

/** The words for an error of which only the name, and the server's code, are known. */
export function failureNamed(name: string, code: string): Failure {
  if (code === "in-trouble") return troubleOf({ error: name, seq: 0 });
  if (name !== "Refused") return failure(name, ACTS[name] ?? ERRORS[name]);
  return failure(code, CODES[code] ?? ACTS[pascal(code)] ?? ERRORS[pascal(code)]);
}

/** The words for a log that cannot be trusted past its newest good entry. */
export function troubleOf(trouble: Trouble): Failure {
  return failure(trouble.error, TROUBLES[trouble.error] ?? ERRORS[trouble.error]);
}

export const LACKS: Record<string, string> = {
  webassembly:
    "WebAssembly is switched off. Without it nothing can be opened or sealed. Some browsers switch it off with “Enhanced security”.",
  workers: "Web Workers are missing or blocked. The keys live in one, apart from the page.",
  storage:
    "Storage is missing or blocked, as in some private windows. Keys cannot be kept on this device.",
};

function failure(error: string, words: Words | undefined): Failure {
  const [title, next] = words ?? [
    "Something went wrong that this app has no words for.",
    "Try again. If it happens again, tell whoever runs the server what you did, and this name.",
  ];
  return { title, next, error };
}

function pascal(code: string): string {
  return code.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
