import type { Browser, Locator, Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import {
  expectAccessible as axe,
  bookOnline,
  endHold,
  expectNoSidewaysScroll,
  formField as field,
  fillDetails,
  freeDate,
  openDesk,
  patientFields as patient,
  showDay,
  visitCard,
} from '../../scripts/journey-pages';

const narrow = { width: 320, height: 640 };
const wide = { width: 1280, height: 800 };
const visit = { doctor: 'maja-nowak', type: 'consultation' };

function slotsAddress(medic: Medic, date?: string): string {
  const address = `${medic.url}/book/${medic.database.slug}/${visit.doctor}/${visit.type}`;
  return date ? `${address}?date=${date}` : address;
}

async function expectAccessible(page: Page, what: string): Promise<void> {
  await axe(page, what);
  await expectNoSidewaysScroll(page, what);
}

async function expectHeading(page: Page, name: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function expectDetailsKept(page: Page): Promise<void> {
  for (const [label, text] of Object.entries(patient)) await expect(field(page, label)).toHaveValue(text);
  await expect(page.getByRole('checkbox', { name: /may use these details/ })).toBeChecked();
}

/** Chooses the first time of a day and goes on to the form. */
async function toDetails(page: Page, medic: Medic, date: string): Promise<void> {
  await page.goto(slotsAddress(medic, date));
  await page.getByRole('radio').first().check({ force: true });
  await page.getByRole('button', { name: /^Continue/ }).click();
  await expectHeading(page, 'Your details');
}

async function toReview(page: Page, medic: Medic, date: string): Promise<void> {
  await toDetails(page, medic, date);
  await fillDetails(page);
  await page.getByRole('button', { name: 'Continue to check' }).click();
  await expectHeading(page, 'Check and book');
}

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

async function otherPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: wide })).newPage();
}

for (const viewport of [narrow, wide]) {
  const colorScheme = viewport === narrow ? 'light' : 'dark';
  test(`every page of a booking passes axe at ${viewport.width} px, ${colorScheme}`, async ({
    medic,
    page,
    browser,
  }) => {
    await page.setViewportSize(viewport);
    // Motion is off, so that nothing is measured half faded in.
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    const date = await freeDate(page, medic, visit.doctor, visit.type);

    await page.goto(`${medic.url}/book/${medic.database.slug}`);
    await expectAccessible(page, 'clinic');
    await page.goto(`${medic.url}/book/${medic.database.slug}/${visit.doctor}`);
    await expectAccessible(page, 'doctor');
    await page.goto(slotsAddress(medic, date));
    await page.getByRole('radio').first().check({ force: true });
    await expectAccessible(page, 'times');
    await page.getByRole('button', { name: /^Continue/ }).click();
    await expectHeading(page, 'Your details');
    await expectAccessible(page, 'details, empty');
    await page.getByRole('button', { name: 'Continue to check' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectAccessible(page, 'details, with errors');
    await fillDetails(page);
    await page.getByRole('button', { name: 'Continue to check' }).click();
    await expectHeading(page, 'Check and book');
    await expectAccessible(page, 'review');
    await endHold(page, medic);
    await bookOnline(await otherPage(browser), medic, { ...visit, date, familyName: 'Szybki' });
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, /was just taken$/);
    await expectAccessible(page, 'taken');
    await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Book this visit' }).click();
    await expectHeading(page, 'Your visit is booked');
    await expectAccessible(page, 'confirmation');
    await page.goto(`${slotsAddress(medic)}/waitlist`);
    await expectHeading(page, 'Join the waitlist');
    await expectAccessible(page, 'waitlist');
    await page.goto(`${medic.url}/book/${medic.database.slug}/any/urgent-visit`);
    await expectAccessible(page, 'by telephone');
    await page.goto(`${medic.url}/book/${medic.database.slug}/nobody`);
    await expectAccessible(page, 'not found');
  });

  test(`a visit is booked with the keyboard alone at ${viewport.width} px`, async ({ medic, page }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const main = page.getByRole('main');
    const heading = page.getByRole('heading', { level: 1 });
    await page.goto(`${medic.url}/book/${medic.database.slug}`);
    await expect(main.getByRole('searchbox')).toBeVisible();

    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, main.getByRole('link', { name: /Maja Nowak$/ }).first());
    await page.keyboard.press('Enter');
    await expectHeading(page, /Maja Nowak/);
    await expect(heading).toBeFocused();
    await tabTo(page, main.getByRole('link', { name: /^Consultation/ }));
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Choose a time');
    await expect(heading).toBeFocused();

    await tabTo(page, main.getByRole('link', { name: /times? free$/ }).last());
    await page.keyboard.press('Enter');
    await expect(main.getByRole('link', { name: /times? free$/ }).last()).toHaveAttribute(
      'aria-current',
      'date',
    );
    await tabTo(page, main.getByRole('radio').first());
    await page.keyboard.press('Space');
    await expect(main.getByRole('radio').first()).toBeChecked();
    await tabTo(page, main.getByRole('button', { name: /^Continue with/ }));
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Your details');
    await expect(heading).toBeFocused();

    for (const [label, text] of Object.entries(patient)) {
      await tabTo(page, field(page, label));
      await page.keyboard.type(text);
    }
    await tabTo(page, page.getByRole('checkbox', { name: /may use these details/ }));
    await page.keyboard.press('Space');
    await tabTo(page, page.getByRole('button', { name: 'Continue to check' }));
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Check and book');
    await expect(heading).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: 'Book this visit' }));
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Your visit is booked');
    await expect(heading).toBeFocused();
  });

  test(`what is wrong in the form is named and nothing is lost, at ${viewport.width} px`, async ({
    medic,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await toDetails(page, medic, await freeDate(page, medic, visit.doctor, visit.type));
    const summary = page.getByRole('alert');
    const submit = page.getByRole('button', { name: 'Continue to check' });

    await submit.click();
    await expect(summary).toBeFocused();
    await expect(summary.getByRole('heading')).toHaveText('6 things need a look');
    for (const [name, label] of [
      [/^First name:/, 'First name'],
      [/^Family name:/, 'Family name'],
      [/^Date of birth:/, 'Day'],
      [/^Mobile phone:/, 'Mobile phone'],
      [/^E-mail:/, 'E-mail'],
    ] as const) {
      await summary.getByRole('link', { name }).click();
      await expect(field(page, label)).toBeFocused();
    }
    await summary.getByRole('link', { name: /^Before you go on:/ }).click();
    await expect(page.getByRole('checkbox', { name: /may use these details/ })).toBeFocused();

    await fillDetails(page);
    await field(page, 'Mobile phone').fill('60122041');
    await field(page, 'Day').fill('31');
    // The press of the button is what leaves this field: the mark that it gets must not move the button away.
    await submit.click();
    await expect(summary).toBeFocused();
    await expect(summary.getByRole('link')).toHaveText([
      'Date of birth: this date is not in the calendar',
      'Mobile phone: check the number: 9 digits after +48',
    ]);
    await expect(field(page, 'Mobile phone')).toHaveAttribute('aria-invalid', 'true');
    await expect(field(page, 'Mobile phone')).toHaveAccessibleDescription(/9 digits after \+48/);
    await expect(field(page, 'Mobile phone')).toHaveValue('60122041');
    await expect(field(page, 'Day')).toHaveValue('31');

    await field(page, 'Mobile phone').fill(patient['Mobile phone']);
    await field(page, 'Day').fill(patient.Day);
    await expectDetailsKept(page);
    await page.reload();
    await expectDetailsKept(page);
    await submit.click();
    await expectHeading(page, 'Check and book');
  });
}

test('who comes second is offered other times and keeps the form', async ({ medic, page, browser }) => {
  await page.setViewportSize(narrow);
  const date = await freeDate(page, medic, visit.doctor, visit.type);
  await toReview(page, medic, date);
  await endHold(page, medic);
  const taken = await bookOnline(await otherPage(browser), medic, {
    ...visit,
    date,
    familyName: 'Szybki',
  });

  await page.getByRole('button', { name: 'Book this visit' }).click();
  await expectHeading(page, `${taken.time} was just taken`);
  await expect(page.getByText('Your details are kept')).toBeVisible();
  const others = page.getByRole('main').getByRole('listitem').getByRole('link');
  const other = /\d\d:\d\d/.exec((await others.first().textContent()) ?? '')?.[0] ?? 'no time';
  expect(other).not.toBe(taken.time);
  await others.first().click();
  await expectHeading(page, 'Check and book');
  await expect(page.getByText(`${patient['First name']} ${patient['Family name']}`)).toBeVisible();
  await page.getByRole('button', { name: 'Book this visit' }).click();
  await expectHeading(page, 'Your visit is booked');
  await expect(page.locator('strong', { hasText: new RegExp(`, ${other}$`) })).toBeVisible();
});

test('two clicks on Book book once', async ({ medic, page, browser }) => {
  await page.setViewportSize(narrow);
  const date = await freeDate(page, medic, visit.doctor, visit.type);
  const desk = await otherPage(browser);
  await openDesk(desk, medic);
  await showDay(desk, date);
  await toReview(page, medic, date);
  let asked = 0;
  page.on('request', (request) => {
    // Two calls of one moment travel in one request, both named in its address.
    asked += request.url().match(/public\.book\b/g)?.length ?? 0;
  });
  await page.getByRole('button', { name: 'Book this visit' }).dblclick();
  await expectHeading(page, 'Your visit is booked');
  await expect(visitCard(desk, `${patient['Family name']} ${patient['First name']}`)).toHaveCount(1);
  expect(asked).toBe(1);
  // A step back leads to the form of a time that is now the visitor's own: it shows the visit, not a loss.
  await page.goBack();
  await expect(page).toHaveURL(/\/details\?/);
  await expectHeading(page, 'Your visit is booked');
  await expect(page.getByRole('button', { name: /^(Book|Continue)/ })).toHaveCount(0);
});

test('a server that stops in between is said, loses nothing, and the same page books', async ({
  medic,
  page,
}) => {
  await page.setViewportSize(narrow);
  await toDetails(page, medic, await freeDate(page, medic, visit.doctor, visit.type));
  await medic.stop();
  await fillDetails(page);
  await page.getByRole('button', { name: 'Continue to check' }).click();
  await expectHeading(page, /cannot be reached$/);
  await expect(page.getByText('Nothing you typed is lost')).toBeVisible();

  await medic.start();
  await page.getByRole('link', { name: 'Try again' }).click();
  await expectHeading(page, 'Check and book');
  await page.goBack();
  await expectHeading(page, 'Your details');
  await expectDetailsKept(page);
  await page.getByRole('button', { name: 'Continue to check' }).click();
  await expectHeading(page, 'Check and book');

  await medic.stop();
  await page.getByRole('button', { name: 'Book this visit' }).click();
  const failure = page.getByRole('alert');
  await expect(failure).toBeFocused();
  await expect(failure).toContainText('The connection broke off');
  await expect(page.getByText(`${patient['First name']} ${patient['Family name']}`)).toBeVisible();

  await medic.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectHeading(page, 'Your visit is booked');
});

test('an address that leads nowhere, and a visit that is not booked online, say what to do', async ({
  medic,
  page,
}) => {
  await page.setViewportSize(narrow);
  const clinic = `${medic.url}/book/${medic.database.slug}`;

  expect((await page.goto(`${medic.url}/book/nowhere`))?.status()).toBe(404);
  await expectHeading(page, 'We can’t find that page');
  await expect(page.getByText('check the link that the clinic gave you')).toBeVisible();

  for (const address of [`${clinic}/nobody`, `${clinic}/${visit.doctor}/nothing`, `${clinic}/%00`]) {
    expect((await page.goto(address))?.status(), address).toBe(404);
    await expectHeading(page, 'We can’t find that page');
    await expect(page.getByRole('main').locator('a[href^="tel:+"]')).toBeVisible();
  }
  await page.getByRole('link', { name: 'See all doctors' }).click();
  await expectHeading(page, /^Book a visit at/);

  // A visit that is planned by telephone shows the number.
  await page.goto(`${clinic}/any`);
  const byPhone = page.getByRole('listitem').filter({ hasText: 'We plan this with you by telephone.' });
  await expect(byPhone.first().getByRole('link')).toHaveAttribute('href', /^tel:\+\d{8,}$/);
  // An old link to such a type, or one that was guessed, says so too.
  expect((await page.goto(`${clinic}/any/urgent-visit`))?.status()).toBe(200);
  await expectHeading(page, 'Urgent visit: please call us');
  await expect(page.getByRole('main').getByRole('link', { name: /^Call \+48/ })).toHaveAttribute(
    'href',
    /^tel:\+\d{8,}$/,
  );
});

test('without JavaScript days are links and times are radios', async ({ medic, page, browser }) => {
  const date = await freeDate(page, medic, visit.doctor, visit.type);
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: narrow });
  const plain = await context.newPage();
  await plain.goto(`${medic.url}/book/${medic.database.slug}`);
  await plain
    .getByRole('link', { name: /Maja Nowak$/ })
    .first()
    .click();
  await plain.getByRole('link', { name: /^Consultation/ }).click();
  await expectHeading(plain, 'Choose a time');
  await plain.goto(slotsAddress(medic, date));
  await plain
    .getByRole('link', { name: /times? free$/ })
    .first()
    .click();
  await expect(plain.getByRole('link', { name: /times? free$/ }).first()).toHaveAttribute(
    'aria-current',
    'date',
  );
  await plain.getByRole('radio').first().check({ force: true });
  await plain.getByRole('button', { name: /^Continue/ }).click();
  await expect(plain).toHaveURL(/\/details\?start=\d+$/);
  await expectHeading(plain, 'Your details');
  // Nobody would take the form; it says so before it is filled in vain.
  await expect(plain.getByText(/need JavaScript, which is off/)).toBeVisible();
  await expect(plain.getByRole('main').locator('a[href^="tel:+"]')).toBeVisible();
  await expect(plain.getByRole('button', { name: 'Continue to check' })).toBeDisabled();
});
