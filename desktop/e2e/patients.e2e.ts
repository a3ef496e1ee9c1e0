import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../../scripts/journey';
import { openDesk, syncPill } from '../../scripts/journey-pages';

function said(page: Page): Locator {
  return page.locator('footer').getByRole('status');
}

/** A new record from the booking dialog, as far as the press that makes it. */
async function newPatient(page: Page, name: string, phone: string): Promise<Locator> {
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Book a visit' });
  await dialog.getByRole('combobox', { name: 'Patient' }).fill(name);
  await page.keyboard.press('Alt+n');
  await dialog.getByLabel('Phone').fill(phone);
  await dialog.getByRole('button', { name: 'Make the record' }).click();
  return dialog;
}

test('a second record of one person is warned of, merged, and the merge undone', async ({
  medic,
  page,
  browser,
}) => {
  await openDesk(page, medic);
  let dialog = await newPatient(page, 'Zwei Dora', '601 220 410');
  await expect(dialog.getByRole('combobox', { name: 'Patient' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  // The same telephone, and the names the other way round with an accent: it asks before it makes another.
  dialog = await newPatient(page, 'Dóra Zwei', '+48 601 220 410');
  const warning = dialog.getByRole('region', { name: 'May be the same person' });
  await expect(warning.getByRole('alert')).toContainText('Nothing was made yet');
  await expect(warning.getByRole('listitem').filter({ hasText: 'Dora' })).toBeVisible();
  await warning.getByRole('button', { name: 'None of these: make it' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Patient' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByRole('link', { name: 'Patients' }).click();
  const search = page.getByRole('textbox', { name: 'Search patients' });
  const found = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Zwei' });
  await search.fill('zwe dor');
  await expect(found).toHaveCount(2);
  await search.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Merge…' }).click();
  const merging = page.getByRole('dialog', { name: /^Merge / });
  // Said to be another person a moment ago, so it is not suggested: it can be searched for all the same.
  await merging.getByRole('textbox', { name: 'The other record' }).fill('zwei dora');
  await merging.getByRole('listitem').filter({ hasText: 'Zwei' }).getByRole('button').first().click();
  await expect(merging.getByRole('form', { name: 'Merge two records' })).toBeVisible();
  await merging.getByRole('button', { name: /^Merge the records/ }).click();
  await expect(said(page)).toContainText(/^Merged .* into /);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(found).toHaveCount(1);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible();

  // Another desk has one record, which both names lead to; there the merge is undone.
  const other = await (await browser.newContext()).newPage();
  await openDesk(other, medic);
  await other.getByRole('link', { name: 'Patients' }).click();
  const theirs = other.getByRole('main').getByRole('listitem').filter({ hasText: 'Zwei' });
  await other.getByRole('textbox', { name: 'Search patients' }).fill('dóra zwei');
  await expect(theirs).toHaveCount(1);
  await other.keyboard.press('Enter');
  await other
    .getByRole('dialog')
    .getByRole('button', { name: /^Undo the merge of / })
    .click();
  await expect(said(other)).toContainText('is a record of its own again');
  await other.keyboard.press('Escape');
  await other.getByRole('textbox', { name: 'Search patients' }).fill('zwe dor');
  await expect(theirs).toHaveCount(2);
  await expect(found).toHaveCount(2);
});
