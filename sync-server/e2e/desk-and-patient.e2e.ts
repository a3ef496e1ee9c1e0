/** What the desk does to a visit and the patient sees, and the other way round. */
import { instant, type TimeZone } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import type { Locator, Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import { freeDates, openDesk, showDay, syncPill, visitCard } from '../../scripts/journey-pages';
import { ana, type Booked, book, heading, newId, openPortal, type Row, Staff, signIn } from './portal-steps';

const zone = 'Europe/Warsaw' as TimeZone;
const narrow = { width: 320, height: 640 };
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Visit' });

/** As the clinic's clocks show it. */
function local(startsAt: Booked['startsAt']): { date: string; time: string } {
  return localTime(startsAt, zone);
}

/** What the desk has done must be with the server before the patient looks. */
async function expectSaved(page: Page): Promise<void> {
  await expect(syncPill(page, 'Online · all saved')).toBeVisible();
}

/** The booking dialog at the cell, with a patient picked by the keyboard. */
async function openBooking(page: Page, letters: string): Promise<Locator> {
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Book a visit' });
  await dialog.getByRole('combobox', { name: 'Patient' }).fill(letters);
  await page.keyboard.press('Enter');
  const type = dialog.getByRole('combobox', { name: 'Visit type' });
  if (!(await type.inputValue()).startsWith('Consultation')) {
    await type.click();
    await page.getByRole('option', { name: /^Consultation/ }).click();
  }
  return dialog;
}

/** Suggests the first free time that the dialog proposes, and says which it was. */
async function suggest(page: Page, letters: string): Promise<string> {
  const dialog = await openBooking(page, letters);
  const chosen = dialog.getByRole('listbox', { name: 'Times' }).getByRole('option', { selected: true });
  const time = /\d\d:\d\d/.exec((await chosen.textContent()) ?? '')?.[0] ?? 'no time';
  await page.keyboard.press('Alt+s');
  await expect(dialog.getByRole('checkbox', { name: /^Suggest it/ })).toBeChecked();
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  return time;
}

/** All of hers that a desk is sent, by their times. */
async function visitsOfAna(desk: Staff): Promise<Row[]> {
  const mine = (await desk.rows('patients')).find(({ email }) => email === ana.email)?.id;
  return (await desk.rows('appointments'))
    .filter(({ recordKind, patientId }) => recordKind === 'appointment' && patientId === mine)
    .sort((a, b) => Number(a.startsAt) - Number(b.startsAt));
}

async function firstFreeDate(page: Page, medic: Medic): Promise<string> {
  for await (const date of freeDates(page, medic, 'maja-nowak', 'consultation')) return date;
  throw new Error('no free day');
}

/** The last of the six weeks' days that has room: hardly anything is booked around it. */
async function emptiestDate(page: Page, medic: Medic): Promise<string> {
  let last: string | null = null;
  for await (const date of freeDates(page, medic, 'maja-nowak', 'consultation')) last = date;
  if (!last) throw new Error('no free day');
  return last;
}

test('links that the desk stops open nothing, and a visit entered in error is gone for both', async ({
  medic,
  page,
  browser,
}) => {
  const visit = await book(medic);
  const { date, time } = local(visit.startsAt);
  await openDesk(page, medic);
  await showDay(page, date);
  const card = visitCard(page, 'Kowalczyk Ana', time);
  await card.click();
  await page.keyboard.press('Shift+L');
  const stopping = page.getByRole('dialog', { name: 'Stop the links sent to the patient' });
  await expect(stopping).toContainText('stops working at once');
  await page.keyboard.press('Enter');
  await expect(stopping).toBeHidden();
  await expect(card).toBeVisible();
  await expectSaved(page);

  const phone = await (await browser.newContext({ viewport: narrow })).newPage();
  await phone.goto(`${medic.url}${visit.manageLink}`);
  await expect(heading(phone, 'This link no longer works')).toBeVisible();
  // By code the visit is there as before.
  await phone.getByRole('button', { name: 'Send me a code' }).click();
  await signIn(phone, medic, ana.email);
  const details = phone.getByRole('link', { name: /^Details and directions/ });
  await expect(details).toBeVisible();

  await card.click();
  await page.keyboard.press('Shift+Backspace');
  const voiding = page.getByRole('dialog', { name: 'Entered in error' });
  await expect(voiding).toBeVisible();
  await page.keyboard.press('2');
  await expect(voiding.getByRole('button', { name: /Booked twice/ })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Enter');
  await expect(voiding).toBeHidden();
  await expect(card).toHaveCount(0);
  await expectSaved(page);
  await phone.reload();
  await expect(phone.getByText('Past visits')).toBeVisible();
  await expect(details).toHaveCount(0);
  const stored = (await (await Staff.at(medic)).rows('appointments')).find(({ id }) => id === visit.id);
  expect(stored?.status).toBe('entered-in-error');
});

test('a suggested time is taken by the patient or by the desk, and not when it has gone', async ({
  medic,
  page,
  browser,
}) => {
  const phone = await (await browser.newContext({ viewport: narrow })).newPage();
  const date = await firstFreeDate(phone, medic);
  // A visit on another day makes her a patient of the clinic.
  const known = await book(medic, ana, { afterDays: 20 });
  await openDesk(page, medic);
  await showDay(page, date);
  const time = await suggest(page, 'kow ana');
  const card = visitCard(page, 'Kowalczyk Ana', time);
  await expect(card).toHaveAttribute('aria-label', /suggested/i);
  await expectSaved(page);

  await openPortal(phone, medic);
  await signIn(phone, medic, ana.email);
  await expect(phone.getByText('Suggested by the clinic')).toBeVisible();
  await phone.getByRole('link', { name: /^Details and directions/ }).click();
  await expect(phone.getByText(/^The clinic suggests this time. It is not booked/)).toBeVisible();
  await phone.getByRole('button', { name: 'Take this time' }).click();
  await expect(phone.getByText('This time is booked for you.')).toBeVisible();
  await expect(phone.getByRole('listitem').filter({ hasText: 'You took the time' })).toBeVisible();
  await expect(card).toHaveAttribute('aria-label', /booked/);

  // She rings, and the desk accepts for her.
  const second = await suggest(page, 'kow ana');
  expect(second).not.toBe(time);
  const other = visitCard(page, 'Kowalczyk Ana', second);
  await other.click();
  await expect(inspector(page)).toContainText('It holds no time until they accept.');
  await page.keyboard.press('y');
  await expect(other).toHaveAttribute('aria-label', /booked/);

  // What holds no time can be taken by somebody else, and then says so.
  const third = await suggest(page, 'kow ana');
  const late = visitCard(page, 'Kowalczyk Ana', third);
  await expect(late).toHaveAttribute('aria-label', /suggested/i);
  await expectSaved(page);
  const reception = await Staff.at(medic, 'reception');
  const [, , suggested] = await visitsOfAna(reception);
  const somebodyElse = (await reception.rows('patients')).find(({ email }) => email !== ana.email);
  await reception.does('appointment.book', {
    appointmentId: newId(),
    patientId: String(somebodyElse?.id),
    doctorId: known.doctorId,
    locationId: String(suggested?.locationId),
    appointmentTypeId: known.appointmentTypeId,
    startsAt: instant(Number(suggested?.startsAt)),
    notes: '',
    overrides: ['same-patient'],
  });
  await phone.goto(`${medic.url}/my/${medic.database.slug}/visit/${suggested?.id}`);
  await phone.getByRole('button', { name: 'Take this time' }).click();
  await expect(phone.getByRole('alert')).toBeVisible();
  await expect(phone.getByText('This time is booked for you.')).toHaveCount(0);
  expect((await visitsOfAna(reception)).map(({ status }) => status)).toEqual([
    'booked',
    'booked',
    'proposed',
    'booked',
  ]);
});

test('a series is moved and cancelled for one, the following and all, and the patient sees what stands', async ({
  medic,
  page,
  browser,
}) => {
  const phone = await (await browser.newContext({ viewport: narrow })).newPage();
  const date = await emptiestDate(phone, medic);
  await book(medic, ana, { afterDays: 5 });
  await openDesk(page, medic);
  await page.goto(`${medic.url}/desk/#/agenda?date=${date}`);
  const dialog = await openBooking(page, 'kow ana');
  await page.keyboard.press('Alt+r');
  const visits = dialog.getByRole('list', { name: 'Visits of the series' }).getByRole('listitem');
  await dialog.getByLabel('Number of visits').fill('6');
  await expect(visits).toHaveCount(6);
  await expect(dialog.getByRole('status')).not.toContainText('can’t be booked');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expectSaved(page);

  const desk = await Staff.at(medic);
  const series = async () =>
    (await visitsOfAna(desk))
      .filter(({ seriesId }) => seriesId !== null)
      .map(({ id, startsAt, status }) => ({ id, ...local(instant(Number(startsAt))), status }));
  const before = await series();
  expect(before.map(({ status }) => status)).toEqual(Array(6).fill('booked'));
  /** Which of them stand at the same time of day: `aab` when the third one differs. */
  const pattern = async () => {
    const times = (await series()).map(({ time }) => time);
    const different = [...new Set(times)].sort();
    return times.map((time) => 'abcdef'[different.indexOf(time)]).join('');
  };
  const statuses = async () => (await series()).map(({ status }) => status);

  /** Selects the visit that stands at this place of the series. */
  async function select(place: number): Promise<void> {
    const one = (await series())[place];
    if (!one) throw new Error(`no visit ${place}`);
    await page.goto(`${medic.url}/desk/#/agenda?date=${one.date}`);
    await visitCard(page, 'Kowalczyk Ana', one.time).click();
  }
  /** To the next later time of the day that fits. */
  async function move(place: number, scope: RegExp): Promise<void> {
    await select(place);
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowDown');
    const refusal = page.getByText('doesn’t fit');
    for (let step = 0; step < 20 && (await refusal.count()) > 0; step++)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const asked = page.getByRole('dialog', { name: /^Move / });
    await asked.getByRole('radio', { name: scope }).check();
    await page.keyboard.press('Enter');
    await expect(asked).toBeHidden();
    await expectSaved(page);
  }
  async function cancel(place: number, scope: RegExp): Promise<void> {
    await select(place);
    await page.keyboard.press('Backspace');
    const asked = page.getByRole('dialog', { name: 'Cancel one of a series' });
    await asked.getByRole('radio', { name: scope }).check();
    await page.keyboard.press('Enter');
    await expect(asked).toBeHidden();
    await expectSaved(page);
  }

  await move(0, /^All that are ahead, 6 visits/);
  await expect.poll(pattern).toBe('aaaaaa');
  expect((await series())[0]?.time).not.toBe(before[0]?.time);
  await move(3, /^This and the following, 3 visits/);
  await expect.poll(pattern).toBe('aaabbb');
  await move(5, /^This visit only/);
  await expect.poll(pattern).toBe('aaabbc');

  await cancel(4, /^This visit only/);
  await expect.poll(statuses).toEqual(['booked', 'booked', 'booked', 'booked', 'cancelled', 'booked']);
  await cancel(1, /^This and the following, 2 visits/);
  await expect.poll(statuses).toEqual(['booked', 'cancelled', 'cancelled', 'booked', 'cancelled', 'booked']);
  await cancel(3, /^All that are ahead, 2 visits/);
  await expect
    .poll(statuses)
    .toEqual(['booked', 'cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled']);

  const [standing] = await series();
  await openPortal(phone, medic);
  await signIn(phone, medic, ana.email);
  await expect(phone.getByRole('heading', { name: 'Later' })).toBeVisible();
  await phone.goto(`${medic.url}/my/${medic.database.slug}/visit/${standing?.id}`);
  await expect(phone.getByText(/^This is one of several visits/)).toBeVisible();
  await expect(phone.getByText(`${standing?.time}–`)).toBeVisible();
});
