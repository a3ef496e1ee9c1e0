import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Journal, JournalError } from '@medic/shared/sync/journal';
import { PlainSeal } from '@medic/shared/sync/testing/journal-in-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskJournal } from './journal-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'medic-journal-'));
});
afterEach(async () => {
  for (const disk of opened.splice(0)) await disk.close();
  rmSync(folder, { recursive: true, force: true });
});

const opened: DiskJournal[] = [];
function diskAt(...args: ConstructorParameters<typeof DiskJournal>): DiskJournal {
  const disk = new DiskJournal(...args);
  opened.push(disk);
  return disk;
}

const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
const intent = (text: string) => ({ kind: 'intent' as const, payload: bytes(text) });
const journalOver = (file: DiskJournal) => new Journal(file, new PlainSeal(), (work) => work());
const texts = async (file: DiskJournal) =>
  (await journalOver(file).read()).records.map(({ payload }) => Buffer.from(payload ?? []).toString());

/** A disk that fails: `write` after so many bytes, `datasync` and `truncate` when told. */
function failing(plan: {
  code: string;
  afterBytes?: number;
  on: 'write' | 'datasync' | 'sync';
  truncates?: boolean;
}) {
  let left = 1;
  return (async (...args: Parameters<typeof open>) => {
    const handle = await open(...args);
    return new Proxy(handle, {
      get(target, name: keyof FileHandle) {
        if (name === plan.on && left > 0) {
          return async (...rest: [Uint8Array, number, number, number]) => {
            left -= 1;
            if (plan.on === 'write') await target.write(rest[0], rest[1], plan.afterBytes ?? 0, rest[3]);
            throw Object.assign(new Error(`${plan.code}: planned`), { code: plan.code });
          };
        }
        if (name === 'truncate' && plan.truncates === false)
          return async () => {
            throw Object.assign(new Error('EIO: planned'), { code: 'EIO' });
          };
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }) as typeof open;
}

describe('a journal on the disk', () => {
  it('is empty before anything was written, and found again by the next process', async () => {
    const file = path.join(folder, 'deep', 'desk.journal');
    expect(await texts(diskAt(file))).toEqual([]);
    const journal = journalOver(diskAt(file));
    await journal.append([intent('one')]);
    await journal.append([intent('two'), intent('three')]);
    expect(await texts(diskAt(file))).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['EIO', 'io'],
  ])('says at once that the disk answers %s, and keeps what it had', async (code, kind) => {
    for (const on of ['write', 'datasync'] as const) {
      const file = path.join(folder, `${code}-${on}.journal`);
      await journalOver(diskAt(file)).append([intent('before')]);
      const disk = diskAt(file, failing({ code, on, afterBytes: 9 }));
      const journal = journalOver(disk);
      const refused = await journal.append([intent('refused')]).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(JournalError);
      expect(refused).toMatchObject({ code: kind });
      // Once there is room again it goes on, with no gap and no half record.
      await journal.append([intent('after')]);
      expect(await texts(diskAt(file))).toEqual(['before', 'after']);
    }
  });

  it('goes on behind half a record that the disk would not take back', async () => {
    const file = path.join(folder, 'desk.journal');
    const disk = diskAt(file, failing({ code: 'EIO', on: 'write', afterBytes: 20, truncates: false }));
    const journal = journalOver(disk);
    await expect(journal.append([intent('refused')])).rejects.toMatchObject({ code: 'io' });
    await journal.append([intent('after')]);
    const reading = await journalOver(diskAt(file)).read();
    expect(reading.records.map(({ payload }) => Buffer.from(payload ?? []).toString())).toEqual(['after']);
  });

  it('keeps the old file when the new one could not be written', async () => {
    const file = path.join(folder, 'desk.journal');
    await journalOver(diskAt(file)).append([intent('kept')]);
    const before = readFileSync(file);
    const disk = diskAt(file, failing({ code: 'ENOSPC', on: 'sync' }));
    await expect(journalOver(disk).compact(() => new Set())).rejects.toMatchObject({ code: 'full' });
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['desk.journal']);
  });

  it('says that the disk is full on a disk that is', async () => {
    if (process.platform !== 'linux') return;
    const disk = diskAt('/dev/full');
    await expect(disk.append(bytes('x'))).rejects.toMatchObject({ name: 'JournalError', code: 'full' });
  });

  it('is gone after it was removed', async () => {
    const file = path.join(folder, 'desk.journal');
    const disk = diskAt(file);
    await journalOver(disk).append([intent('one')]);
    await disk.remove();
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** Each round is a process that is killed while it writes. `JOURNAL_ROUNDS=100` for a long look. */
const rounds = Number(process.env.JOURNAL_ROUNDS ?? 20);

it(`holds all that was acknowledged by processes killed at any instant, ${rounds} times`, async () => {
  const file = path.join(folder, 'desk.journal');
  let acknowledged = 0;
  for (let round = 0; round < rounds; round++) {
    const told = await killedWhileAppending(file, acknowledged + 1, Math.random() * 25);
    acknowledged = Math.max(acknowledged, ...told);
    const { records, damaged } = await journalOver(diskAt(file)).read();
    const found = records.map(({ payload }) =>
      Number(
        Buffer.from(payload ?? [])
          .toString()
          .split(' ')[0],
      ),
    );
    expect(damaged).toEqual([]);
    // The last one may be on the disk without the word having got out.
    expect([acknowledged, acknowledged + 1]).toContain(found.length);
    expect(found).toEqual(found.map((_, index) => index + 1));
    acknowledged = found.length;
  }
  expect(acknowledged).toBeGreaterThan(rounds);
}, 300_000);

/** What the process had said when it was killed, some milliseconds after its first word. */
function killedWhileAppending(file: string, first: number, afterMs: number): Promise<number[]> {
  const script = path.join(import.meta.dirname, 'testing/append-until-killed.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    said += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () =>
      // A last line that is cut short was not said.
      resolve(
        said
          .slice(0, said.lastIndexOf('\n') + 1)
          .split('\n')
          .filter((line) => /^\d+$/.test(line))
          .map(Number),
      ),
    );
  });
}
