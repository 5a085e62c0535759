// Of libsodium as it is published, what src/protocol/primitives.ts calls: numbers are places in its memory, or lengths.

declare module "libsodium-sumo" {
  type Call = (...numbers: number[]) => number;

  export interface Sodium {
    /** Anew after each growth: never keep it. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    readonly _malloc: Call;
    readonly _free: (place: number) => void;
    readonly _sodium_init: Call;
    readonly _crypto_aead_xchacha20poly1305_ietf_decrypt: Call;
    readonly _crypto_aead_xchacha20poly1305_ietf_encrypt: Call;
    readonly _crypto_box_easy: Call;
    readonly _crypto_box_seal_open: Call;
    readonly _crypto_box_seed_keypair: Call;
    readonly _crypto_core_ed25519_is_valid_point: Call;
    readonly _crypto_generichash: Call;
    readonly _crypto_pwhash: Call;
    readonly _crypto_scalarmult: Call;
    readonly _crypto_scalarmult_base: Call;
    readonly _crypto_sign_detached: Call;
    readonly _crypto_sign_seed_keypair: Call;
    readonly _crypto_sign_verify_detached: Call;
  }

  export default function load(options: { getRandomValue: () => number }): Promise<Sodium>;
}
