import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isHeld } from './embedded/holders';
import { openAdminPool } from './pool';
import type { EmptyDatabase } from './testing/database';
import { createEmptyDatabase } from './testing/database';

const program = fileURLToPath(new URL('./cli.ts', import.meta.url));

let database: EmptyDatabase;

beforeEach(async () => {
  database = await createEmptyDatabase();
});

afterEach(async () => {
  await database.drop();
});

function run(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', program, ...args],
      { env: { ...process.env, DATABASE_URL: '', MEDIC_DATA_DIR: '', ...env }, timeout: 60_000 },
      (_error, out, err) => done({ code: child.exitCode ?? -1, out, err }),
    );
    child.stdin?.end();
  });
}

async function tables(): Promise<number> {
  const pool = await openAdminPool(database.url);
  const { rows } = await pool.query<{ n: number }>(
    "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'",
  );
  await pool.end();
  return rows[0]?.n ?? -1;
}

describe('migrate', () => {
  it('brings the database of DATABASE_URL up to date', async () => {
    const { code, out } = await run(['migrate'], { DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(out).toMatch(/is at version \d+/);
    expect(await tables()).toBeGreaterThan(0);
  });

  it('without one works on an embedded server, and stops it at its end', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'medic-cli-'));
    await chmod(dataDir, 0o755);
    try {
      const { code, out } = await run(['migrate'], { MEDIC_DATA_DIR: dataDir });
      expect(code).toBe(0);
      expect(out).toMatch(/127\.0\.0\.1:\d+\/medic is at version/);
      expect(isHeld(join(dataDir, 'postgres', 'holders'))).toBe(false);
      expect(await readdir(join(dataDir, 'postgres', 'data'))).not.toContain('postmaster.pid');
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('reset', () => {
  it('leaves everything alone until it is confirmed', async () => {
    await run(['migrate'], { DATABASE_URL: database.url });
    const pool = await openAdminPool(database.url);
    await pool.query('CREATE TABLE precious (id int)');
    await pool.end();
    const before = await tables();

    const asked = await run(['reset'], { DATABASE_URL: database.url });
    expect(asked.code).toBe(1);
    expect(asked.err).toContain('--yes');
    expect(await tables()).toBe(before);

    const confirmed = await run(['reset', '--yes'], { DATABASE_URL: database.url });
    expect(confirmed.code).toBe(0);
    expect(await tables()).toBe(before - 1);
  });

  it('never touches the databases of Postgres itself', async () => {
    const url = new URL(database.url);
    url.pathname = '/postgres';
    const { code, err } = await run(['reset', '--yes'], { DATABASE_URL: url.toString() });
    expect(code).toBe(1);
    expect(err).toContain("Postgres' own");
  });
});

it('what it does not understand ends with its usage', async () => {
  for (const args of [
    [],
    ['drop'],
    ['seed', '--scale', 'huge'],
    ['migrate', '--force'],
    ['migrate', 'twice'],
  ]) {
    const { code, err } = await run(args, { DATABASE_URL: database.url });
    expect(code, args.join(' ')).toBe(1);
    expect(err, args.join(' ')).toContain('usage: cli.ts');
  }
});
