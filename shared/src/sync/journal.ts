/**
 * The journal of a desk's queue: an append-only file beside the replica's database, from which the queue is rebuilt
 * when that database is empty, deleted or damaged. Pure bytes here; a `JournalFile` does the reading and writing, a
 * `Seal` the encryption. What `append` has resolved for is found again, whatever happens afterwards.
 *
 * A file is a header of 16 bytes and records. A record is: marker (4), length of the payload (4), kind (1), zeros (3),
 * CRC-32 of those twelve bytes (4), the sealed payload, CRC-32 of the payload (4). All numbers are little-endian.
 */
import { type Seal, SealFailure } from './seal';

/** The file behind a journal. Every call rejects with a `JournalError` when it could not be done. */
export interface JournalFile {
  /** The whole file; empty where there is none. */
  read(): Promise<Uint8Array>;
  /** Resolves when the bytes are on the disk, not before. After a rejection the file is as it was. */
  append(bytes: Uint8Array): Promise<void>;
  /** Puts these bytes in place of the whole file, or leaves it as it was; never something in between. */
  replace(bytes: Uint8Array): Promise<void>;
}

/** `full`: no room on the disk. `io`: it did not take the bytes. `newer`: written by a later Medic. */
export type JournalErrorCode = 'full' | 'io' | 'newer';

export class JournalError extends Error {
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'JournalError';
    this.code = code;
  }
}

/** `intent`: somebody asked for something. `settled`: what came of it. */
export type JournalKind = 'intent' | 'settled';

export interface JournalRecord {
  kind: JournalKind;
  payload: Uint8Array;
}

export interface JournalReading {
  /** Every record that is whole, in the order of writing; payloads as they lie in the file. */
  records: JournalRecord[];
  /** Bytes at the end of a write that was cut short. Nobody was told that it was saved. */
  tornBytes: number;
  /** Stretches in which no record could be read: something was changed after it was written. */
  damaged: { offset: number; length: number }[];
}

const formatVersion = 1;
const headerBytes = 16;
const recordHeadBytes = 16;
const checksumBytes = 4;
/** "MEDICJNL". */
const magic = [0x4d, 0x45, 0x44, 0x49, 0x43, 0x4a, 0x4e, 0x4c];
/** No text in UTF-8 holds these, so that a record is found again after a damaged stretch. */
const marker = [0xf5, 0x4d, 0xfe, 0x52];
const kinds: readonly (JournalKind | null)[] = [null, 'intent', 'settled'];
/** Far above any intent: a longer length is a damaged one. */
const longestPayload = 8 * 1024 * 1024;

/** What an empty journal begins with. */
export function journalHeader(): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  bytes.set(magic);
  const view = viewOf(bytes);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, crc32(bytes, 0, 12), true);
  return bytes;
}

/** A record as it is appended. */
export function frameRecord({ kind, payload }: JournalRecord): Uint8Array {
  if (payload.length > longestPayload) throw new JournalError('io', 'a record is too long for the journal');
  const bytes = new Uint8Array(recordHeadBytes + payload.length + checksumBytes);
  bytes.set(marker);
  const view = viewOf(bytes);
  view.setUint32(4, payload.length, true);
  bytes[8] = kinds.indexOf(kind);
  view.setUint32(12, crc32(bytes, 0, 12), true);
  bytes.set(payload, recordHeadBytes);
  view.setUint32(recordHeadBytes + payload.length, crc32(payload, 0, payload.length), true);
  return bytes;
}

/**
 * Reads a journal, whatever its state: whole records come out, the rest is told. Throws `newer` for a format that
 * this version does not know, since appending to it could spoil it.
 */
export function readJournal(bytes: Uint8Array): JournalReading {
  const records: JournalRecord[] = [];
  const damaged: JournalReading['damaged'] = [];
  let tornBytes = 0;
  let at = 0;
  const view = viewOf(bytes);
  if (isHeader(bytes, view)) {
    const version = view.getUint32(8, true);
    if (version > formatVersion)
      throw new JournalError(
        'newer',
        `the journal has format ${version}, this version knows ${formatVersion}`,
      );
    at = headerBytes;
  }
  while (at < bytes.length) {
    const record = recordAt(bytes, view, at);
    if (record) {
      records.push(record);
      at += recordHeadBytes + record.payload.length + checksumBytes;
      continue;
    }
    let next = at + 1;
    while (next < bytes.length && !recordAt(bytes, view, next)) next += 1;
    if (next >= bytes.length && isTorn(bytes, view, at)) tornBytes = bytes.length - at;
    else damaged.push({ offset: at, length: next - at });
    at = next;
  }
  return { records, tornBytes, damaged };
}

function isHeader(bytes: Uint8Array, view: DataView): boolean {
  return (
    bytes.length >= headerBytes &&
    startsWith(bytes, 0, magic) &&
    view.getUint32(12, true) === crc32(bytes, 0, 12)
  );
}

/** The length of the payload, where a good head of a record stands. */
function headAt(bytes: Uint8Array, view: DataView, at: number): { kind: JournalKind; length: number } | null {
  if (bytes[at] !== marker[0] || at + recordHeadBytes > bytes.length || !startsWith(bytes, at, marker))
    return null;
  if (view.getUint32(at + 12, true) !== crc32(bytes, at, at + 12)) return null;
  const kind = kinds[bytes[at + 8] ?? 0];
  return kind ? { kind, length: view.getUint32(at + 4, true) } : null;
}

function recordAt(bytes: Uint8Array, view: DataView, at: number): JournalRecord | null {
  const head = headAt(bytes, view, at);
  if (!head) return null;
  const start = at + recordHeadBytes;
  const end = start + head.length;
  if (end + checksumBytes > bytes.length || view.getUint32(end, true) !== crc32(bytes, start, end))
    return null;
  return { kind: head.kind, payload: bytes.slice(start, end) };
}

/** Whether what stands from here to the end is the beginning of a write, or room that was never written. */
function isTorn(bytes: Uint8Array, view: DataView, at: number): boolean {
  const left = bytes.length - at;
  // Some file systems make a file longer before they fill it.
  if (bytes.subarray(at).every((byte) => byte === 0)) return true;
  const head = headAt(bytes, view, at);
  if (head) return recordHeadBytes + head.length + checksumBytes > left;
  if (left >= recordHeadBytes) return false;
  return (
    startsWith(bytes, at, marker.slice(0, left)) || (at === 0 && startsWith(bytes, 0, magic.slice(0, left)))
  );
}

function startsWith(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as in ISO 3309, of `[start, end)`. */
function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let i = start; i < end; i++) crc = (crcTable[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A record as its writer meant it; `payload` is null where the seal could not be opened. */
export interface OpenedRecord {
  kind: JournalKind;
  payload: Uint8Array | null;
}

export interface OpenedJournal {
  records: OpenedRecord[];
  tornBytes: number;
  damaged: JournalReading['damaged'];
}

/** The journal of one queue. Calls are done one after the other. */
export class Journal {
  readonly #file: JournalFile;
  readonly #seal: Seal;
  readonly #exclusive: <T>(work: () => Promise<T>) => Promise<T>;

  /** `exclusive` keeps other windows away from the same file while its work runs. */
  constructor(file: JournalFile, seal: Seal, exclusive: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#file = file;
    this.#seal = seal;
    this.#exclusive = exclusive;
  }

  /**
   * Everything that can be read. A tail that was torn, or a file without its header, is put in order first, so that
   * what is appended later never stands behind half a record.
   */
  read(): Promise<OpenedJournal> {
    return this.#exclusive(async () => {
      const bytes = await this.#file.read();
      const { records, tornBytes, damaged } = readJournal(bytes);
      if (tornBytes > 0 || (damaged.length > 0 && damaged[0]?.offset === 0))
        await this.#file.replace(joined([journalHeader(), ...records.map(frameRecord)]));
      return { records: await this.#open(records), tornBytes, damaged };
    });
  }

  /** Resolves when all of it is on the disk; rejects with a `JournalError`, and then none of it counts. */
  append(records: readonly JournalRecord[]): Promise<void> {
    return this.#exclusive(async () => {
      if (records.length === 0) return;
      const frames: Uint8Array[] = [];
      for (const { kind, payload } of records)
        frames.push(frameRecord({ kind, payload: await this.#seal.seal(payload, placeOf(kind)) }));
      if (!this.#begun) {
        if ((await this.#file.read()).length === 0) frames.unshift(journalHeader());
      }
      await this.#file.append(joined(frames));
      this.#begun = true;
    });
  }
  #begun = false;

  /**
   * Writes the journal anew with the records that `keep` names. What could not be opened is always kept: the key may
   * come back. Damaged stretches go.
   */
  compact(keep: (records: readonly OpenedRecord[]) => ReadonlySet<number>): Promise<void> {
    return this.#exclusive(async () => {
      const { records } = readJournal(await this.#file.read());
      const opened = await this.#open(records);
      const kept = keep(opened);
      const frames = records
        .filter((_, index) => opened[index]?.payload === null || kept.has(index))
        .map(frameRecord);
      await this.#file.replace(joined([journalHeader(), ...frames]));
      this.#begun = true;
    });
  }

  #open(records: readonly JournalRecord[]): Promise<OpenedRecord[]> {
    return Promise.all(
      records.map(async ({ kind, payload }) => ({
        kind,
        payload: await this.#seal.open(payload, placeOf(kind)).catch(unopened),
      })),
    );
  }
}

/** Bound to its kind: what somebody asked for is never read as what came of it. */
function placeOf(kind: JournalKind): string {
  return `journal/${kind}`;
}

/** The blob stays as it is and is told: the key may come back, and it may be somebody's work. */
function unopened(error: unknown): null {
  if (error instanceof SealFailure) return null;
  throw error;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
