import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import {
  bookOnline,
  expectAccessible,
  freeDate,
  freeDates,
  openDesk,
  showDay,
  visitCard,
} from '../../scripts/journey-pages';

const doctor = 'maja-nowak';
const columnName = 'Visits of Dr Nowak, Harbour Street';

/** In the agenda a quarter of an hour is 18 px high: its height is what it says (WCAG 2.5.8, Essential). */
function inGrid(violation: string): boolean {
  return violation.startsWith('target-size') && /role="gridcell"|data-visit=/.test(violation);
}

/** Of the dialog alone: what lies under the scrim is dimmed on purpose, and nobody can reach it. */
async function expectDialogAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include('[role="dialog"]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.html.slice(0, 120)}`)),
    what,
  ).toEqual([]);
}

function said(page: Page) {
  return page.locator('footer').getByRole('status');
}

function inspector(page: Page) {
  return page.getByRole('complementary', { name: 'Visit' });
}

/** A date with three free half hours in a row, and when they begin; looked for on the public page. */
async function freeRun(page: Page, medic: Medic): Promise<{ date: string; times: [string, string, string] }> {
  const address = `${medic.url}/book/${medic.database.slug}/${doctor}/consultation`;
  for await (const date of freeDates(page, medic, doctor, 'consultation')) {
    await page.goto(`${address}?date=${date}`);
    const free = await page
      .getByRole('radio')
      .evaluateAll((radios) =>
        radios.map(
          (radio) => /\d\d:\d\d/.exec((radio as HTMLInputElement).labels?.[0]?.textContent ?? '')?.[0],
        ),
      );
    for (const first of free) {
      if (!first) continue;
      const [second, third] = [later(first, 30), later(first, 60)];
      if (free.includes(second) && free.includes(third)) return { date, times: [first, second, third] };
    }
  }
  throw new Error('no day with three free half hours in a row');
}

function later(time: string, minutes: number): string {
  const at = Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + minutes;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

/** By the arrow keys, as a person without a mouse goes there. */
async function goToCell(page: Page, time: string): Promise<void> {
  const cell = page.getByRole('gridcell');
  await cell.focus();
  for (let step = 0; step < 30 && !(await cell.getAttribute('aria-label'))?.startsWith('Dr Nowak,'); step++)
    await page.keyboard.press('ArrowLeft');
  for (let step = 0; step < 80; step++) {
    const here = /\d\d:\d\d/.exec((await cell.getAttribute('aria-label')) ?? '')?.[0] ?? '';
    if (here === time) return;
    await page.keyboard.press(here < time ? 'ArrowDown' : 'ArrowUp');
  }
  throw new Error(`no cell at ${time}`);
}

async function bookAt(page: Page, time: string, letters: string): Promise<void> {
  await goToCell(page, time);
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Patient' }).fill(letters);
  await page.keyboard.press('Enter');
  await chooseConsultation(page);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(said(page)).toContainText(`${time}`);
}

async function chooseConsultation(page: Page): Promise<void> {
  const type = page.getByRole('dialog').getByRole('combobox', { name: 'Visit type' });
  if ((await type.inputValue()).startsWith('Consultation')) return;
  await type.click();
  await page.getByRole('option', { name: /^Consultation/ }).click();
}

function column(page: Page) {
  return page.getByRole('list', { name: columnName });
}

/** The cards of a column by patient and time, in their order. */
async function standing(page: Page, patients: readonly string[]): Promise<string[]> {
  const labels = await column(page)
    .getByRole('button')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label') ?? ''));
  return labels
    .filter((label) => patients.some((patient) => label.startsWith(`${patient},`)))
    .map((label) => label.split(', ').slice(0, 2).join(' '));
}

test('a request from the public page is accepted, taken back, declined and restored at the desk', async ({
  medic,
  page,
  browser,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  const date = await freeDate(phone, medic, doctor, 'new-patient');
  await openDesk(page, medic);
  await showDay(page, date);
  const { time } = await bookOnline(phone, medic, {
    doctor,
    type: 'new-patient',
    date,
    familyName: 'Testowy',
  });
  const card = visitCard(page, 'Testowy Jan', time);
  await expect(card).toHaveAttribute('aria-label', /to answer/);

  await card.focus();
  await page.keyboard.press('Enter');
  await expect(inspector(page)).toContainText('A request to Dr Maja Nowak');
  await page.keyboard.press('y');
  await expect(said(page)).toContainText('Accepted Testowy J.');
  await expect(card).toHaveAttribute('aria-label', /booked/);
  const timeline = inspector(page).getByRole('list').last();
  await expect(timeline).toContainText('Accepted');
  await expect(timeline).toContainText('Requested');

  await page.keyboard.press('Control+z');
  await expect(card).toHaveAttribute('aria-label', /to answer/);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    await expectAccessible(page, `a request, ${colorScheme}`, inGrid);
  }

  await page.getByRole('button', { name: `Decline Testowy Jan, ${time}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Decline this request' });
  await dialog.getByLabel('Reason', { exact: true }).last().fill('Needs a longer visit');
  await expectDialogAccessible(page, 'declining');
  await page.keyboard.press('Enter');
  await expect(card).toBeHidden();
  await expect(inspector(page)).toContainText('Declined');
  await expect(inspector(page)).toContainText('Needs a longer visit');
  await page.keyboard.press('Control+z');
  await expect(card).toHaveAttribute('aria-label', /to answer/);

  // What was done at the desk has reached the server: another desk sees it.
  await expect(page.getByRole('button', { name: 'Online · all saved' })).toBeVisible();
  const other = await (await browser.newContext()).newPage();
  await openDesk(other, medic);
  await showDay(other, date);
  await expect(visitCard(other, 'Testowy Jan', time)).toHaveAttribute('aria-label', /to answer/);
});

test('neighbours swap, a range shifts, and a refused time is overbooked with a reason', async ({
  medic,
  page,
  browser,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const phone = await (await browser.newContext()).newPage();
  const { date, times } = await freeRun(phone, medic);
  const [first, second, third] = times;
  await openDesk(page, medic);
  await showDay(page, date);
  await bookAt(page, first, 'po an');
  await bookAt(page, second, 'ba cl');
  const both = ['Polańska Anna', 'Baptiste Cléo'];
  const before = [`Polańska Anna ${first}`, `Baptiste Cléo ${second}`];
  expect(await standing(page, both)).toEqual(before);

  await goToCell(page, first);
  await page.keyboard.press('s');
  await expect(said(page)).toContainText('Swapped Polańska A. and Baptiste C.');
  await expect
    .poll(() => standing(page, both))
    .toEqual([`Baptiste Cléo ${first}`, `Polańska Anna ${second}`]);
  await page.keyboard.press('Control+z');
  await expect.poll(() => standing(page, both)).toEqual(before);

  // Both, half an hour later: the preview says so before it is done.
  await goToCell(page, first);
  await page.keyboard.press('Shift+ArrowDown');
  const panel = page.getByRole('complementary', { name: 'Chosen visits' });
  await expect(panel).toContainText('2 visits of Dr Nowak');
  await page.keyboard.press('Shift+M');
  await panel.getByRole('button', { name: '+30' }).click();
  await expect(panel.getByRole('list', { name: 'What would happen' })).toContainText(`${first} → ${second}`);
  await expectAccessible(page, 'a shift', inGrid);
  await panel.getByRole('button', { name: /30 min later/ }).click();
  await expect(said(page)).toContainText('Moved 2 visits 30 min later');
  await expect
    .poll(() => standing(page, both))
    .toEqual([`Polańska Anna ${second}`, `Baptiste Cléo ${third}`]);
  await page.keyboard.press('Control+z');
  await expect.poll(() => standing(page, both)).toEqual(before);

  // Moved onto the other visit: refused with its reason, then overbooked.
  await goToCell(page, first);
  for (const key of ['m', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByText(/^Visit .*Baptiste C\./)).toBeVisible();
  await page.keyboard.press('v');
  const dialog = page.getByRole('dialog', { name: 'Overbook' });
  await expectDialogAccessible(page, 'overbooking');
  await page.keyboard.press('2');
  const room = dialog.getByRole('checkbox', { name: 'Overbook the room too' });
  if (await room.isVisible()) await room.check();
  await dialog.getByRole('button', { name: /^Overbook/ }).click();
  await expect(said(page)).toContainText('overbooked');
  const card = visitCard(page, 'Polańska Anna', second);
  await expect(card).toHaveAttribute('aria-label', /overbooked/);
  await card.click();
  await expect(inspector(page)).toContainText('Doctor agreed');

  // Moved to where it fits, it stands like any other.
  await page.keyboard.press('m');
  for (const key of ['ArrowUp', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
  await expect(said(page)).toContainText('No longer overbooked');
  await expect(visitCard(page, 'Polańska Anna', first)).not.toHaveAttribute('aria-label', /overbooked/);
  await expect(page.getByRole('button', { name: 'Online · all saved' })).toBeVisible();
});

test('a time that a visitor holds shows its end, and the desk can take it', async ({
  medic,
  page,
  browser,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const phone = await (await browser.newContext()).newPage();
  const { date, times } = await freeRun(phone, medic);
  const [first, second] = times;
  await openDesk(page, medic);
  await showDay(page, date);
  await bookAt(page, first, 'po an');

  await phone.goto(`${medic.url}/book/${medic.database.slug}/${doctor}/consultation?date=${date}`);
  await phone.getByRole('radio', { name: new RegExp(second) }).check({ force: true });
  await phone.getByRole('button', { name: /^Continue/ }).click();
  await expect(phone.getByRole('heading', { level: 1, name: 'Your details' })).toBeVisible();
  await expect(page.getByTitle(/^Held online .* until \d\d:\d\d$/).first()).toBeVisible();

  await goToCell(page, first);
  for (const key of ['m', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByRole('button', { name: /Take it from the visitor/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('Moved Polańska A.');
  await expect(visitCard(page, 'Polańska Anna', second)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Online · all saved' })).toBeVisible();
  await expect(page.getByTitle(/^Held online/)).toHaveCount(0);

  // Whoever works by keyboard says what the patient said on the telephone.
  await visitCard(page, 'Polańska Anna', second).focus();
  await page.keyboard.press('c');
  await expect(visitCard(page, 'Polańska Anna', second)).toHaveAttribute(
    'aria-label',
    /patient said they come/,
  );
});
