/** A journal's file and a seal for tests: every failure of a disk on demand, no key of anybody. */
import { JournalError, type JournalErrorCode, type JournalFile } from '../journal';
import { type Seal, SealFailure } from '../seal';

export class JournalInMemory implements JournalFile {
  bytes = new Uint8Array();
  /** The next write fails; `afterBytes` of it still reach the disk, as when the power goes. */
  fails: { code: JournalErrorCode; afterBytes: number } | null = null;
  appends = 0;

  async read(): Promise<Uint8Array> {
    return this.bytes.slice();
  }

  async append(bytes: Uint8Array): Promise<void> {
    const failing = this.#failing();
    const written = failing ? bytes.subarray(0, failing.afterBytes) : bytes;
    const joined = new Uint8Array(this.bytes.length + written.length);
    joined.set(this.bytes);
    joined.set(written, this.bytes.length);
    this.bytes = joined;
    if (failing) throw new JournalError(failing.code, 'the disk did not take it');
    this.appends += 1;
  }

  async replace(bytes: Uint8Array): Promise<void> {
    const failing = this.#failing();
    if (failing) throw new JournalError(failing.code, 'the disk did not take it');
    this.bytes = bytes.slice();
  }

  #failing(): JournalInMemory['fails'] {
    const failing = this.fails;
    this.fails = null;
    return failing;
  }
}

/** Adds the key and the place to the bytes instead of encrypting them: enough to tell who may open what. */
export class PlainSeal implements Seal {
  readonly keyId: string;

  constructor(keyId = 'test') {
    this.keyId = keyId;
  }

  async seal(plain: Uint8Array, place: string): Promise<Uint8Array> {
    const label = this.#label(place);
    const sealed = new Uint8Array(label.length + plain.length);
    sealed.set(label);
    sealed.set(plain, label.length);
    return sealed;
  }

  async open(sealed: Uint8Array, place: string): Promise<Uint8Array> {
    const label = this.#label(place);
    if (sealed.length < label.length || label.some((byte, index) => sealed[index] !== byte))
      throw new SealFailure('wrong-key', place);
    return sealed.slice(label.length);
  }

  #label(place: string): Uint8Array {
    return Uint8Array.from(`${this.keyId} ${place} `, (letter) => letter.charCodeAt(0));
  }
}
