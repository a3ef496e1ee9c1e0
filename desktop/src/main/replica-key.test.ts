import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { replicaKey } from './replica-key';
import { SecretFile } from './secrets';
import { host } from './testing/electron-stand-in';

vi.mock('electron', () => import('./testing/electron-stand-in'));

let folder: string;
let file: string;

beforeEach(() => {
  host.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'medic-key-'));
  file = path.join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bytesOf(answer: ReturnType<typeof replicaKey>): Uint8Array {
  if (!(answer instanceof Uint8Array)) throw new Error('no key came');
  return answer;
}

it('makes one key of 32 bytes, and gives the same after a restart', () => {
  const first = bytesOf(replicaKey(new SecretFile(file)));
  expect(first).toHaveLength(32);
  expect(bytesOf(replicaKey(new SecretFile(file)))).toEqual(first);
  const kept = readFileSync(file, 'utf8');
  expect(kept).not.toContain(Buffer.from(first).toString('base64'));
  expect(kept).not.toContain(Buffer.from(first).toString('hex'));
});

it('makes another on another computer', () => {
  const first = bytesOf(replicaKey(new SecretFile(file)));
  expect(bytesOf(replicaKey(new SecretFile(path.join(folder, 'other.json'))))).not.toEqual(first);
});

it('makes none where the system protects nothing, and says what to do', () => {
  host.encryption = false;
  expect(replicaKey(new SecretFile(file))).toEqual({
    unprotected: true,
    advice: expect.stringMatching(/start Medic again|administrator/),
  });
  expect(existsSync(file)).toBe(false);
});

it('makes no new one in place of one that is cut, since that would shut everything for good', () => {
  const secrets = new SecretFile(file);
  secrets.set('replica-key', 'c2hvcnQ=');
  expect(() => replicaKey(secrets)).toThrow('5 bytes');
  expect(secrets.get('replica-key')).toBe('c2hvcnQ=');
});
