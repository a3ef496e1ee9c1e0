import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../../scripts/journey';
import { bookAtDesk, expectAccessible, openDesk, showDay, syncPill } from '../../scripts/journey-pages';

const agenda = (page: Page) => page.getByRole('grid', { name: /^Times of/ });
/** A day of work, and not today: in the evening nothing is free any more. */
function nextTuesday(): string {
  const day = new Date();
  do day.setUTCDate(day.getUTCDate() + 1);
  while (day.getUTCDay() !== 2);
  return day.toISOString().slice(0, 10);
}

const lockTitle = (page: Page) => page.getByRole('heading', { name: 'Who’s at the desk?' });

/** What the page was sent of patients and their visits: names, numbers, addresses, birth dates, notes. */
class SentOfPatients {
  readonly #texts = new Set<string>();
  readonly #staff = new Set<string>();
  #answers: Promise<unknown> = Promise.resolve();

  constructor(context: BrowserContext) {
    context.on('response', (response) => {
      if (!/\/api\/trpc\/sync\.(pull|firstLook)/.test(response.url())) return;
      // One that is on its way when the test is over is nobody's any more.
      const body = response.json().catch(() => null);
      this.#answers = this.#answers.then(async () => this.#take(await body));
    });
  }

  /** Those that no chance puts together, and that are nobody's of the staff: their names stand on the lock screen. */
  async texts(): Promise<string[]> {
    await this.#answers;
    return [...this.#texts].filter(
      (text) => text.length >= 7 && !text.includes('\n') && !this.#staff.has(text),
    );
  }

  #take(value: unknown): void {
    if (value === null || typeof value !== 'object') return;
    const { recordKind, ...record } = value as Record<string, unknown>;
    const say = (...fields: string[]) => {
      for (const field of fields) if (typeof record[field] === 'string') this.#texts.add(record[field]);
    };
    if (recordKind === 'patient') say('givenName', 'familyName', 'phone', 'email', 'birthDate', 'notes');
    else if (recordKind === 'appointment' || recordKind === 'waitlistEntry') say('notes', 'note');
    else if (recordKind === 'dayNote') say('text', 'body');
    else if (recordKind === 'user' || recordKind === 'doctor')
      for (const word of String(record.name).split(' ')) this.#staff.add(word);
    else for (const inner of Object.values(value)) this.#take(inner);
  }
}

/** Which of these texts lie in the browser's storage, in whatever form: in keys, in values, or as bytes. */
async function foundInStorage(page: Page, texts: readonly string[]): Promise<string[]> {
  return await page.evaluate(async (texts) => {
    const parts: string[] = [];
    function say(value: unknown): void {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value instanceof ArrayBuffer ? value : value.buffer);
        // Sealed bytes come apart into crumbs; what is left of them is little to look through.
        parts.push(
          ...new TextDecoder()
            .decode(bytes)
            .split(/[\uFFFD\p{Cc}]+/u)
            .filter((each) => each.length > 5),
        );
      } else if (value !== null && typeof value === 'object') {
        for (const [key, inner] of Object.entries(value)) {
          parts.push(key);
          say(inner);
        }
      } else parts.push(String(value));
    }
    function done<T>(request: IDBRequest<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    }
    for (const { name } of await indexedDB.databases()) {
      if (!name) continue;
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames)
        for (const value of await done(database.transaction(store).objectStore(store).getAll())) say(value);
      database.close();
    }
    for (const storage of [localStorage, sessionStorage])
      for (const [key, value] of Object.entries(storage)) parts.push(key, String(value));
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        parts.push(request.url);
        const answer = await cache.match(request);
        if (answer && !request.url.includes('/assets/')) parts.push(await answer.text());
      }
    }
    const all = parts.join('\n');
    return texts.filter((text) => all.includes(text));
  }, texts);
}

async function shownInPage(page: Page, texts: readonly string[]): Promise<string[]> {
  const html = await page.evaluate(() => document.documentElement.outerHTML + document.title + location.href);
  return texts.filter((text) => html.includes(text));
}

async function unlock(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(agenda(page)).toBeAttached({ timeout: 30_000 });
}

test('nothing of a patient can be read in the browser’s storage, nor of what waits to be sent', async ({
  medic,
  page,
  context,
}) => {
  test.setTimeout(240_000);
  const date = nextTuesday();
  const sent = new SentOfPatients(context);
  await openDesk(page, medic);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  const texts = await sent.texts();
  expect(texts.length).toBeGreaterThan(2_000);
  expect(await foundInStorage(page, texts)).toEqual([]);

  await medic.stop();
  await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 30_000 });
  await showDay(page, date);
  await bookAtDesk(page, 'po an');
  await expect(syncPill(page, 'Offline · 1 change waiting')).toBeVisible();
  const waiting = ['appointment.book', 'Polańska'];
  expect(await foundInStorage(page, [...texts, ...waiting])).toEqual([]);

  // The search itself finds what lies open: the name of the one at the desk, and a patient put there by hand.
  const [open = ''] = texts;
  await page.evaluate(async (open) => {
    const request = indexedDB.open('open');
    request.onupgradeneeded = () => request.result.createObjectStore('rows', { keyPath: 'id' });
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const transaction = request.result.transaction('rows', 'readwrite');
    transaction.objectStore('rows').put({ id: 1, box: new TextEncoder().encode(`{"name":"${open}"}`) });
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    request.result.close();
  }, open);
  expect(await foundInStorage(page, [open, 'Hanna Wolska', 'nowhere at all'])).toEqual([
    open,
    'Hanna Wolska',
  ]);
});

test('a locked desk shows nothing, keeps what is unsent, and opens offline with the password alone', async ({
  medic,
  page,
  context,
}) => {
  test.setTimeout(240_000);
  const { password } = medic.signIn('reception');
  // Colours on their way to others are none to judge by.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const date = nextTuesday();
  const sent = new SentOfPatients(context);
  await openDesk(page, medic);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  const texts = [...(await sent.texts()), 'Polańska'];

  await medic.stop();
  await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 30_000 });
  await showDay(page, date);
  await bookAtDesk(page, 'po an');
  expect(await shownInPage(page, texts)).toContain('Polańska');
  const address = page.url();

  await page.keyboard.press('ControlOrMeta+l');
  await expect(lockTitle(page)).toBeVisible();
  expect(await shownInPage(page, texts)).toEqual([]);
  await expect(page.getByRole('button', { name: /Hanna Wolska/ })).toContainText('1 change not sent');
  await expectAccessible(page, 'the lock screen');

  await page.getByLabel('Password', { exact: true }).fill('not it');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('not the password of Hanna Wolska');
  await expect(page.getByRole('button', { name: 'Unlock', exact: true })).toBeEnabled();
  await expectAccessible(page, 'the lock screen after a wrong password');
  // A reload is no way in, with the key dropped.
  await page.reload();
  await expect(lockTitle(page)).toBeVisible({ timeout: 30_000 });
  expect(await shownInPage(page, texts)).toEqual([]);

  await unlock(page, password);
  await expect(syncPill(page, 'Offline · 1 change waiting')).toBeVisible();
  expect(page.url()).toBe(address);

  // Unlocked, a reload asks for nothing.
  await page.reload();
  await expect(agenda(page)).toBeAttached({ timeout: 30_000 });
  await medic.start();
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
});

test('several people share one desk: each by their own password, and nobody’s work is lost in between', async ({
  medic,
  page,
}) => {
  test.setTimeout(240_000);
  const [reception, doctor] = [medic.signIn('reception'), medic.signIn('doctor')];
  const date = nextTuesday();
  await openDesk(page, medic);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });

  await page.keyboard.press('ControlOrMeta+l');
  await page.keyboard.press('Alt+0');
  await page.getByLabel('E-mail').fill(doctor.email);
  await page.getByLabel('Password', { exact: true }).fill(doctor.password);
  await page.getByRole('button', { name: /^Sign in/ }).click();
  await expect(agenda(page)).toBeAttached({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: /account and appearance$/ })).not.toHaveAccessibleName(
    /^Hanna Wolska/,
  );
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });

  await medic.stop();
  await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('ControlOrMeta+l');
  await expect(lockTitle(page)).toBeVisible();
  const people = page.getByRole('main').getByRole('listitem');
  await expect(people).toHaveCount(2);
  await expect(people.nth(1)).toContainText('Hanna Wolska');
  await page.keyboard.press('Alt+2');
  await page.getByLabel('Password', { exact: true }).fill(`${doctor.password}, of somebody else`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await unlock(page, reception.password);
  await expect(page.getByRole('button', { name: /^Hanna Wolska: account/ })).toBeVisible();
  await showDay(page, date);
  await bookAtDesk(page, 'po an');
  await expect(syncPill(page, 'Offline · 1 change waiting')).toBeVisible();

  await page.keyboard.press('ControlOrMeta+l');
  await page.keyboard.press('Alt+2');
  await unlock(page, doctor.password);
  await medic.start();
  await syncPill(page, /^Online/).click({ timeout: 60_000 });
  // Who signed in while the desk was locked has a key of their own, and cannot open what she left.
  await expect(
    page.getByText('1 change of Hanna Wolska waits here until Hanna Wolska unlocks this desk.'),
  ).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+l');
  await expect(page.getByRole('button', { name: /Hanna Wolska/ })).toContainText('1 change not sent');
  await page.keyboard.press('Alt+2');
  await unlock(page, reception.password);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
});

test('a desk that nobody touches says that it will lock, and locks in every tab', async ({
  medic,
  page,
  context,
}) => {
  test.setTimeout(120_000);
  await page.clock.install();
  await openDesk(page, medic);
  const other = await context.newPage();
  await other.goto(`${medic.url}/desk/`);
  // The first tab has the key in memory, and hands it on.
  await expect(agenda(other)).toBeAttached({ timeout: 60_000 });

  await page.clock.fastForward(9 * 60_000 + 45_000);
  const warning = page.getByText(/^Locks in \d+ s/);
  await expect(warning).toBeVisible();
  await page.keyboard.press('Shift');
  await expect(warning).toBeHidden();
  await page.clock.fastForward(10 * 60_000);
  await expect(lockTitle(page)).toBeVisible();
  // Whichever comes first locks the other: both have the same clock.
  await expect(page.getByText(/^Locked at \d\d:\d\d (after 10 minutes|in another tab)/)).toBeVisible();
  await expect(lockTitle(other)).toBeVisible();
});
