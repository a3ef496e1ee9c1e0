import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nativeDir, prepareBinaries } from './binaries';

const nobody = { uid: 65_534, gid: 65_534, name: 'nobody' };

let folder: string;
let messages: string[];
const log = (message: string) => messages.push(message);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medic-programs-'));
  messages = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('the programs of the package run', async () => {
  expect(await prepareBinaries(undefined, folder, log)).toMatchObject({
    majorVersion: 18,
    postgres: join(nativeDir(), 'bin', 'postgres'),
  });
});

it('an install without scripts, which leaves out the library links, is mended', async () => {
  const installed = join(folder, 'native');
  await cp(nativeDir(), installed, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a') && !/\.so\.60$|libpq\.so(\.5)?$/.test(path),
  });
  expect((await prepareBinaries(undefined, folder, log, installed)).postgres).toBe(
    join(installed, 'bin', 'postgres'),
  );
});

it('programs that cannot run are named, with what to do', async () => {
  const installed = join(folder, 'native');
  await mkdir(join(installed, 'bin'), { recursive: true });
  await expect(prepareBinaries(undefined, folder, log, installed)).rejects.toMatchObject({
    code: 'database.unreachable',
    message: expect.stringMatching(/native do not run: .*npm install/s),
  });
});

it.runIf(process.getuid?.() === 0)(
  'programs out of the reach of the plain user are copied to where they are',
  async () => {
    const closed = join(folder, 'closed');
    const open = join(folder, 'open');
    await mkdir(closed, { mode: 0o700 });
    await mkdir(open);
    await chmod(folder, 0o755);
    const installed = join(closed, 'native');
    await cp(nativeDir(), installed, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    });

    const first = await prepareBinaries(nobody, open, log, installed);
    expect(first.postgres.startsWith(open)).toBe(true);
    expect(messages).toHaveLength(1);
    // And once only.
    expect(await prepareBinaries(nobody, open, log, installed)).toEqual(first);
    expect(messages).toHaveLength(1);
  },
);
