/**
 * A backup is one gzipped text file: a line of JSON that says what it is, then per clinic and table a line of JSON with
 * the columns, the rows in COPY's text format, and `\.`; at the end a line of JSON with the SHA-256 of everything before
 * it. A file that was cut off or changed is known before a row of it is used.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { MedicError } from '@medic/shared/errors';
import { z } from 'zod';

export const formatVersion = 1;
export const endOfRows = Buffer.from('\\.\n');

export const backupHeader = z.object({
  format: z.literal('medic backup'),
  formatVersion: z.int(),
  madeAt: z.string(),
  /** Those that the database had; the newest is its version. */
  migrations: z.array(z.object({ version: z.int(), name: z.string(), checksum: z.string() })).min(1),
  clinics: z.array(z.object({ id: z.uuid(), slug: z.string(), seq: z.int(), epoch: z.uuid() })),
});
export type BackupHeader = z.infer<typeof backupHeader>;

const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);
export const backupPart = z.object({
  table: identifier,
  clinicId: z.uuid(),
  columns: z.array(identifier).min(1),
});
export type BackupPart = z.infer<typeof backupPart>;

export const backupEnd = z.object({ end: z.literal(true), rows: z.int(), sha256: z.string() });

const newline = 0x0a;
const pieceBytes = 64 * 1024;

export interface ReadPart extends BackupPart {
  /** Whole rows, a piece at a time. To be read to the end before the next part. */
  rows: AsyncIterable<Buffer>;
}

/** Reads the whole file and compares its sum. Throws where it is no backup, or not the whole of one. */
export async function verifyBackup(path: string): Promise<BackupHeader> {
  const sum = createHash('sha256');
  let header: BackupHeader | null = null;
  let last: Buffer | null = null;
  let rows = 0;
  let inRows = false;
  for await (const line of linesOf(path)) {
    if (last !== null) sum.update(last);
    last = line;
    if (header === null) header = headerOf(line, path);
    else if (inRows) {
      if (line.equals(endOfRows)) inRows = false;
      else rows += 1;
    } else inRows = line[0] === 0x7b && !line.subarray(0, 8).equals(Buffer.from('{"end":t'));
  }
  const end = last === null ? null : backupEnd.safeParse(jsonOf(last)).data;
  if (header === null || !end || inRows || end.rows !== rows || end.sha256 !== sum.digest('hex'))
    throw damaged(path, 'it was cut off or changed');
  return header;
}

/** The parts of a file that was verified, in their order. */
export async function* readParts(path: string): AsyncGenerator<ReadPart> {
  const lines = linesOf(path);
  await lines.next();
  for (;;) {
    const { value: line, done } = await lines.next();
    if (done || backupEnd.safeParse(jsonOf(line)).success) return;
    const part = backupPart.safeParse(jsonOf(line));
    if (!part.success) throw damaged(path, 'one of its parts cannot be read');
    const rows = rowsOf(lines);
    yield { ...part.data, rows };
    for await (const _ of rows);
  }
}

async function* rowsOf(lines: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const { value: line, done } = await lines.next();
    if (done) throw new MedicError('database.invalid', 'a backup ended within a table');
    if (line.equals(endOfRows)) break;
    batch.push(line);
    bytes += line.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield Buffer.concat(batch);
}

/** Lines with their ends. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    const file = createReadStream(path);
    const text = createGunzip();
    file.on('error', (error) => text.destroy(error));
    for await (const piece of file.pipe(text) as AsyncIterable<Buffer>) {
      const all: Buffer = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      let from = 0;
      for (let at = all.indexOf(newline); at >= 0; at = all.indexOf(newline, from)) {
        yield all.subarray(from, at + 1);
        from = at + 1;
      }
      rest = all.subarray(from);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new MedicError('input.invalid', `There is no file ${path}`);
    throw damaged(path, 'it cannot be unpacked', error);
  }
  if (rest.length > 0) yield rest;
}

function headerOf(line: Buffer, path: string): BackupHeader {
  const header = backupHeader.safeParse(jsonOf(line));
  if (!header.success) throw damaged(path, 'it is no backup of Medic');
  if (header.data.formatVersion !== formatVersion) {
    throw new MedicError(
      'database.newer',
      `${path} has format ${header.data.formatVersion}, and this Medic reads ${formatVersion}. Use the Medic that made it`,
    );
  }
  return header.data;
}

function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    // Not JSON: whoever asked for it says what that means.
    return null;
  }
}

function damaged(path: string, why: string, cause?: unknown): MedicError {
  return new MedicError('database.invalid', `${path} cannot be restored: ${why}`, { cause });
}
