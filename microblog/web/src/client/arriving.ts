// How new keys come to this device: with an invitation or the founding link, from another device, or off a sheet.

import type { Entry } from "../protocol/entry.ts";
import { BadInvitation, BadLetters, LinkOver } from "../protocol/errors.ts";
import type { Keys } from "../protocol/vault.ts";
import type { Device } from "./device.ts";
import * as joining from "./joining.ts";
import * as linking from "./linking.ts";
import type { Answer, Ask, Invitation, Linked, Opened, Recovery } from "./messages.ts";
import * as recovering from "./recovering.ts";
import { lock, type World } from "./session.ts";
import { Unreachable, type Transport } from "./transport.ts";

export class Arriving {
  readonly #device: Device;
  readonly #transport: Transport;
  readonly #world: World;
  #guest: joining.Guest | null = null;
  #newcomer: linking.Newcomer | null = null;
  #found: recovering.Found | null = null;
  // Keys that were sent to join or found with, without an answer: perhaps the server knows them.
  #doubted: { readonly keys: Keys; readonly entries: readonly Entry[] } | null = null;

  constructor(device: Device, transport: Transport, world: World) {
    this.#device = device;
    this.#transport = transport;
    this.#world = world;
  }

  /** Read an invitation, which `join` then takes. */
  async readInvitation({ fragment, letters }: Ask<"readInvitation">): Promise<Invitation> {
    const [guest, invitation] = await joining.readInvitation(this.#transport, fragment, letters, this.#world);
    this.#guest = guest;
    this.#doubted = null;
    return invitation;
  }

  /** Make new keys, keep them, and join with the invitation that was read. */
  async join(ask: Opened): Promise<void> {
    const guest = this.#guest;
    if (guest === null) throw new BadInvitation("no invitation was read");
    const keys = this.#doubted?.keys ?? joining.newKeys(guest, this.#world);
    await this.#settle(ask, keys, [], () => joining.join(guest, keys, ask.device, this.#world));
    this.#guest = null;
  }

  /** Make a steward's keys, keep them, and found the practice. */
  async found(ask: Ask<"found">): Promise<void> {
    const transport = this.#transport;
    const { keys, entries } =
      this.#doubted ?? joining.draftFounding(ask, transport.origin, this.#world);
    await this.#settle(ask, keys, entries, () => joining.found(transport, ask.token, entries));
  }

  /** Show a code by which a device that has my keys lets this one in. */
  async beginLink({ device }: Ask<"beginLink">): Promise<Answer<"beginLink">> {
    await this.#device.checkNoKeys();
    const newcomer = await linking.beginLink(this.#transport, device, this.#world);
    this.#newcomer = newcomer;
    this.#doubted = null;
    return { letters: newcomer.letters, link: `${this.#transport.origin}/link#${newcomer.letters}` };
  }

  /** Go on with linking this device as far as the other has. */
  async linked(): Promise<Linked> {
    if (this.#newcomer === null) return { state: "over", practice: "", name: "" };
    return linking.proceed(this.#newcomer);
  }

  /** Keep the keys of this device, which was let in. */
  async finishLink(ask: Opened): Promise<void> {
    const keys = this.#newcomer?.keys ?? null;
    if (keys === null) throw new LinkOver("this device was not let in");
    await this.#settle(ask, keys, [], async () => undefined);
    this.#newcomer = null;
  }

  /** Read a recovery sheet, which `recover` then uses. */
  async readSheet({ fragment, letters }: Ask<"readSheet">): Promise<Recovery> {
    this.#found = fragment
      ? await recovering.readLink(this.#transport, fragment, this.#world)
      : await recovering.readLetters(this.#transport, letters ?? "", this.#world);
    this.#doubted = null;
    return this.#found.shown;
  }

  /** Make new keys, keep them, and have the sheet let them in and shut out what is lost. */
  async recover(ask: Ask<"recover">): Promise<void> {
    const found = this.#found;
    if (found === null) throw new BadLetters("no sheet was read");
    const keys = this.#doubted?.keys ?? recovering.newKeys(found);
    await this.#settle(ask, keys, [], () => recovering.recover(found, keys, ask.device, ask.lost));
    this.#found = null;
    lock(found.session);
  }

  async #settle(
    opened: Opened,
    keys: Keys,
    entries: readonly Entry[],
    send: () => Promise<void>,
  ): Promise<void> {
    try {
      await this.#device.settle(opened, keys, this.#doubted !== null, send);
    } catch (error) {
      if (error instanceof Unreachable) this.#doubted = { keys, entries };
      throw error;
    }
    this.#doubted = null;
  }
}
