// Long work in short pieces, so that the Worker hears the page in between.

const PIECE_MS = 20;

/** Lets others have their turn whenever a piece of work has taken long enough. */
export class Pace {
  #begun = performance.now();

  /** Wait for a moment, if it is time to. */
  async rest(): Promise<void> {
    if (performance.now() - this.#begun < PIECE_MS) return;
    await turn();
    this.#begun = performance.now();
  }
}

// A timer would wait for longer than the others need.
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
