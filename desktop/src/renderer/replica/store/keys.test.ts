import type { Seal } from '@medic/shared/sync/seal';
import { afterEach, expect, it, vi } from 'vitest';
import type { UnlockedKey } from '../../platform/key-handover';
import type { Platform } from '../../platform/platform';
import { newKeyBytes } from '../../platform/seal';
import { openLocks } from '../locks';
import { Profile } from '../testing/desk-harness';
import { DeskKeys, KeyFailure } from './keys';

/** Enough to run the same code; the real figure would take a third of a second each. */
const rounds = 10;
const hanna = {
  userId: 'hanna',
  clinicId: 'harbour',
  clinicSlug: 'harbour',
  clinicName: 'Harbour Clinic',
  name: 'Hanna Wolska',
  email: 'hanna@harbour.example',
  roles: ['reception'] as const,
};
const marek = { ...hanna, userId: 'marek', name: 'Marek Lis', email: 'marek@harbour.example' };

/** All pages of one browser, by what they tell each other. */
class Browser {
  readonly profile = new Profile();
  machineKey: Uint8Array<ArrayBuffer> | null = null;
  readonly #pages = new Set<{ offered: UnlockedKey | null; locked: (() => void)[] }>();

  page(): DeskKeys {
    const page: { offered: UnlockedKey | null; locked: (() => void)[] } = { offered: null, locked: [] };
    this.#pages.add(page);
    const others = () => [...this.#pages].filter((one) => one !== page);
    const platform: Platform = {
      ...this.profile.platform(),
      replicaKey: {
        ofMachine: async () => this.machineKey?.slice() ?? null,
        handover: {
          offer: (key) => {
            page.offered = key;
          },
          ask: async () => structuredClone(others().find((one) => one.offered)?.offered ?? null),
          tellLocked: () => {
            for (const one of others()) for (const listener of one.locked) listener();
          },
          onLocked: (listener) => void page.locked.push(listener),
        },
      },
    };
    return new DeskKeys(platform, openLocks(), rounds);
  }

  close(): void {
    this.#pages.clear();
  }
}

async function failureOf(work: Promise<unknown>): Promise<KeyFailure> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof KeyFailure)) throw new Error('it did not fail, or otherwise', { cause: error });
  return error;
}

/** Whether both open what the other has sealed. */
async function areSame(a: Seal, b: Seal): Promise<boolean> {
  const sealed = await a.seal(new Uint8Array([1, 2, 3]), 'x');
  return a.keyId === b.keyId && (await b.open(sealed, 'x')).length === 3;
}

afterEach(() => {
  vi.useRealTimers();
});

it('opens again with the password after everything was closed, and with no other', async () => {
  const browser = new Browser();
  const seal = await browser.page().admit(hanna, 'correct horse');
  browser.close();
  const later = browser.page();
  expect(await later.held('hanna')).toBeNull();
  expect((await failureOf(later.unlock('hanna', 'Correct horse'))).kind).toBe('wrong-password');
  expect(await areSame(seal, await later.unlock('hanna', 'correct horse'))).toBe(true);
  expect((await failureOf(later.unlock('marek', 'correct horse'))).kind).toBe('unknown-person');
});

it('keeps neither the key nor the password where a thief of the disk finds them', async () => {
  const browser = new Browser();
  browser.machineKey = newKeyBytes();
  const keys = browser.page();
  await keys.admit(hanna, 'correct horse');
  const disk = [...browser.profile.kept.values()].join();
  expect(disk).not.toContain('correct horse');
  for (const form of ['base64', 'hex'] as const)
    expect(disk).not.toContain(Buffer.from(browser.machineKey).toString(form));
});

it('gives everybody who signs in at the open desk the same key, each under their own password', async () => {
  const browser = new Browser();
  const keys = browser.page();
  const first = await keys.admit(hanna, 'correct horse');
  const second = await keys.admit(marek, 'battery staple');
  expect(await areSame(first, second)).toBe(true);
  browser.close();
  const later = browser.page();
  expect(await areSame(first, await later.unlock('marek', 'battery staple'))).toBe(true);
  expect((await failureOf(later.unlock('marek', 'correct horse'))).kind).toBe('wrong-password');
  expect((await later.people()).map((one) => one.name)).toEqual(['Marek Lis', 'Hanna Wolska']);
});

it('gives somebody who signs in at a locked desk a key of their own, and leaves the other alone', async () => {
  const browser = new Browser();
  const keys = browser.page();
  const first = await keys.admit(hanna, 'correct horse');
  await keys.lock();
  const second = await keys.admit(marek, 'battery staple');
  expect(second.keyId).not.toBe(first.keyId);
  expect(await areSame(first, await keys.unlock('hanna', 'correct horse'))).toBe(true);
  expect(await areSame(second, await keys.unlock('marek', 'battery staple'))).toBe(true);
});

it('drops the key at a lock in every page, and gives it to none until somebody unlocks', async () => {
  const browser = new Browser();
  const [one, two] = [browser.page(), browser.page()];
  const seal = await one.admit(hanna, 'correct horse');
  expect(await areSame(seal, (await two.held('hanna')) as Seal)).toBe(true);
  const heard = vi.fn();
  one.onLocked(heard);
  await two.lock();
  expect(heard).toHaveBeenCalledOnce();
  for (const page of [one, two, browser.page()]) expect(await page.held('hanna')).toBeNull();
  await one.unlock('hanna', 'correct horse');
  expect(await two.held('hanna')).not.toBeNull();
  // The key of one is no key for another, also where it is the same: somebody else has to say who they are.
  expect(await two.held('marek')).toBeNull();
});

it('asks nothing at a start where the operating system keeps the key, but stays locked over it', async () => {
  const browser = new Browser();
  browser.machineKey = newKeyBytes();
  const first = browser.page();
  const seal = await first.admit(hanna, 'correct horse');
  browser.close();
  const second = browser.page();
  expect(await areSame(seal, (await second.held('hanna')) as Seal)).toBe(true);
  await second.lock();
  browser.close();
  const third = browser.page();
  expect(await third.held('hanna')).toBeNull();
  expect(await areSame(seal, await third.unlock('hanna', 'correct horse'))).toBe(true);
});

it('makes each wrong password after the third wait longer, also over a reload and a clock put back', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  const browser = new Browser();
  await browser.page().admit(hanna, 'correct horse');
  browser.close();
  const outcomes: [string, number][] = [];
  for (let i = 0; i < 5; i++) {
    const { kind, waitMs } = await failureOf(browser.page().unlock('hanna', 'wrong'));
    outcomes.push([kind, waitMs]);
    vi.setSystemTime(Date.now() + waitMs);
  }
  expect(outcomes).toEqual([
    ['wrong-password', 0],
    ['wrong-password', 0],
    ['wrong-password', 5_000],
    ['wrong-password', 10_000],
    ['wrong-password', 20_000],
  ]);
  vi.setSystemTime(Date.now() - 10_000);
  // The right one waits too: else trying would cost nothing.
  expect(await failureOf(browser.page().unlock('hanna', 'correct horse'))).toMatchObject({
    kind: 'wait',
    waitMs: 10_000,
  });
  vi.setSystemTime(0);
  expect((await failureOf(browser.page().unlock('hanna', 'correct horse'))).waitMs).toBe(20_000);
  vi.setSystemTime(5_000_000);
  await browser.page().unlock('hanna', 'correct horse');
  expect((await failureOf(browser.page().unlock('hanna', 'wrong'))).kind).toBe('wrong-password');
});

it('asks for the former password when the server knows a new one, and then takes the new one', async () => {
  const browser = new Browser();
  const seal = await browser.page().admit(hanna, 'former');
  browser.close();
  const keys = browser.page();
  expect((await failureOf(keys.admit(hanna, 'new'))).kind).toBe('former-password');
  expect((await failureOf(keys.admit(hanna, 'new', 'wrong'))).kind).toBe('former-password');
  expect(await areSame(seal, await keys.admit(hanna, 'new', 'former'))).toBe(true);
  await keys.lock();
  expect((await failureOf(keys.unlock('hanna', 'former'))).kind).toBe('wrong-password');
  expect(await areSame(seal, await keys.unlock('hanna', 'new'))).toBe(true);
});

it('begins anew for somebody who was forgotten', async () => {
  const browser = new Browser();
  const keys = browser.page();
  const before = await keys.admit(hanna, 'former');
  await keys.lock();
  await keys.forget('hanna');
  expect(await keys.people()).toEqual([]);
  expect((await keys.admit(hanna, 'new')).keyId).not.toBe(before.keyId);
});

it('knows how much of whom waits here, without a key', async () => {
  const browser = new Browser();
  const keys = browser.page();
  await keys.admit(hanna, 'correct horse');
  await keys.noteUnsent('hanna', 12);
  await keys.lock();
  expect(await browser.page().people()).toMatchObject([{ userId: 'hanna', unsent: 12 }]);
});
