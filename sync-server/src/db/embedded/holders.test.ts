import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allHaveLeft, hold, isHeld } from './holders';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'medic-holders-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

it('whoever leaves last is told so', async () => {
  const first = hold(dir);
  const second = hold(dir);
  expect(first.beginLeaving()).toBe(false);
  first.finishLeaving();
  expect(isHeld(dir)).toBe(true);
  expect(second.beginLeaving()).toBe(true);
  second.finishLeaving();
  expect(isHeld(dir)).toBe(false);
  expect(await readdir(dir)).toEqual([]);
});

it('of two that leave at once, the second to say so is the last', () => {
  const first = hold(dir);
  const second = hold(dir);
  expect([first.beginLeaving(), second.beginLeaving()]).toEqual([false, true]);
});

it('the dead do not count, nor does a process that only got the id of one', async () => {
  // Beyond the largest process id of Linux.
  await writeFile(join(dir, '4194305-1'), '1');
  await writeFile(join(dir, `${process.pid}-77`), 'the start of another process');
  const holder = hold(dir);
  expect(holder.beginLeaving()).toBe(true);
  holder.finishLeaving();
  expect(await readdir(dir)).toEqual([]);
});

it('an arrival waits for those who are leaving', async () => {
  const leaving = hold(dir);
  leaving.beginLeaving();
  let arrived = false;
  const waiting = allHaveLeft(dir, 5000).then(() => {
    arrived = true;
  });
  await new Promise((done) => setTimeout(done, 60));
  expect(arrived).toBe(false);
  leaving.finishLeaving();
  await waiting;
});
