import { expect, test } from '../../scripts/journey';
import { bookOnline, freeDate, openDesk, showDay, visitCard } from '../../scripts/journey-pages';

test('a visit booked on the public page appears on an open desk without reload', async ({
  medic,
  page,
  browser,
}) => {
  const phone = await (await browser.newContext({ viewport: { width: 320, height: 700 } })).newPage();
  const where = { doctor: 'maja-nowak', type: 'consultation' };
  const date = await freeDate(phone, medic, where.doctor, where.type);
  await openDesk(page, medic);
  await showDay(page, date);
  // Nobody touches the desk from here on.
  const visit = await bookOnline(phone, medic, { ...where, date, familyName: 'Testowy' });
  await expect(visitCard(page, 'Testowy Jan', visit.time)).toBeVisible();
});

test('a visit booked at the desk takes its time from the public page', async ({ medic, page, browser }) => {
  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  const date = await freeDate(phone, medic, 'maja-nowak', 'follow-up');
  const address = `${medic.url}/book/${medic.database.slug}/maja-nowak/follow-up?date=${date}`;
  await phone.goto(address);
  const times = () =>
    phone
      .getByRole('radio')
      .evaluateAll((radios) => radios.map((radio) => (radio as HTMLInputElement).value));
  const before = await times();
  expect(before.length).toBeGreaterThan(0);

  await openDesk(page, medic);
  await showDay(page, date);
  await page.getByRole('button', { name: /^Book/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Patient' }).fill('po an');
  await page.keyboard.press('Enter');
  await dialog.getByRole('combobox', { name: 'Doctor' }).click();
  await page.getByRole('option', { name: 'Dr Nowak', exact: true }).click();
  await expect(dialog.getByRole('combobox', { name: 'Doctor' })).toHaveValue(/Nowak/);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(visitCard(page, 'Polańska Anna').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Online · all saved' })).toBeVisible();

  await phone.goto(address);
  expect((await times()).length).toBeLessThan(before.length);
});
