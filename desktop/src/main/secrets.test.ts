import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SecretFile } from './secrets';
import { host } from './testing/electron-stand-in';

vi.mock('electron', () => import('./testing/electron-stand-in'));

const system = process.platform;
const plainRefusal = 'this computer offers no protected place for secrets';
let folder: string;
let file: string;

beforeEach(() => {
  host.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'medic-secrets-'));
  file = path.join(folder, 'secrets.json');
});
afterEach(() => {
  on(system);
  rmSync(folder, { recursive: true, force: true });
});

function on(platform: NodeJS.Platform): void {
  Object.defineProperty(process, 'platform', { value: platform });
}

it('keeps a secret over a restart, and never as it is', () => {
  new SecretFile(file).set('device', 'a token');
  expect(readFileSync(file, 'utf8')).not.toContain('a token');
  expect(new SecretFile(file).get('device')).toBe('a token');
});

it('keeps the others when one is removed', () => {
  const secrets = new SecretFile(file);
  secrets.set('device', 'a token');
  secrets.set('store', 'a key');
  secrets.remove('device');
  expect([secrets.get('device'), secrets.get('store')]).toEqual([null, 'a key']);
});

it('refuses plainly, and writes nothing, where the system offers no protection', () => {
  host.encryption = false;
  const secrets = new SecretFile(file);
  expect(secrets.protected).toBe(false);
  expect(() => secrets.set('device', 'a token')).toThrow(plainRefusal);
  expect(existsSync(file)).toBe(false);
});

it('refuses to read what was kept when the protection is gone', () => {
  const secrets = new SecretFile(file);
  secrets.set('device', 'a token');
  host.encryption = false;
  expect(() => secrets.get('device')).toThrow(plainRefusal);
});

it("takes Linux's fixed password for no protection, and asks other systems nothing of the kind", () => {
  host.backend = 'basic_text';
  on('linux');
  expect(() => new SecretFile(file).set('device', 'a token')).toThrow(plainRefusal);
  on('win32');
  expect(new SecretFile(file).protected).toBe(true);
});

it('has nothing under a name that every object has', () => {
  expect(new SecretFile(file).get('constructor')).toBeNull();
});
