// A stream as the honest server in memory keeps it.

import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import type { Value } from "../../microblog/web/src/protocol/encoding.ts";
import type { Entry } from "../../microblog/web/src/protocol/entry.ts";
import { readShred, SHREDDED } from "../../microblog/web/src/protocol/shred.ts";
import type { Stream, Target } from "../../microblog/web/src/protocol/stream.ts";

/** A stream as the server keeps it. */
export class Kept {
  stream: Stream;
  entries: Entry[] = [];
  boxes = new Map<number, BytesMap<Uint8Array>>();
  targets = new Map<number, Target>();
  removed = new BytesMap<number>();

  constructor(stream: Stream) {
    this.stream = stream;
  }

  /** Let go what a verified shred destroys. */
  destroy(payload: Value): void {
    const [seqs, seconded] = readShred(payload);
    for (const seq of seconded.length > 0 ? seqs : []) {
      const [entry, target] = [this.entries[seq], this.targets.get(seq)];
      if (entry && SHREDDED.includes(entry.header.kind)) {
        this.entries[seq] = { ...entry, body: new Uint8Array(), salt: new Uint8Array() };
      }
      if (target) this.targets.set(seq, { ...target, erased: true });
    }
  }

  copy(): Kept {
    const copy = new Kept(this.stream);
    copy.entries = [...this.entries];
    for (const [epoch, boxes] of this.boxes) copy.boxes.set(epoch, new BytesMap(boxes));
    copy.targets = new Map(this.targets);
    copy.removed = new BytesMap(this.removed);
    return copy;
  }
}
