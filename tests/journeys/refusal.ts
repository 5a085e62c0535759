// What the stand-in Worker refuses, by the name that the real one would give.

export class Refusal extends Error {
  readonly code: string;

  constructor(name: string, code = "") {
    super(name);
    this.name = name;
    this.code = code;
  }
}
