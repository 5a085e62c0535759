// People's notes to themselves at a server that stands in for a real one. The twin of notes.py.

import { Refused, Unreachable, type Carried } from "../../microblog/web/src/client/transport.ts";
import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";

export const NO_NOTE: Carried = { number: 0, data: new Uint8Array() };

/** What any connection answers of notes: a liar changes `notes`. */
export abstract class NoteConnection {
  readonly notes: BytesMap<Carried> = new BytesMap();

  /** Return where notes are kept, and whose they are. */
  noted(): { notes: BytesMap<Carried>; person: Uint8Array; isIn: boolean; down: boolean } {
    return { notes: this.notes, person: new Uint8Array(), isIn: true, down: false };
  }

  async ownNote(): Promise<Carried> {
    const { notes, person } = this.#noted();
    return notes.get(person) ?? NO_NOTE;
  }

  async putOwnNote({ number, data }: Carried): Promise<void> {
    const { notes, person } = this.#noted();
    if (number !== (notes.get(person) ?? NO_NOTE).number) throw new Refused("stale-note", "");
    notes.set(person, { number: number + 1, data });
  }

  #noted(): ReturnType<NoteConnection["noted"]> {
    const found = this.noted();
    if (found.down) throw new Unreachable("the server cannot be reached");
    if (!found.isIn) throw new Refused("signed-out", "");
    return found;
  }
}
