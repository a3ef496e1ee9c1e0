/**
 * Sealing: how a desk keeps bytes on a disk that others may read. What does the work is the desk's (WebCrypto); here
 * stands what the journal and the replica's store ask of it.
 */

/** What went wrong when a blob was opened. Sealing itself never fails. */
export type SealFailureKind =
  /** Sealed under another key: nothing is wrong with the blob, but it is not ours to read. */
  | 'wrong-key'
  /** Cut, changed, moved from another place, or never sealed at all. */
  | 'damaged';

export class SealFailure extends Error {
  readonly kind: SealFailureKind;
  readonly place: string;

  constructor(kind: SealFailureKind, place: string, cause?: unknown) {
    super(`${kind}: ${place}`, { cause });
    this.name = 'SealFailure';
    this.kind = kind;
    this.place = place;
  }
}

/**
 * Seals bytes under one key, bound to their place: a blob that is put at another place does not open. A place is
 * what the reader expects to find there, as `patients/<id>`, and is no secret.
 */
export interface Seal {
  /** Tells keys apart, and tells nothing about them. */
  readonly keyId: string;
  /** The same bytes sealed twice give different blobs. */
  seal(plain: Uint8Array, place: string): Promise<Uint8Array>;
  /** Rejects with a `SealFailure`. */
  open(sealed: Uint8Array, place: string): Promise<Uint8Array>;
}
