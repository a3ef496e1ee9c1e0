import AxeBuilder from '@axe-core/playwright';
import type { Browser, Locator, Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import { freeDate, openDesk, showDay, visitCard } from '../../scripts/journey-pages';

/** Any day of the week, at any hour, may be the one on which this runs: what is booked is booked on a day with room. */
async function showFreeDay(page: Page, medic: Medic, browser: Browser): Promise<string> {
  const visitor = await (await browser.newContext()).newPage();
  const date = await freeDate(visitor, medic, 'maja-nowak', 'consultation');
  await visitor.context().close();
  await showDay(page, date);
  return date;
}

/** The booking dialog at the first doctor's column, for a consultation. */
async function openBooking(page: Page): Promise<Locator> {
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Book a visit' });
  await dialog
    .getByRole('combobox', { name: 'Visit type' })
    .or(dialog.getByLabel('Visit type'))
    .first()
    .click();
  await page.getByRole('option', { name: /^Consultation/ }).click();
  return dialog;
}

async function makePatient(page: Page, dialog: Locator, name: string, phone: string): Promise<void> {
  await dialog.getByRole('combobox', { name: 'Patient' }).fill(name);
  await page.keyboard.press('Enter');
  await dialog.getByLabel(/Mobile|Phone/).fill(phone);
  await dialog.getByRole('button', { name: 'Make the record' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Patient' })).toBeVisible();
}

function said(page: Page): Locator {
  return page.locator('footer').getByRole('status');
}

/** `09:30` of what the footer's main button says, such as `Book Wed 25 09:30`. */
async function proposedTime(dialog: Locator): Promise<string> {
  const words = await dialog
    .getByRole('button', { name: /^Book .*\d\d:\d\d/ })
    .last()
    .textContent();
  return /\d\d:\d\d/.exec(words ?? '')?.[0] ?? '';
}

async function expectAccessible(page: Page, what: string, agenda = false): Promise<void> {
  const builder = new AxeBuilder({ page });
  // The agenda's grid is measured by a test of its own.
  if (agenda) builder.exclude('[data-agenda-grid]');
  const { violations } = await builder
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .disableRules(['target-size'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.html.slice(0, 160)}`),
  );
  expect(found, what).toEqual([]);
}

test('a series is booked without the times that are taken, and one of it is moved alone', async ({
  medic,
  page,
  browser,
}) => {
  await openDesk(page, medic);
  await showFreeDay(page, medic, browser);
  const dialog = await openBooking(page);
  await makePatient(page, dialog, 'Zebrowska Quinta', '601 220 418');
  const time = await proposedTime(dialog);
  await page.keyboard.press('Alt+r');
  const visits = dialog.getByRole('list', { name: 'Visits of the series' }).getByRole('listitem');
  await expect(visits).toHaveCount(6);
  await dialog.getByLabel('Number of visits').fill('8');
  await expect(visits).toHaveCount(8);
  // One is left out on purpose, and whatever can't be booked with it.
  await visits.nth(3).getByRole('checkbox').uncheck();
  if ((await dialog.getByRole('status').textContent())?.includes('can’t be booked'))
    await page.keyboard.press('Alt+x');
  const booked = 8 - (await visits.filter({ hasText: 'Left out' }).count());
  expect(booked).toBeGreaterThan(1);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(said(page)).toContainText(`Booked ${booked} visits for Zebrowska Q.`);

  const card = visitCard(page, 'Zebrowska Quinta', time);
  await card.click();
  await page.keyboard.press('m');
  // Keys would do; where it fits can be pressed as well.
  await page
    .getByText(/\d\d:\d\d fits$/)
    .filter({ hasNotText: time })
    .last()
    .click();
  const scope = page.getByRole('dialog');
  await scope.getByRole('radio', { name: 'This visit only' }).check();
  await page.keyboard.press('Enter');
  await expect(scope).toBeHidden();
  await expect(card).toHaveCount(0);
  await expect(visitCard(page, 'Zebrowska Quinta')).toHaveCount(1);
  // The others stand where they stood.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('zeb qui');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByText(time)).toHaveCount(booked - 1);
});

test('a cancelled visit is offered to two who wait; the first to accept gets it, the other waits on', async ({
  medic,
  page,
  browser,
}) => {
  await openDesk(page, medic);
  await showFreeDay(page, medic, browser);

  let dialog = await openBooking(page);
  await makePatient(page, dialog, 'Cancels Cara', '601 220 401');
  const time = await proposedTime(dialog);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();

  for (const [name, phone] of [
    ['Waits Ada', '601 220 402'],
    ['Waits Bea', '601 220 403'],
  ] as const) {
    dialog = await openBooking(page);
    await makePatient(page, dialog, name, phone);
    await page.keyboard.press('Alt+l');
    await expect(dialog.getByRole('heading', { name: /^Waitlist for Waits/ })).toBeVisible();
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(said(page)).toContainText('On the waitlist: Waits');
  }

  await visitCard(page, 'Cancels Cara', time).focus();
  await page.keyboard.press('Backspace');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Cancel the visit/ })
    .click();
  await expect(page.getByRole('status').filter({ hasText: /people wait for this time/ })).toContainText(time);
  await expectAccessible(page, 'a time came free', true);
  await page.keyboard.press('Alt+l');
  const offer = page.getByRole('dialog', { name: /^Offer/ });
  const people = offer.getByRole('list', { name: 'Who is suited' });
  for (const box of await people.getByRole('checkbox').all()) await box.uncheck();
  for (const name of ['Waits Ada', 'Waits Bea'])
    await people.getByRole('listitem').filter({ hasText: name }).getByRole('checkbox').check();
  await expectAccessible(page, 'offer');
  await offer.getByRole('button', { name: 'Offer to 2' }).click();
  await expect(offer).toBeHidden();
  await expect(said(page)).toContainText('to 2 people');

  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /^Waitlist/ }).click();
  await page.getByRole('button', { name: /^Offered/ }).click();
  const list = page.getByRole('listbox', { name: 'Waitlist' });
  await expect(list.getByRole('option', { name: /Waits Bea/ })).toContainText('answer until');
  await list.getByRole('option', { name: /Waits Ada/ }).click();
  await page.getByRole('button', { name: /^Accepts/ }).click();
  await expect(said(page)).toContainText('Booked from the waitlist: Waits A.');
  await expect(list.getByRole('option', { name: /Waits (Ada|Bea)/ })).toHaveCount(0);

  // Another desk sees the same: the one booked, the other still waiting, with an offer that is over.
  const other = await (await browser.newContext()).newPage();
  await openDesk(other, medic);
  await other.keyboard.press('g');
  await other.keyboard.press('l');
  const waiting = other.getByRole('listbox', { name: 'Waitlist' });
  await waiting.getByRole('option', { name: /Waits Bea/ }).click();
  await expect(other.getByRole('region', { name: 'Offers' }).getByText('withdrawn')).toBeVisible();
  await other.getByRole('button', { name: /^Over/ }).click();
  await expect(waiting.getByRole('option', { name: /Waits Ada/ })).toContainText('Booked');
});

test('what may be gone over is said and asked once: a taken time, and another visit of the patient', async ({
  medic,
  page,
  browser,
}) => {
  await openDesk(page, medic);
  await showFreeDay(page, medic, browser);
  let dialog = await openBooking(page);
  await makePatient(page, dialog, 'First Fay', '601 220 404');
  const time = await proposedTime(dialog);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();

  // Over her visit, by the right to overbook and for a reason.
  dialog = await openBooking(page);
  await makePatient(page, dialog, 'Second Sue', '601 220 405');
  await page.keyboard.press('Alt+w');
  const row = dialog.getByRole('option', { name: new RegExp(`^${time}`) });
  await row.click();
  await expect(row).toContainText('First F.');
  await page.keyboard.press('Control+Enter');
  await expect(dialog.getByLabel('Reason for overbooking')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.type('Sent by the ward');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(visitCard(page, 'Second Sue', time)).toHaveCount(1);

  // With another doctor at the same time: a warning, and one key.
  dialog = await openBooking(page);
  await dialog.getByRole('combobox', { name: 'Patient' }).fill('sec su');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('combobox', { name: 'Patient' })).toBeVisible();
  await page.keyboard.press('Alt+w');
  const chosenDoctor = dialog.getByRole('combobox', { name: 'Doctor' });
  // Free, or taken by what may be overbooked.
  const mayBeTaken = dialog.getByRole('option', { name: new RegExp(`^${time}`), disabled: false });
  for (const doctor of ['Horák', 'Lindqvist', 'Okafor', 'Marchetti', 'Weber', 'Dubois']) {
    await chosenDoctor.click();
    // Of the choices, not of the times that are taken by somebody who is called so, too.
    await page.getByRole('option', { name: new RegExp(`^(Dr|Prof\\.) ${doctor}$`) }).click();
    await expect(chosenDoctor).toHaveValue(new RegExp(doctor));
    if ((await mayBeTaken.count()) > 0) break;
  }
  await mayBeTaken.click();
  await expect(mayBeTaken).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+Enter');
  const reason = dialog.getByLabel('Reason for overbooking');
  const warning = dialog.getByRole('alert').filter({ hasText: 'Second S. has another visit then' });
  await expect(reason.or(warning)).toBeVisible();
  if ((await reason.count()) > 0) {
    await page.keyboard.type('Both at once');
    await page.keyboard.press('Enter');
  }
  await expect(warning).toContainText('Dr Nowak');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(visitCard(page, 'Second Sue', time)).toHaveCount(2);
});

test('the waitlist and what opens from it pass axe, light and dark', async ({ medic, page }) => {
  // Twelve looks of axe at full screens.
  test.setTimeout(600_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openDesk(page, medic);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    await page.getByRole('link', { name: /^Waitlist/ }).click();
    await expect(page.getByRole('region', { name: 'Free times' })).toBeVisible();
    await expectAccessible(page, `waitlist, ${colorScheme}`);
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, `change an entry, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('Backspace');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, `take off, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { name: /^Waitlist/ })).toBeVisible();
    await expectAccessible(page, `add to the waitlist, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Agenda' }).click();
    await page.getByRole('button', { name: /^Book/ }).first().click();
    await dialog.getByRole('combobox', { name: 'Patient' }).fill('ko');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Alt+w');
    await expectAccessible(page, `why times are taken, ${colorScheme}`, true);
    // In the evening nothing is left of today.
    await page.keyboard.press('Alt+1');
    await expect(dialog.getByRole('button', { name: /^Repeat/ })).toBeEnabled();
    await page.keyboard.press('Alt+r');
    await expect(dialog.getByRole('list', { name: 'Visits of the series' })).toBeVisible();
    await expectAccessible(page, `repeat, ${colorScheme}`, true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  }
});
