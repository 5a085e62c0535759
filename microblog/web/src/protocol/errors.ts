// Every way in which bytes can fail to be what they claim, one class a reason, alike in both
// languages.
// The name is written out, because a bundler shortens what a class is called.

/** Something is not what the protocol says it must be. */
export class ProtocolError extends Error {
  override readonly name: string = "ProtocolError";
}

/** The bytes are not the one encoding of a value of the right shape. */
export class Malformed extends ProtocolError {
  override readonly name = "Malformed";
}

/** Written with a newer version: this app is too old, update it. */
export class TooNew extends ProtocolError {
  override readonly name = "TooNew";
}

/** The entry belongs to another log. */
export class WrongLog extends ProtocolError {
  override readonly name = "WrongLog";
}

/** The entry does not follow the one before it. */
export class BrokenChain extends ProtocolError {
  override readonly name = "BrokenChain";
}

/** The log does not continue what this client has already seen of it. */
export class RolledBack extends ProtocolError {
  override readonly name = "RolledBack";
}

/** The server shows less of the log than a witness has seen of it. */
export class HeldBack extends ProtocolError {
  override readonly name = "HeldBack";
}

/** A witness has seen another log than the one that is here. */
export class ForkedLog extends ProtocolError {
  override readonly name = "ForkedLog";
}

/** The entry claims an older view of the directory than the entry before it. */
export class StaleDirectory extends ProtocolError {
  override readonly name = "StaleDirectory";
}

/** The entry has seen more of the directory than the reader: fetch the directory first. */
export class DirectoryBehind extends ProtocolError {
  override readonly name = "DirectoryBehind";
}

/** The entry was written with another directory than the reader's. */
export class ForkedDirectory extends ProtocolError {
  override readonly name = "ForkedDirectory";
}

/** The device was not the author's, or not good, when it signed. */
export class UnknownDevice extends ProtocolError {
  override readonly name = "UnknownDevice";
}

/** A signature does not fit. */
export class NotAuthentic extends ProtocolError {
  override readonly name = "NotAuthentic";
}

/** The author may not do this. */
export class NotAllowed extends ProtocolError {
  override readonly name = "NotAllowed";
}

/** Someone listed has left or lost a device: the next entry must be a new epoch. */
export class LossUnanswered extends ProtocolError {
  override readonly name = "LossUnanswered";
}

/** The entry stands in another epoch than the stream. */
export class WrongEpoch extends ProtocolError {
  override readonly name = "WrongEpoch";
}

/** The list of an epoch is not the list before it less some. */
export class WrongList extends ProtocolError {
  override readonly name = "WrongList";
}

/** The invitation is used, revoked, out of date, or not signed by its key. */
export class BadInvitation extends ProtocolError {
  override readonly name = "BadInvitation";
}

/** A public key is invalid, or already used in this directory. */
export class BadKey extends ProtocolError {
  override readonly name = "BadKey";
}

/** A body cannot be shown: it is withheld, void or waiting (`why`), and the log goes on. */
export class Unreadable extends ProtocolError {
  override readonly name = "Unreadable";
  readonly why: string;

  constructor(why: string) {
    super(why);
    this.why = why;
  }
}

/** Letters that were typed are not what was shown; `group`, from 0, if it is known which. */
export class BadLetters extends ProtocolError {
  override readonly name = "BadLetters";
  readonly group: number | null;

  constructor(message: string, group: number | null = null) {
    super(message);
    this.group = group;
  }
}

/** No device waits under this code: mistyped, answered already, or its ten minutes are over. */
export class LinkOver extends ProtocolError {
  override readonly name = "LinkOver";
}

/** The vault asks for less work than a guesser must be made to do, or for absurdly much. */
export class WeakVault extends ProtocolError {
  override readonly name = "WeakVault";
}

/** The passphrase does not open the vault, or the vault was damaged. */
export class WrongPassphrase extends ProtocolError {
  override readonly name = "WrongPassphrase";
}
