// The steps that journeys share, as a person does them: by label and by role.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Medic } from './journey';

/** WCAG 2.2 AA by machine. `mayStand` names what is right although the machine says otherwise. */
export async function expectAccessible(
  page: Page,
  what: string,
  mayStand: (violation: string) => boolean = () => false,
): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.html.slice(0, 120)}`),
  );
  expect(
    found.filter((one) => !mayStand(one)),
    what,
  ).toEqual([]);
}

export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(tooWide, `${what}: sideways scroll`).toBeLessThanOrEqual(0);
}

/** Signs in at the desk, and waits for the agenda and for what comes behind it. */
export async function openDesk(page: Page, medic: Medic, role = 'reception'): Promise<void> {
  const { email, password } = medic.signIn(role);
  await page.goto(`${medic.url}/desk/`);
  await page.getByLabel('Clinic').fill(medic.database.slug);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /^Sign in/ }).click();
  await expect(page.getByRole('grid', { name: /^Times of/ })).toBeAttached({ timeout: 90_000 });
  await expect(page.getByRole('button', { name: 'Online · all saved' })).toBeVisible({ timeout: 90_000 });
}

/** Goes to a date, day by day, as the arrows at the top do. */
export async function showDay(page: Page, date: string): Promise<void> {
  const title = page.getByRole('heading', { level: 1 });
  const wanted = new RegExp(dayTitle(date));
  for (let step = 0; step < 50; step++) {
    const shown = (await title.textContent()) ?? '';
    if (wanted.test(shown)) return;
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await expect(title).not.toHaveText(shown);
  }
  throw new Error(`the desk never shows ${date}`);
}

/** The day that the demo clinic has: near midnight another than the machine's or UTC's. */
export function clinicToday(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Warsaw' }).format(Date.now());
}

/** `2026-11-24` as the desk writes it: `Tue 24 November`. */
function dayTitle(date: string): string {
  const day = new Date(`${date}T12:00:00Z`);
  const words = (options: Intl.DateTimeFormatOptions) =>
    day.toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
  return `${words({ weekday: 'short' })} ${words({ day: 'numeric' })} ${words({ month: 'long' })}`;
}

/** A visit's card on the agenda, by the patient's name and, where it is given, the time. */
export function visitCard(page: Page, patient: string, time?: string) {
  return page.getByRole('button', { name: new RegExp(`^${patient}, ${time ?? '\\d\\d:\\d\\d'}`) });
}

export interface OnlineVisit {
  /** The local date and time of the visit, as the page's address has them. */
  date: string;
  time: string;
}

/** The first date after today on which a doctor has several free times for a type; looked for on the public page. */
export async function freeDate(page: Page, medic: Medic, doctor: string, type: string): Promise<string> {
  for await (const date of freeDates(page, medic, doctor, type)) return date;
  throw new Error(`${doctor} has no day with several free times`);
}

/** The dates after today on which a doctor has several free times for a type, in their order, for six weeks. */
export async function* freeDates(
  page: Page,
  medic: Medic,
  doctor: string,
  type: string,
  leastTimes = 4,
): AsyncGenerator<string> {
  const today = clinicToday();
  let week: string | null = `${medic.url}/book/${medic.database.slug}/${doctor}/${type}`;
  for (let weeks = 0; week !== null && weeks < 6; weeks++) {
    await page.goto(week);
    const days = await page.getByRole('link', { name: /times? free$/ }).evaluateAll((links) =>
      links.map((link) => ({
        date: new URL((link as HTMLAnchorElement).href).searchParams.get('date') ?? '',
        times: Number(/(\d+) times? free$/.exec(link.textContent ?? '')?.[1] ?? 0),
      })),
    );
    week = await page
      .getByRole('link', { name: 'Next week' })
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)[0] ?? null);
    for (const { date, times } of days) if (date > today && times >= leastTimes) yield date;
  }
}

/** Books the first free time of a doctor on a date, on the public page, and says which it was. */
export async function bookOnline(
  page: Page,
  medic: Medic,
  { doctor, type, date, familyName }: { doctor: string; type: string; date: string; familyName: string },
): Promise<OnlineVisit> {
  await page.goto(`${medic.url}/book/${medic.database.slug}/${doctor}/${type}?date=${date}`);
  const first = page.getByRole('radio').first();
  const time = await first.evaluate((radio) => (radio as HTMLInputElement).labels?.[0]?.textContent ?? '');
  await first.check({ force: true });
  await page.getByRole('button', { name: /^Continue/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your details' })).toBeVisible();
  await page.getByLabel('First name').fill('Jan');
  await page.getByLabel('Family name').fill(familyName);
  await page.getByLabel('Day').fill('29');
  await page.getByLabel('Month').fill('2');
  await page.getByLabel('Year').fill('1980');
  await page.getByLabel('Mobile phone').fill('601 220 418');
  await page.getByLabel('E-mail', { exact: true }).fill(`${familyName.toLowerCase()}@example.org`);
  await page.getByRole('checkbox', { name: /may use these details/ }).check();
  await page.getByRole('button', { name: 'Continue to check' }).click();
  await page.getByRole('button', { name: /^(Book this visit|Send this request)/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/booked|sent/i);
  return { date, time: /\d\d:\d\d/.exec(time)?.[0] ?? '' };
}

/** The pill at the top: what sync says of itself. */
export function syncPill(page: Page, text: string | RegExp) {
  return page.getByRole('banner').getByRole('button', { name: text });
}

/** Books a patient at the time that the dialog proposes, with the keyboard. */
export async function bookAtDesk(page: Page, letters: string): Promise<void> {
  await page.getByRole('button', { name: /^Book/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Patient' }).fill(letters);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
}

/** Names and times of a doctor's booked visits on the day that is shown, in their order. */
export async function bookedVisits(page: Page, list: string): Promise<{ patient: string; time: string }[]> {
  const names = await page
    .getByRole('list', { name: list })
    .getByRole('button')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label') ?? ''));
  return names.flatMap((name) => {
    const [patient = '', time = '', ...rest] = name.split(', ');
    return rest.includes('booked') || rest.includes('not sent yet') ? [{ patient, time }] : [];
  });
}

/** Ends what the server keeps for a browser, as ten minutes do. */
export async function endHold(page: Page, medic: Medic): Promise<void> {
  const ended = await page.evaluate(async (clinic) => {
    const input = encodeURIComponent(JSON.stringify({ clinic }));
    const held = await (await fetch(`/api/trpc/public.held?input=${input}`)).json();
    const { holdId } = held.result.data.hold;
    const released = await fetch('/api/trpc/public.release', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clinic, requestId: crypto.randomUUID(), holdId }),
    });
    return released.ok;
  }, medic.database.slug);
  expect(ended, 'the hold is released').toBe(true);
}

export const patientFields = {
  'First name': 'Łucja',
  'Family name': "O'Neill-Święcka",
  Day: '29',
  Month: '2',
  Year: '1980',
  'Mobile phone': '601 220 418',
  'E-mail': 'lucja@example.org',
  'Anything the doctor should know?': 'Stairs are hard for me.',
};

/** A field of a form by its label, which `(optional)` may follow. */
export function formField(page: Page, label: string): Locator {
  const literal = label.replace('?', '\\?');
  return page.getByRole('textbox', { name: new RegExp(`^${literal}( \\(optional\\))?$`) });
}

/** Fills in the patient's details; those that are given take the place of the usual ones. */
export async function fillDetails(
  page: Page,
  details: Partial<Record<keyof typeof patientFields, string>> = {},
): Promise<void> {
  for (const [label, text] of Object.entries({ ...patientFields, ...details }))
    await formField(page, label).fill(text);
  await page.getByRole('checkbox', { name: /may use these details/ }).check();
}
