import type { Browser, Locator, Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import {
  bookOnline,
  endHold,
  expectAccessible,
  expectNoSidewaysScroll,
  fillDetails,
  formField,
  freeDate,
  freeDates,
  openDesk,
  showDay,
  visitCard,
} from '../../scripts/journey-pages';

const narrow = { width: 320, height: 640 };
const wide = { width: 1280, height: 800 };
const doctor = 'maja-nowak';
const type = 'consultation';

function address(medic: Medic, path: string): string {
  return `${medic.url}/book/${medic.database.slug}${path}`;
}

async function expectHeading(page: Page, name: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function expectFine(page: Page, what: string): Promise<void> {
  await expectAccessible(page, what);
  await expectNoSidewaysScroll(page, what);
}

async function otherPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: wide })).newPage();
}

/** Chooses a time by its place in the list and says which it was. */
async function choose(page: Page, index = 0): Promise<string> {
  const radio = page.getByRole('radio').nth(index);
  const label = await radio.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '');
  await radio.check({ force: true });
  return /\d\d:\d\d/.exec(label)?.[0] ?? 'no time';
}

async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Continue with/ }).click();
}

/** To the form, with a time of the date that is kept from then on. */
async function toDetails(page: Page, medic: Medic, date: string, index = 0): Promise<string> {
  await page.goto(address(medic, `/${doctor}/${type}?date=${date}`));
  const time = await choose(page, index);
  await goOn(page);
  await expectHeading(page, 'Your details');
  await expect(page.getByText(/^Kept for (10|9) more minutes/)).toBeVisible();
  return time;
}

async function toReview(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue to check' }).click();
  await expectHeading(page, /^Check and/);
}

/**
 * Lets the page's clock run ahead until something shows. In small steps: the real time that a busy machine takes in
 * between counts, too.
 */
async function forwardTo(page: Page, shown: Locator): Promise<void> {
  for (let step = 0; step < 60 && !(await shown.isVisible()); step++) await page.clock.fastForward(20_000);
  await expect(shown).toBeVisible();
}

/** What other browsers are offered on a date. */
async function timesOffered(browser: Browser, medic: Medic, date: string): Promise<string[]> {
  const page = await otherPage(browser);
  await page.goto(address(medic, `/${doctor}/${type}?date=${date}`));
  const labels = await page
    .getByRole('radio')
    .evaluateAll((radios) =>
      radios.map((radio) => (radio as HTMLInputElement).labels?.[0]?.textContent ?? ''),
    );
  await page.context().close();
  return labels.map((label) => /\d\d:\d\d/.exec(label)?.[0] ?? '');
}

for (const viewport of [narrow, wide]) {
  const size = `at ${viewport.width} px`;

  test(`a new patient finds a doctor, books, and gets a calendar file and a link, ${size}`, async ({
    medic,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await page.goto(address(medic, ''));
    await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Polish' });
    await page.getByRole('combobox', { name: 'Specialty' }).selectOption({ label: 'General practice' });
    await expect(page).toHaveURL(/specialty=General/);
    const cards = page.getByRole('main').getByRole('article');
    await expect(cards.filter({ hasText: 'Dermatology' })).toHaveCount(0);
    // What is free next is a visit to the doctor, not the telephone call that can be had an hour earlier.
    await expect(cards.filter({ hasText: 'Maja Nowak' })).not.toContainText('Telephone call');
    await page.getByRole('searchbox').fill('nowak');
    await page.getByRole('searchbox').press('Enter');
    await expect(cards).toHaveCount(1);
    await cards.getByRole('heading').getByRole('link').click();
    await expectHeading(page, /Maja Nowak/);
    await page.getByRole('link', { name: /^Consultation/ }).click();
    await expectHeading(page, 'Choose a time');
    const time = await choose(page);
    await goOn(page);
    await expectHeading(page, 'Your details');
    await expect(page.getByText(/^Kept for (10|9) more minutes/)).toBeVisible();
    await expectFine(page, 'details, kept');
    await page.getByRole('radio', { name: 'Someone else' }).check({ force: true });
    await expect(page.getByText('Enter the name and date of birth of the person who comes.')).toBeVisible();
    await fillDetails(page, { 'Mobile phone': '0048 (601) 220-418' });
    await toReview(page);
    await expect(page.getByText('+48 601 220 418')).toBeVisible();
    // A visit of tomorrow may be too soon for that already.
    await expect(page.getByText(/Move or cancel online until|This visit is soon/)).toBeVisible();
    await expectFine(page, 'review, kept');
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, 'Your visit is booked');
    await expect(page.getByText('lucja@example.org')).toBeVisible();
    await expect(page.locator('strong', { hasText: new RegExp(`, ${time}$`) })).toBeVisible();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Add to calendar' }).click(),
    ]);
    const file = (await (await download.createReadStream()).toArray()).join('');
    expect(file).toMatch(/\r\nUID:[0-9a-f-]{36}\r\nSEQUENCE:0\r\n/);
    const link = page.getByRole('link', { name: /^Move or cancel/ });
    await expect(link).toHaveAttribute(
      'href',
      new RegExp(`^/my/${medic.database.slug}#v=[0-9a-f-]{36}\\.\\d+\\.[\\w-]{22}$`),
    );
    // A reload of the confirmation shows it again, and the form is gone from the tab.
    await page.reload();
    await expectHeading(page, 'Your visit is booked');
    await page.goto(address(medic, `/${doctor}/${type}/waitlist`));
    await expect(formField(page, 'First name')).toHaveValue('');
  });

  test(`who comes again books in the same way, and is told what happens to changed details, ${size}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    const date = await freeDate(page, medic, doctor, type);
    await bookOnline(await otherPage(browser), medic, { doctor, type, date, familyName: 'Znany' });
    await toDetails(page, medic, date, 1);
    await page.getByRole('radio', { name: 'Yes' }).check({ force: true });
    await expect(page.getByText('it asks you before it changes anything')).toBeVisible();
    await expectFine(page, 'details of a returning patient');
    // As before, but for another telephone.
    await fillDetails(page, {
      'First name': 'Jan',
      'Family name': 'Znany',
      'Mobile phone': '+48 601 220 999',
      'E-mail': 'znany@example.org',
    });
    await toReview(page);
    await page.goBack();
    await expect(page.getByRole('radio', { name: 'Yes' })).toBeChecked();
    await toReview(page);
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, 'Your visit is booked');
  });

  test(`a time that is lost before it can be kept leads to others, ${size}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const date = await freeDate(page, medic, doctor, type);
    await page.goto(address(medic, `/${doctor}/${type}?date=${date}`));
    const time = await choose(page);
    await bookOnline(await otherPage(browser), medic, { doctor, type, date, familyName: 'Szybki' });
    await goOn(page);
    await expectHeading(page, `${time} was just taken`);
    await expectFine(page, 'lost before the form');
    // Nothing was typed yet: the next time leads to the form.
    await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
    await expectHeading(page, 'Your details');
    await expect(page.getByText(/^Kept for/)).toBeVisible();
  });

  test(`a request for a doctor who answers herself is sent, and says so, ${size}`, async ({
    medic,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const date = await freeDate(page, medic, doctor, 'new-patient');
    await page.goto(address(medic, `/${doctor}/new-patient?date=${date}`));
    await choose(page);
    await goOn(page);
    await fillDetails(page);
    await toReview(page);
    await expectHeading(page, 'Check and send');
    await expect(page.getByText(/answers each request, usually the same day/)).toBeVisible();
    await expectFine(page, 'review of a request');
    await page.getByRole('button', { name: 'Send this request' }).click();
    await expectHeading(page, 'Request sent');
    await expect(page.getByText(/usually answers the same day/)).toBeVisible();
    await expect(page.getByRole('link', { name: /^Look at your request/ })).toBeVisible();
    await expectFine(page, 'request sent');
  });

  test(`a group shows the places that are left, and one less after a booking, ${size}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // Which groups have how much room differs from day to day.
    const group = page
      .locator('label')
      .filter({ hasText: /([2-9]|\d\d) places/ })
      .first();
    for await (const date of freeDates(page, medic, 'any', 'group-physio', 1)) {
      await page.goto(address(medic, `/any/group-physio?date=${date}`));
      if ((await group.count()) > 0) break;
    }
    const day = page.url();
    const start = await group.getByRole('radio').getAttribute('value');
    const places = async (one: Page) => {
      await one.goto(day);
      const label = one.locator('label').filter({ has: one.locator(`input[value="${start}"]`) });
      return Number(/(\d+) places?/.exec((await label.textContent()) ?? '')?.[1]);
    };
    const before = await places(page);
    await expectFine(page, 'group times');
    await page.locator(`input[value="${start}"]`).check({ force: true });
    await goOn(page);
    await expectHeading(page, 'Your details');
    await expect(page.getByText(/^Kept for/)).toBeVisible();
    // One place is kept for the visitor; the others can be had by everybody.
    const other = await otherPage(browser);
    await expect.poll(() => places(other)).toBe(before - 1);
    await fillDetails(page);
    await toReview(page);
    await expect(page.getByText(/\d places? left in the group/)).toBeVisible();
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, 'Your visit is booked');
    expect(await places(page)).toBe(before - 1);
  });

  test(`who finds no time joins the waitlist, ${size}`, async ({ medic, page }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(address(medic, `/${doctor}/${type}`));
    await page.getByRole('link', { name: 'Join the waitlist' }).click();
    await expectHeading(page, 'Join the waitlist');
    await page.getByRole('checkbox', { name: 'Tuesday' }).check({ force: true });
    await page.getByRole('checkbox', { name: 'Evening' }).check({ force: true });
    await page.getByRole('radio', { name: 'As soon as possible' }).check({ force: true });
    await page.getByLabel('Not after').fill('2020-01-01');
    await page.getByRole('button', { name: 'Join the waitlist' }).click();
    const summary = page.getByRole('alert');
    await expect(summary).toBeFocused();
    await expect(summary.getByRole('heading')).toHaveText('8 things need a look');
    await expectFine(page, 'waitlist with errors');
    await summary.getByRole('link', { name: /^Not after:/ }).click();
    await expect(page.getByLabel('Not after')).toBeFocused();
    await page.getByLabel('Not after').fill('');
    for (const [label, text] of [
      ['First name', 'Iga'],
      ['Family name', 'Czeka'],
      ['Day', '1'],
      ['Month', '3'],
      ['Year', '1991'],
      ['Mobile phone', '601 220 500'],
      ['E-mail', 'iga@example.org'],
    ] as const)
      await formField(page, label).fill(text);
    await page.getByRole('checkbox', { name: /may use these details/ }).check();
    await page.getByRole('button', { name: 'Join the waitlist' }).click();
    await expect(summary.getByRole('link')).toHaveText([/without one of them we cannot tell you/]);
    await page.getByRole('checkbox', { name: /changes by e-mail/ }).check();
    // What was ticked and typed stays through a reload.
    await page.reload();
    await expect(page.getByRole('checkbox', { name: 'Tuesday' })).toBeChecked();
    await expect(page.getByRole('radio', { name: 'As soon as possible' })).toBeChecked();
    await expect(formField(page, 'Family name')).toHaveValue('Czeka');
    await page.getByRole('button', { name: 'Join the waitlist' }).click();
    await expectHeading(page, 'You are on the waitlist');
    await expectFine(page, 'on the waitlist');
    await page.reload();
    await expectHeading(page, 'You are on the waitlist');
    await page.getByRole('link', { name: 'Look at free times' }).click();
    await expectHeading(page, 'Choose a time');
  });

  test(`the kept time counts down, is asked about, kept longer three times, and then ends, by keyboard, ${size}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const date = await freeDate(page, medic, doctor, type);
    await page.clock.install();
    const time = await toDetails(page, medic, date);
    expect(await timesOffered(browser, medic, date)).not.toContain(time);
    await expect(page.getByRole('status')).toHaveText(`${time} is kept for 10 minutes.`);
    await formField(page, 'First name').fill('Powolna');

    await forwardTo(page, page.getByText('Kept for 9 more minutes'));
    for (const left of [3, 2, 1]) {
      const dialog = page.getByRole('alertdialog', { name: 'Do you need more time?' });
      await forwardTo(page, dialog);
      await expect(dialog).toContainText(`${time} for 2 more minutes`);
      if (left === 3) await expectFine(page, 'the question');
      await expect(dialog.getByRole('button', { name: 'Keep it for 10 more minutes' })).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(dialog).toBeHidden();
      await expect(page.getByText(/^Kept for 1[12] more minutes/)).toBeVisible();
      // The focus goes back to where it was.
      await expect(formField(page, 'First name')).toBeFocused();
    }
    const last = page.getByRole('alertdialog', { name: 'Your time is nearly over' });
    await forwardTo(page, last);
    await expect(last.getByRole('button', { name: 'Go on' })).toBeFocused();
    await expectFine(page, 'the last word');
    await page.keyboard.press('Escape');
    await expect(last).toBeHidden();
    await expect(page.getByText(/^Kept for [12] more minutes?/)).toBeVisible();
    await forwardTo(page, page.getByText(/^Kept for 1 more minute$/));
    const ended = page.getByRole('alert');
    await forwardTo(page, ended);
    await expect(ended).toContainText('This time is not kept any more');
    await expect(ended).toContainText(`${time} is still free.`);
    await expect(formField(page, 'First name')).toHaveValue('Powolna');
    await expectFine(page, 'ended');

    // It really ends on the server, too; who goes on all the same books it while it is free.
    await endHold(page, medic);
    expect(await timesOffered(browser, medic, date)).toContain(time);
    await fillDetails(page);
    await toReview(page);
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, 'Your visit is booked');
    await expect(page.locator('strong', { hasText: new RegExp(`, ${time}$`) })).toBeVisible();
  });

  test(`another time chosen in the question lets the first one go, ${size}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    const date = await freeDate(page, medic, doctor, type);
    await page.clock.install();
    const time = await toDetails(page, medic, date);
    await forwardTo(page, page.getByRole('alertdialog'));
    await page.getByRole('alertdialog').getByRole('button', { name: 'Choose another time' }).click();
    await expectHeading(page, 'Choose a time');
    await expect.poll(() => timesOffered(browser, medic, date)).toContain(time);
  });

  test(`back, forward and reload keep the time and the form, and leaving lets it go, ${size}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    const date = await freeDate(page, medic, doctor, type);
    const time = await toDetails(page, medic, date);
    await fillDetails(page);
    await toReview(page);
    let holds = 0;
    page.on('request', (request) => {
      holds += request.url().match(/public\.hold\b/g)?.length ?? 0;
    });
    await page.goBack();
    await expectHeading(page, 'Your details');
    await expect(page.getByText(/^Kept for/)).toBeVisible();
    await page.reload();
    await expectHeading(page, 'Your details');
    await expect(page.getByText(/^Kept for/)).toBeVisible();
    await expect(formField(page, 'First name')).toHaveValue('Łucja');
    await page.goForward();
    await expectHeading(page, 'Check and book');
    await expect(page.getByText(/^Kept for/)).toBeVisible();
    // It was the same hold all along.
    expect(holds).toBe(0);
    expect(await timesOffered(browser, medic, date)).not.toContain(time);

    // Back to the times: it is still the visitor's, and chosen.
    await page.goBack();
    await expectHeading(page, 'Your details');
    await page.goBack();
    await expectHeading(page, 'Choose a time');
    await expect(page.locator('label').filter({ hasText: time })).toBeVisible();

    // To another page of the clinic: somebody else may have it.
    await page.getByRole('banner').getByRole('link').first().click();
    await expectHeading(page, /^Book a visit at/);
    await expect.poll(() => timesOffered(browser, medic, date)).toContain(time);
  });

  test(`two tabs keep one time, say so, and book once each, ${size}`, async ({ medic, page, browser }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const date = await freeDate(page, medic, doctor, type);
    const first = await toDetails(page, medic, date);
    await fillDetails(page);
    const second = await page.context().newPage();
    await second.setViewportSize(viewport);
    const other = await toDetails(second, medic, date, 1);
    expect(other).not.toBe(first);

    // The first tab hears of it, loses nothing, and can have its time back.
    const ended = page.getByRole('alert');
    await expect(ended).toContainText('You chose another time in another tab');
    await expect(ended).toContainText(`${first} is still free.`);
    await expectFine(page, 'kept in another tab');
    await expect(formField(page, 'First name')).toHaveValue('Łucja');
    await ended.getByRole('button', { name: 'Keep it again' }).click();
    await expect(page.getByText(/^Kept for (10|9) more minutes/)).toBeVisible();
    await expect(second.getByRole('alert')).toContainText('You chose another time in another tab');

    // The same visit in both: booked in one, the other knows.
    await second.goto(page.url());
    await expect(second.getByText(/^Kept for/)).toBeVisible();
    await toReview(page);
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, 'Your visit is booked');
    await expect(second.getByRole('alert')).toContainText('You booked this visit in another tab');
    const desk = await otherPage(browser);
    await openDesk(desk, medic);
    await showDay(desk, date);
    await expect(visitCard(desk, "O'Neill-Święcka Łucja")).toHaveCount(1);
  });
}

test('when a fifth of a day is kept for others, a time cannot be kept but is still booked', async ({
  medic,
  page,
  browser,
}) => {
  await page.setViewportSize(narrow);
  const date = await freeDate(page, medic, doctor, type);
  // One after the other, each in a browser of its own, until the share of the day is used up.
  const keepers: { page: Page; time: string }[] = [];
  let last: { page: Page; time: string } | null = null;
  while (last === null) {
    const visitor = await otherPage(browser);
    await visitor.goto(address(medic, `/${doctor}/${type}?date=${date}`));
    const time = await choose(visitor);
    await goOn(visitor);
    await expectHeading(visitor, 'Your details');
    const kept = visitor.getByText(/^Kept for (10|9) more minutes/);
    const unkept = visitor.getByText('We cannot keep this time while you type.');
    await expect(kept.or(unkept)).toBeVisible();
    if (await unkept.isVisible()) last = { page: visitor, time };
    else keepers.push({ page: visitor, time });
    expect(keepers.length, 'at most a fifth of a day').toBeLessThan(8);
  }
  expect(keepers.length, 'at least one').toBeGreaterThan(0);
  expect(new Set([...keepers, last].map(({ time }) => time)).size).toBe(keepers.length + 1);
  await expectFine(last.page, 'details, not kept');

  // It is anybody's until it is booked, and who comes first has it.
  expect(await timesOffered(browser, medic, date)).toContain(last.time);
  await fillDetails(last.page);
  await toReview(last.page);
  await last.page.getByRole('button', { name: 'Book this visit' }).click();
  await expectHeading(last.page, 'Your visit is booked');
  expect(await timesOffered(browser, medic, date)).not.toContain(last.time);

  // The others still have theirs.
  const [first] = keepers;
  if (!first) throw new Error('nobody keeps a time');
  await expect(first.page.getByText(/^Kept for/)).toBeVisible();
  await fillDetails(first.page, { 'Family name': 'Pierwsza', 'E-mail': 'pierwsza@example.org' });
  await toReview(first.page);
  await first.page.getByRole('button', { name: 'Book this visit' }).click();
  await expectHeading(first.page, 'Your visit is booked');
});

test('a step back in the very moment in which a step is drawn counts', async ({ medic, page }) => {
  await page.setViewportSize(narrow);
  const date = await freeDate(page, medic, doctor, type);
  await toDetails(page, medic, date);
  await fillDetails(page);
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('h1')?.textContent?.startsWith('Check')) return;
      observer.disconnect();
      history.back();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  // On a slow machine there is time between the drawing of a step and what is done after it.
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 12 });
  await page.getByRole('button', { name: 'Continue to check' }).click();
  await expect(page).toHaveURL(/\/details\?/);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await expectHeading(page, 'Your details');
  await expect(formField(page, 'First name')).toHaveValue('Łucja');
});

test('a visitor in another zone sees the clinic’s time, and their own beside it', async ({
  medic,
  browser,
}) => {
  const context = await browser.newContext({ viewport: narrow, timezoneId: 'America/New_York' });
  const page = await context.newPage();
  const date = await freeDate(page, medic, doctor, type);
  const time = await toDetails(page, medic, date);
  const own = (hours: number) =>
    `${String((Number(time.slice(0, 2)) + 24 - hours) % 24).padStart(2, '0')}${time.slice(2)}`;
  // Six hours, five for some weeks of the year.
  await expect(page.getByText(new RegExp(`Warsaw time \\(.*(${own(6)}|${own(5)}) for you\\)`))).toBeVisible();
  await page.goto(address(medic, `/${doctor}/${type}?date=${date}`));
  await expect(
    page.getByText(/All times in clinic time, Europe\/Warsaw: [56]\shours ahead of where you are\./),
  ).toBeVisible();
});

test('a month shows which days have times, and the keyboard chooses one', async ({ medic, page }) => {
  await page.setViewportSize(narrow);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(address(medic, `/${doctor}/${type}`));
  await page.getByRole('button', { name: 'Month' }).click();
  const dialog = page.getByRole('dialog');
  const free = dialog.getByRole('button', { name: /times? free$/ });
  await expect(free.first()).toBeVisible();
  await expectFine(page, 'month');
  await page.keyboard.press('PageDown');
  await expect(free.first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Month' })).toBeFocused();
});
