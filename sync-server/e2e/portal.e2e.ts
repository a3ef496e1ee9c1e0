import AxeBuilder from '@axe-core/playwright';
import { slotsOf } from '@medic/shared/availability/slot-table';
import { type Instant, instant, type PlainDate } from '@medic/shared/time/instant';
import type { Download, Locator, Page } from '@playwright/test';
import { expect, secret, test } from '../../scripts/journey';
import { ManageLinks } from '../src/auth/manage-links';
import { ana, apiOf, book, codeFor, heading, newId, openPortal, Staff, signIn } from './portal-steps';

const narrow = { width: 320, height: 640 };
const wide = { width: 1280, height: 800 };
const minuteMs = 60_000;

/** WCAG 2.2 AA by machine, and no sideways scroll. */
async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.html.slice(0, 120)}`),
  );
  expect(found, what).toEqual([]);
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(tooWide, `${what}: sideways scroll`).toBeLessThanOrEqual(0);
}

function notice(page: Page, text: string | RegExp): Locator {
  return page.getByRole('main').getByText(text);
}

async function giveBirthDate(page: Page, [day, month, year]: [string, string, string]): Promise<void> {
  await page.getByLabel('Day').fill(day);
  await page.getByLabel('Month').fill(month);
  await page.getByLabel('Year').fill(year);
  await page.getByRole('button', { name: 'Show' }).click();
}

/** Another day than the one that is shown first, so that the old and the new day differ. */
async function chooseNewTime(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Next week' }).click();
  await page.getByRole('link', { name: 'Next week' }).click();
  await expect(page.getByRole('radio').first()).toBeAttached();
  await page.getByRole('radio').first().check({ force: true });
}

for (const viewport of [narrow, wide]) {
  const colorScheme = viewport === narrow ? 'light' : 'dark';
  const at = `at ${viewport.width} px, ${colorScheme}`;

  test(`by code a family sees its visits, and past ones after the birth date, ${at}`, async ({
    medic,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    await book(medic);
    await book(medic, { ...ana, givenName: 'Jan', birthDate: '2015-03-04' }, { afterDays: 9 });

    await openPortal(page, medic);
    await expect(heading(page, 'See your visits')).toBeVisible();
    await expectAccessible(page, 'sign-in');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await expect(page.getByLabel('E-mail')).toBeFocused();
    await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('Enter an e-mail address');

    await page.getByLabel('E-mail').fill(ana.email);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    const code = page.getByLabel('Code of 8 characters');
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
    const sent = await codeFor(medic, ana.email);
    await code.fill('A1');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(code).toHaveAccessibleDescription(/6 are missing/);
    await code.fill(sent.startsWith('0') ? '11111111' : '00000000');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(code).toHaveAccessibleDescription(/That code is not right/);
    await expectAccessible(page, 'a wrong code');
    // As it is pasted: with what stands around it in the mail, in small letters.
    await code.fill(` ${sent.toLowerCase().replace(/[- ]/, '')} `);
    await page.getByRole('button', { name: 'Continue' }).click();

    await expect(heading(page, 'Your visits')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Later' })).toBeVisible();
    await expectAccessible(page, 'visits');
    const visits = page
      .getByRole('main')
      .getByRole('link', { name: /Consultation|Dr Maja Nowak|Details and/ });
    await expect(visits).toHaveCount(3);
    await page.getByRole('radio', { name: 'Jan' }).check({ force: true });
    await expect(page.getByText('for Ana')).toHaveCount(0);
    await expect(page.getByText('for Jan')).toHaveCount(1);
    await page.getByRole('radio', { name: 'Ana' }).check({ force: true });

    await giveBirthDate(page, ['1', '1', '1980']);
    await expect(page.getByLabel('Day')).toHaveAttribute('aria-invalid', 'true');
    await expect(notice(page, /That is not the date we have. 4 tries are left/)).toBeVisible();
    await expectAccessible(page, 'a wrong birth date');
    await giveBirthDate(page, ['29', '2', '1980']);
    await expect(page.getByText('No past visits here.')).toBeVisible();
    await page.getByRole('radio', { name: 'Jan' }).check({ force: true });
    // What Ana has proven shows nothing of Jan's.
    await expect(page.getByRole('group', { name: 'Date of birth of Jan' })).toBeVisible();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await page.reload();
    await expect(heading(page, 'See your visits')).toBeVisible();
  });

  test(`a visit is confirmed, moved and cancelled, ${at}`, async ({ medic, page }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    const visit = await book(medic);
    await page.goto(`${medic.url}${visit.manageLink}`);
    await expect(page.getByText('You booked online')).toBeVisible();
    await expectAccessible(page, 'visit');

    await page.getByRole('button', { name: 'Yes, I will come' }).click();
    await expect(notice(page, 'Thank you. We expect you.')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'You said that you will come' })).toBeVisible();

    const before = await page.getByRole('heading', { level: 1 }).textContent();
    await page.getByRole('link', { name: 'Move visit' }).click();
    await expect(page.getByRole('radio').first()).toBeAttached();
    await expect(heading(page, 'Choose a new time')).toBeFocused();
    await chooseNewTime(page);
    await expectAccessible(page, 'times');
    await page.getByRole('button', { name: /^Continue with/ }).click();
    await expect(heading(page, 'Move your visit?')).toBeFocused();
    await expectAccessible(page, 'move');
    // A step back leaves the visit where it was.
    await page.goBack();
    await expect(heading(page, 'Choose a new time')).toBeVisible();
    await page.goForward();
    await page.getByRole('button', { name: 'Move to this time' }).click();
    await expect(notice(page, /^Your visit is moved to/)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(before ?? '');
    await expect(page.getByRole('listitem').filter({ hasText: 'You moved it from' })).toBeVisible();
    // Moved, so nobody has said yet that they come at the new time.
    await expect(page.getByRole('button', { name: 'Yes, I will come' })).toBeVisible();

    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Add to calendar' }).click();
    const calendar = await textOf(await file);
    expect(calendar).toContain(`UID:${visit.id}\r\n`);
    expect(calendar).toMatch(/SEQUENCE:[1-9]/);

    await page.getByRole('link', { name: 'Cancel visit' }).click();
    await expect(heading(page, /^Cancel .*\?$/)).toBeFocused();
    await expectAccessible(page, 'cancel');
    await page.getByLabel('Would you tell us why?').fill('I am travelling');
    await page.getByRole('button', { name: 'Cancel this visit' }).click();
    await expect(notice(page, /^Your visit is cancelled/)).toBeVisible();
    await expect(page.getByText('You wrote: “I am travelling”')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Cancel visit' })).toHaveCount(0);
    await expectAccessible(page, 'cancelled');
    const desk = await Staff.at(medic);
    const stored = (await desk.rows('appointments')).find(({ id }) => id === visit.id);
    expect(stored?.status).toBe('cancelled');
  });

  test(`a waitlist offer that somebody else takes is told kindly, ${at}`, async ({ medic, page }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    const { offerLinks } = await offeredTwice(medic);
    const [mine = '', theirs = ''] = offerLinks;

    await page.goto(`${medic.url}${mine}`);
    await expect(heading(page, 'A time has opened up')).toBeVisible();
    await expect(page).toHaveURL(/\/offer$/);
    await expectAccessible(page, 'offer');
    // Looking at it takes nothing.
    const answer = await apiOf(medic).portal.acceptOffer.mutate({
      clinic: medic.database.slug,
      requestId: newId(),
      offer: theirs.split('#o=')[1] ?? '',
    });
    expect(answer.kind).toBe('booked');

    await page.getByRole('button', { name: 'Take this time' }).click();
    await expect(page.getByRole('heading', { name: 'Somebody was faster' })).toBeVisible();
    await expect(page.getByText('You stay on the waitlist')).toBeVisible();
    await expectAccessible(page, 'a lost offer');
    await page.getByRole('link', { name: 'See all free times' }).click();
    await expect(heading(page, 'Choose a time')).toBeVisible();
  });
}

async function textOf(download: Download): Promise<string> {
  const stream = await download.createReadStream();
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** Two who wait for the same, and one time offered to both. */
async function offeredTwice(medic: Parameters<typeof Staff.at>[0]) {
  const desk = await Staff.at(medic);
  const people = [
    ana,
    { ...ana, givenName: 'Ewa', familyName: 'Lis', email: 'ewa@example.org', birthDate: '1971-05-06' },
  ];
  const entries: string[] = [];
  let slot: { doctorId: string; locationId: string; startsAt: Instant } | null = null;
  for (const [i, somebody] of people.entries()) {
    // A later visit makes them patients here; the time that is offered is another day's.
    const booked = await book(medic, somebody, { afterDays: 12 + i });
    const patients = await desk.rows('patients');
    const patient = patients.find((row) => row.email === somebody.email);
    const entryId = newId();
    await desk.does('waitlist.add', {
      entryId,
      patientId: String(patient?.id),
      appointmentTypeId: booked.appointmentTypeId,
      doctorIds: [],
      locationIds: [],
      weekdays: [],
      partsOfDay: [],
      earliestOn: null,
      latestOn: null,
      urgency: 'routine',
      note: '',
    });
    entries.push(entryId);
    slot ??= await freeSlot(medic, booked);
  }
  const offers = entries.map((entryId) => ({ entryId, offerId: newId() }));
  if (!slot) throw new Error('no time to offer');
  await desk.does('waitlist.offer', { offers, slot, expiresAt: instant(Date.now() + 60 * minuteMs) });
  const links = new ManageLinks(Buffer.from(secret, 'utf8'));
  return {
    desk,
    entries,
    offerLinks: offers.map(
      ({ entryId, offerId }) =>
        `/my/${medic.database.slug}#o=${links.offerToken(desk.clinicId, entryId, offerId)}`,
    ),
  };
}

async function freeSlot(
  medic: Parameters<typeof Staff.at>[0],
  { appointmentTypeId, doctorId }: { appointmentTypeId: string; doctorId: string },
) {
  const day = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10) as PlainDate;
  const { slots } = await apiOf(medic).public.slots.query({
    clinic: medic.database.slug,
    appointmentTypeId,
    doctorId,
    locationId: null,
    from: day(3),
    until: day(11),
  });
  const [found] = slotsOf(slots);
  return found ? { doctorId, locationId: found.locationId, startsAt: found.startsAt } : null;
}

test('an offer is taken with one press, and shows the visit', async ({ medic, page }) => {
  await page.setViewportSize(narrow);
  const { offerLinks, desk } = await offeredTwice(medic);
  await page.goto(`${medic.url}${offerLinks[0]}`);
  const before = (await desk.rows('waitlistEntries')).filter(({ status }) => status === 'booked').length;
  await page.reload();
  await expect(page.getByRole('button', { name: 'Take this time' })).toBeVisible();
  expect((await desk.rows('waitlistEntries')).filter(({ status }) => status === 'booked').length).toBe(
    before,
  );
  await page.getByRole('button', { name: 'Take this time' }).click();
  await expect(page.getByRole('heading', { name: 'This time is booked for you' })).toBeVisible();
  await page.getByRole('link', { name: 'See this visit' }).click();
  await expect(page.getByRole('heading', { name: 'What happened so far' })).toBeVisible();
  expect((await desk.rows('waitlistEntries')).filter(({ status }) => status === 'booked').length).toBe(
    before + 1,
  );

  // The other one is told so when they come; nothing is to be pressed.
  await page.goto(`${medic.url}${offerLinks[1]}`);
  await expect(page.getByRole('heading', { name: 'Somebody was faster' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Take this time' })).toHaveCount(0);
});

test('an offer that is declined by its link leaves its place on the waitlist', async ({ medic, page }) => {
  await page.setViewportSize(narrow);
  const { offerLinks, desk, entries } = await offeredTwice(medic);
  await page.goto(`${medic.url}${offerLinks[0]}`);
  await page.getByRole('button', { name: 'No, thank you' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you for telling us' })).toBeVisible();
  const entry = (await desk.rows('waitlistEntries')).find(({ id }) => id === entries[0]);
  expect(entry).toMatchObject({ status: 'waiting', offers: [{ status: 'declined' }] });
});

test('in the waitlist too a lost offer is told, and the place on it stays', async ({ medic, page }) => {
  await page.setViewportSize(narrow);
  const { offerLinks } = await offeredTwice(medic);
  await openPortal(page, medic);
  await signIn(page, medic, ana.email);
  await page.getByRole('link', { name: /A time is offered to you/ }).click();
  await expect(page.getByRole('button', { name: 'Take this time' })).toBeVisible();
  const taken = await apiOf(medic).portal.acceptOffer.mutate({
    clinic: medic.database.slug,
    requestId: newId(),
    offer: offerLinks[1]?.split('#o=')[1] ?? '',
  });
  expect(taken.kind).toBe('booked');
  await page.getByRole('button', { name: 'Take this time' }).click();
  await expect(page.getByRole('heading', { name: 'Somebody was faster' })).toBeVisible();
  await page.getByRole('link', { name: 'Your visits' }).click();
  await expect(page.getByText('We write to you when a time opens up.')).toBeVisible();
});

test('a link opens its visit alone, leaves the address, and ends when it is revoked', async ({
  medic,
  page,
}) => {
  await page.setViewportSize(narrow);
  const visit = await book(medic);
  const other = await book(medic, ana, { afterDays: 9 });
  const desk = await Staff.at(medic);
  const day = 86_400_000;
  await desk.does('appointment.reschedule', {
    appointmentId: visit.id,
    doctorId: visit.doctorId,
    locationId: visit.locationId,
    startsAt: await laterOn(medic, visit, visit.startsAt + 3 * day),
    durationMinutes: null,
  });

  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await page.goto(`${medic.url}${visit.manageLink}`);
  await expect(page.getByText(/^The clinic moved it from .* to /)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/my/${medic.database.slug}/visit/${visit.id}$`));
  // The secret goes to the server once, in the body of a POST, and never in an address.
  const token = visit.manageLink.split('#v=')[1] ?? '';
  const addresses = asked.map((line) => line.split('#')[0] ?? '');
  expect(addresses.filter((line) => line.includes(token))).toEqual([]);
  expect(
    addresses.filter((line) => line.startsWith('POST') && line.includes('portal.openLink')),
  ).toHaveLength(1);

  await openPortal(page, medic, `/visit/${other.id}`);
  await expect(page.getByRole('heading', { name: 'We can’t find that' })).toBeVisible();
  await openPortal(page, medic);
  await expect(page.getByRole('link', { name: 'See all your visits' })).toBeVisible();
  await openPortal(page, medic, '/profile');
  await expect(page.getByRole('heading', { name: 'This needs a code' })).toBeVisible();

  await desk.does('appointment.revoke-link', { appointmentId: visit.id });
  await openPortal(page, medic);
  await expect(page.getByRole('heading', { name: 'You have been signed out' })).toBeVisible();
  await page.goto('about:blank');
  await page.goto(`${medic.url}${visit.manageLink}`);
  await expect(heading(page, 'This link no longer works')).toBeVisible();
  await expectAccessible(page, 'a revoked link');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(heading(page, 'See your visits')).toBeFocused();
  await signIn(page, medic, ana.email);
  await expect(page.getByRole('heading', { name: 'Later' })).toBeVisible();
});

async function laterOn(
  medic: Parameters<typeof Staff.at>[0],
  { appointmentTypeId, doctorId }: { appointmentTypeId: string; doctorId: string },
  from: number,
) {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10) as PlainDate;
  const { slots } = await apiOf(medic).public.slots.query({
    clinic: medic.database.slug,
    appointmentTypeId,
    doctorId,
    locationId: null,
    from: day(from),
    until: day(from + 14 * 86_400_000),
  });
  const found = slotsOf(slots).find(({ startsAt }) => startsAt > from);
  if (!found) throw new Error('no later time');
  return found.startsAt;
}

test('too late to cancel, the page says until when it was possible and whom to call', async ({
  medic,
  page,
}) => {
  await page.setViewportSize(narrow);
  const booked = await book(medic);
  const desk = await Staff.at(medic);
  const patient = (await desk.rows('patients')).find(({ email }) => email === ana.email);
  // In three hours, whatever the clinic's hours: journeys run at night too.
  const startsAt = Math.ceil((Date.now() + 180 * minuteMs) / (5 * minuteMs)) * 5 * minuteMs;
  const appointmentId = newId();
  await (await Staff.at(medic, 'reception')).does('appointment.overbook', {
    appointmentId,
    patientId: String(patient?.id),
    doctorId: booked.doctorId,
    locationId: booked.locationId,
    appointmentTypeId: booked.appointmentTypeId,
    startsAt: instant(startsAt),
    durationMinutes: null,
    notes: '',
    reason: 'Urgent',
  });

  await openPortal(page, medic);
  await signIn(page, medic, ana.email);
  await page.getByRole('link', { name: /^Details and directions/ }).click();
  await expect(page.getByText(/Moving and cancelling online was possible until/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Cancel visit' })).toHaveCount(0);
  await expectAccessible(page, 'a visit outside the window');
  // By its address neither.
  await openPortal(page, medic, `/visit/${appointmentId}/cancel`);
  await expect(heading(page, 'Please call us to cancel')).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: /^Call \+48/ })).toHaveAttribute(
    'href',
    /^tel:\+48/,
  );
  await expectAccessible(page, 'a late cancel');
  await openPortal(page, medic, `/visit/${appointmentId}/move`);
  await expect(heading(page, 'This visit cannot be moved online')).toBeVisible();
  await page.getByRole('link', { name: 'Keep my visit' }).click();
  await expect(page.getByRole('heading', { name: 'What happened so far' })).toBeVisible();
});

function isAbout(data: unknown, patientId: unknown): boolean {
  return typeof data === 'object' && data !== null && 'patientId' in data && data.patientId === patientId;
}

test('consent counts at once, another telephone waits for the desk, and the data can be taken home', async ({
  medic,
  page,
}) => {
  await page.setViewportSize(narrow);
  await book(medic);
  const desk = await Staff.at(medic);
  const record = async () => (await desk.rows('patients')).find(({ email }) => email === ana.email);
  await openPortal(page, medic);
  await signIn(page, medic, ana.email);
  await page.getByRole('link', { name: /^Details and reminders/ }).click();
  await expect(heading(page, 'Details and reminders')).toBeFocused();

  await page.getByLabel('Remind me by SMS').check();
  await expect(notice(page, 'Saved.')).toBeVisible();
  expect((await record())?.consentSms).toBe(true);

  await expect(page.getByLabel('Mobile phone')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Download' })).toHaveCount(0);
  await giveBirthDate(page, ['29', '2', '1980']);
  await page.getByLabel('Mobile phone').fill('601 220 41');
  await page.getByRole('button', { name: 'Send to the clinic' }).click();
  await expect(page.getByLabel('Mobile phone')).toBeFocused();
  await page.getByLabel('Mobile phone').fill('601 220 419');
  await page.getByRole('button', { name: 'Send to the clinic' }).click();
  await expect(page.getByText('Waiting for the clinic: mobile phone.')).toBeVisible();
  await expectAccessible(page, 'profile');
  expect((await record())?.phone).toBe(ana.phone);
  const patientId = (await record())?.id;
  const items = (await desk.rows('attentionItems')).filter(({ data }) => isAbout(data, patientId));
  expect(items.map(({ data }) => data)).toMatchObject([
    { current: { phone: ana.phone }, proposed: { phone: '+48601220419' }, from: 'portal' },
  ]);

  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const text = await textOf(await file);
  expect(text).toContain(ana.familyName);
  expect(() => JSON.parse(text)).not.toThrow();
});

test('a session that has ended is told kindly, and the page goes on where it was', async ({
  medic,
  page,
  context,
}) => {
  await page.setViewportSize(narrow);
  await book(medic);
  await openPortal(page, medic);
  await signIn(page, medic, ana.email);
  await page.getByRole('link', { name: /^Cancel the visit on/ }).click();
  await page.getByLabel('Would you tell us why?').fill('The tram is not running');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Cancel this visit' }).click();
  await expect(page.getByRole('heading', { name: 'You have been signed out' })).toBeVisible();
  await expect(page.getByLabel('Would you tell us why?')).toBeHidden();
  await expectAccessible(page, 'an ended session');

  await signIn(page, medic, ana.email, 2);
  await expect(page.getByLabel('Would you tell us why?')).toHaveValue('The tram is not running');
  await page.getByRole('button', { name: 'Cancel this visit' }).click();
  await expect(notice(page, /^Your visit is cancelled/)).toBeVisible();
});

test('the waitlist is joined and left', async ({ medic, page }) => {
  await page.setViewportSize(narrow);
  await book(medic);
  await openPortal(page, medic);
  await signIn(page, medic, ana.email);
  await page.getByRole('link', { name: /^Join the waitlist/ }).click();
  await expect(heading(page, 'Join the waitlist')).toBeFocused();
  await page.getByRole('button', { name: 'Join the waitlist' }).click();
  await expect(page.getByLabel('Kind of visit')).toBeFocused();
  await page.getByLabel('Kind of visit').selectOption({ label: 'Consultation' });
  await page.getByLabel('Monday').check();
  await page.getByLabel('Morning').check();
  await expectAccessible(page, 'join');
  await page.getByRole('button', { name: 'Join the waitlist' }).click();
  await expect(heading(page, 'Waitlist')).toBeVisible();
  await expect(page.getByText('Any doctor, Mondays, mornings')).toBeVisible();
  await expectAccessible(page, 'waitlist');
  await page.getByRole('button', { name: 'Leave the waitlist for Consultation' }).click();
  await page.getByRole('button', { name: 'Leave the waitlist', exact: true }).click();
  await expect(page.getByText('You are on no waitlist')).toBeVisible();
});

/** Tab by Tab; whatever takes the focus on the way must be seen (WCAG 2.4.11: not hidden under a bar). */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < 120; stop++) {
    await page.keyboard.press('Tab');
    const hidden = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const seen = focused instanceof HTMLInputElement ? (focused.labels?.[0] ?? focused) : focused;
      const shown = [seen, focused].some((element) =>
        [...element.getClientRects()].some((box) =>
          [0.1, 0.5, 0.9].some((part) => {
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height * part);
            return top !== null && (element.contains(top) || seen.contains(top));
          }),
        ),
      );
      return shown ? null : focused.outerHTML.slice(0, 160);
    });
    expect(hidden, 'focus on something that is not seen').toBeNull();
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`the Tab key never reaches ${target}`);
}

for (const viewport of [narrow, wide]) {
  test(`a visit is moved and cancelled with the keyboard alone at ${viewport.width} px`, async ({
    medic,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const main = page.getByRole('main');
    await book(medic);
    await openPortal(page, medic);
    await expect(heading(page, 'See your visits')).toBeVisible();
    await tabTo(page, page.getByLabel('E-mail'));
    await page.keyboard.type(ana.email);
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Code of 8 characters')).toBeFocused();
    await page.keyboard.type(await codeFor(medic, ana.email));
    await page.keyboard.press('Enter');
    await expect(heading(page, 'Your visits')).toBeFocused();

    await tabTo(page, main.getByRole('link', { name: /^Move the visit on/ }));
    await page.keyboard.press('Enter');
    // Also when the times have come, which the page waits for.
    await expect(main.getByRole('radio').first()).toBeAttached();
    await expect(heading(page, 'Choose a new time')).toBeFocused();
    await tabTo(page, main.getByRole('link', { name: 'Next week' }));
    await page.keyboard.press('Enter');
    await expect(main.getByRole('link', { name: 'Previous week' })).toBeVisible();
    await tabTo(page, main.getByRole('radio').first());
    await page.keyboard.press('Space');
    await tabTo(page, main.getByRole('button', { name: /^Continue with/ }));
    await page.keyboard.press('Enter');
    await expect(heading(page, 'Move your visit?')).toBeFocused();
    await tabTo(page, main.getByRole('button', { name: 'Move to this time' }));
    await page.keyboard.press('Enter');
    await expect(notice(page, /^Your visit is moved to/)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

    await tabTo(page, main.getByRole('link', { name: 'Cancel visit' }));
    await page.keyboard.press('Enter');
    await expect(heading(page, /^Cancel /)).toBeFocused();
    await tabTo(page, main.getByRole('button', { name: 'Cancel this visit' }));
    await page.keyboard.press('Enter');
    await expect(notice(page, /^Your visit is cancelled/)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  });
}

test('without JavaScript the page says what needs it, and whom to call', async ({ medic, browser }) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false, viewport: narrow })).newPage();
  await openPortal(page, medic);
  await expect(heading(page, 'Your visits')).toBeVisible();
  await expect(page.getByText(/needs JavaScript/)).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: /^\+48/ })).toBeVisible();
});
