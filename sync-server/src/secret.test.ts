import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSecret } from './secret';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'medic-secret-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const embedded = { secret: null, databaseUrl: null, production: false };

test('it is made once, kept for the owner only, and the same ever after', async () => {
  const dataDir = join(root, 'once');
  const first = await openSecret({ ...embedded, dataDir });
  expect(first).toHaveLength(32);
  expect(await openSecret({ ...embedded, dataDir })).toEqual(first);
  expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
});

test('servers that start at once agree', async () => {
  const dataDir = join(root, 'together');
  const secrets = await Promise.all(Array.from({ length: 20 }, () => openSecret({ ...embedded, dataDir })));
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  expect(await readdir(dataDir)).toEqual(['secret']);
});

test('a file that holds something else is not overwritten', async () => {
  const dataDir = await mkdtemp(join(root, 'spoilt-'));
  await writeFile(join(dataDir, 'secret'), 'half');
  await expect(openSecret({ ...embedded, dataDir })).rejects.toThrow('does not hold a secret');
});

test('the environment goes first, and production with a database of its own asks for it', async () => {
  const own = { databaseUrl: 'postgres://x', production: true, dataDir: root };
  const secret = 'an environment variable of 32 characters';
  expect((await openSecret({ ...own, secret })).toString()).toBe(secret);
  await expect(openSecret({ ...own, secret: null })).rejects.toThrow('MEDIC_SECRET is needed');
});
