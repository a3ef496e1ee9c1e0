import type { Browser, Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import {
  expectAccessible as expectNoViolation,
  freeDate,
  openDesk,
  showDay,
} from '../../scripts/journey-pages';

/** WCAG 2.2 AA by machine. Motion is off, so that nothing is measured half faded in. */
async function expectAccessible(page: Page, what: string): Promise<void> {
  // In the agenda a quarter of an hour is 18 px high: its height is what it says (WCAG 2.5.8, Essential), and the
  // same visits and times can be had from the patient's record and the booking dialog.
  const inGrid = /role="gridcell"|data-visit=/;
  await expectNoViolation(page, what, (one) => one.startsWith('target-size') && inGrid.test(one));
}

/** Any day of the week, at any hour, may be the one on which this runs: what is booked is booked on a day with room. */
async function showFreeDay(page: Page, medic: Medic, browser: Browser): Promise<void> {
  const visitor = await (await browser.newContext()).newPage();
  const date = await freeDate(visitor, medic, 'maja-nowak', 'consultation');
  await visitor.context().close();
  await showDay(page, date);
}

test('every screen of the desk passes axe, light and dark', async ({ medic, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${medic.url}/desk/`);
  await expect(page.getByLabel('Clinic')).toBeVisible();
  await expectAccessible(page, 'sign-in');
  await openDesk(page, medic);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    await expectAccessible(page, `day, ${colorScheme}`);
    await page.getByRole('button', { name: /^Book/ }).first().click();
    await page.getByRole('dialog').getByRole('combobox', { name: 'Patient' }).fill('ko');
    await expectAccessible(page, `booking, ${colorScheme}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Week', exact: true }).click();
    await expect(page.locator('[data-week-grid]')).toBeVisible();
    await expectAccessible(page, `week, ${colorScheme}`);
    await page.getByRole('button', { name: 'Day', exact: true }).click();
    for (const name of ['Patients', /^Attention/]) {
      await page.getByRole('link', { name }).click();
      await expectAccessible(page, `${name}, ${colorScheme}`);
    }
    await page.getByRole('link', { name: 'Agenda' }).click();
  }
});

test('a visit is booked in six keystrokes from the agenda', async ({ medic, page, browser }) => {
  await openDesk(page, medic);
  await showFreeDay(page, medic, browser);
  await page.getByRole('gridcell').focus();
  for (const key of ['b', 'p', 'o', 'a', 'Enter', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.locator('footer').getByRole('status')).toContainText('Booked');
  await expect(page.locator('footer').getByRole('status')).toContainText('Polańska');

  // In other dialogs, too, a quick hand's keys go to what the first of them opens, and not to the agenda behind it.
  for (const key of ['Control+k', 'b', 'a', ' ', 'c', 'l']) await page.keyboard.press(key);
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('ba cl');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('gridcell').focus();
  for (const key of ['k', '1', '0', ':', '1', '5']) await page.keyboard.press(key);
  const block = page.getByRole('dialog', { name: 'Block time' });
  await expect(block.getByLabel('From')).toHaveValue('10:15');
  await page.keyboard.press('Escape');
  await expect(block).toBeHidden();
  // And the first key after it is the agenda's again.
  await page.keyboard.press('b');
  await expect(page.getByRole('dialog', { name: 'Book a visit' })).toBeVisible();
});

test('time is blocked and given back, and a wrong sign-in says what to do', async ({
  medic,
  page,
  browser,
}) => {
  await page.goto(`${medic.url}/desk/`);
  await page.getByLabel('Clinic').fill('harbour');
  await page.getByLabel('E-mail').fill('reception@harbour.example');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: /^Sign in/ }).click();
  await expect(page.getByText(/is not right/)).toBeVisible();

  await openDesk(page, medic);
  await showFreeDay(page, medic, browser);
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('k');
  const dialog = page.getByRole('dialog', { name: 'Block time' });
  await dialog.getByLabel('Reason').fill('Fire drill');
  await dialog.getByRole('button', { name: /^Block/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Fire drill').first()).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('Fire drill')).toHaveCount(0);
});

test('a new patient is made in the booking dialog and booked at once', async ({ medic, page, browser }) => {
  await openDesk(page, medic);
  await showFreeDay(page, medic, browser);
  await page.getByRole('button', { name: /^Book/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Patient' }).fill('Zebrowska Quinta');
  await page.keyboard.press('Enter');
  await dialog.getByLabel(/Mobile|Phone/).fill('601 220 418');
  await dialog.getByRole('button', { name: 'Make the record' }).click();
  await expect(dialog).toContainText('book Zebrowska Q.');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  const other = await (await browser.newContext()).newPage();
  await openDesk(other, medic);
  await other.getByRole('link', { name: 'Patients' }).click();
  await other
    .getByRole('main')
    .getByRole('textbox')
    .or(other.getByRole('main').getByRole('combobox'))
    .first()
    .fill('zeb qui');
  await expect(other.getByText('Zebrowska Quinta').first()).toBeVisible();
});
