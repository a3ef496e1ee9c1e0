import type { Page } from '@playwright/test';
import { expect, test } from '../../scripts/journey';
import {
  bookAtDesk,
  bookedVisits,
  expectAccessible,
  freeDate,
  freeDates,
  openDesk,
  showDay,
  syncPill,
  visitCard,
} from '../../scripts/journey-pages';

const nowak = 'Visits of Dr Nowak, Harbour Street';

/** The shell and the clinic must be on the machine before the server goes away. */
async function keptForOffline(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
}

test('a desk books, moves and cancels without the server, survives a reload, and catches up', async ({
  medic,
  page,
  browser,
}) => {
  const dates: string[] = [];
  for await (const free of freeDates(page, medic, 'maja-nowak', 'consultation')) dates.push(free);
  await openDesk(page, medic);
  await keptForOffline(page);
  // A day with room, and with visits to move and to cancel.
  let date = '';
  for (date of dates) {
    await showDay(page, date);
    if ((await bookedVisits(page, nowak)).length >= 2) break;
  }
  const [toMove, toCancel] = await bookedVisits(page, nowak);
  if (!toMove || !toCancel) throw new Error('the demo has no day with room and two visits');

  await medic.stop();
  await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 60_000 });

  await bookAtDesk(page, 'po an');
  await expect(visitCard(page, 'Polańska Anna')).toBeVisible();
  const booked = (await bookedVisits(page, nowak)).find((visit) => visit.patient === 'Polańska Anna');

  await visitCard(page, toMove.patient, toMove.time).click();
  await page.keyboard.press('m');
  const refusal = page.getByText('doesn’t fit');
  await page.keyboard.press('ArrowDown');
  for (let step = 0; step < 60 && (await refusal.count()) > 0; step++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  // Of a series the desk asks which are meant: this one.
  const scope = page.getByRole('dialog', { name: /^Move / });
  await expect
    .poll(async () => {
      if (await scope.isVisible()) await page.keyboard.press('Enter');
      return await visitCard(page, toMove.patient, toMove.time).count();
    })
    .toBe(0);
  const moved = (await bookedVisits(page, nowak)).find((visit) => visit.patient === toMove.patient);
  expect(moved).toBeDefined();

  await visitCard(page, toCancel.patient, toCancel.time).click();
  await page.getByRole('complementary', { name: 'Visit' }).getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the visit' }).click();
  await expect(visitCard(page, toCancel.patient, toCancel.time)).toHaveCount(0);
  await expect(syncPill(page, 'Offline · 3 changes waiting')).toBeVisible();

  await page.reload();
  await expect(syncPill(page, 'Offline · 3 changes waiting')).toBeVisible({ timeout: 60_000 });
  await showDay(page, date);
  await expect(visitCard(page, 'Polańska Anna', booked?.time)).toBeVisible();
  await expect(visitCard(page, toMove.patient, moved?.time)).toBeVisible();
  await expect(visitCard(page, toCancel.patient, toCancel.time)).toHaveCount(0);

  await medic.start();
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });

  // What arrived is seen from a desk that knew nothing of it.
  const other = await (await browser.newContext()).newPage();
  await openDesk(other, medic);
  await showDay(other, date);
  await expect(visitCard(other, 'Polańska Anna', booked?.time)).toBeVisible();
  await expect(visitCard(other, toMove.patient, moved?.time)).toBeVisible();
  await expect(visitCard(other, toCancel.patient, toCancel.time)).toHaveCount(0);
});

test('two desks take one slot offline: one is booked, the other waits in needs attention and is settled', async ({
  medic,
  page: first,
  browser,
}) => {
  const second = await (await browser.newContext()).newPage();
  const date = await freeDate(first, medic, 'maja-nowak', 'consultation');
  for (const page of [first, second]) {
    await openDesk(page, medic);
    await keptForOffline(page);
    await showDay(page, date);
  }
  await medic.kill();
  for (const page of [first, second]) {
    await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 60_000 });
    await bookAtDesk(page, 'po an');
    await expect(syncPill(page, 'Offline · 1 change waiting')).toBeVisible();
  }
  const times = await Promise.all([first, second].map((page) => bookedVisits(page, nowak)));
  const of = (visits: { patient: string; time: string }[]) =>
    visits.find((visit) => visit.patient === 'Polańska Anna')?.time;
  expect(of(times[0] ?? [])).toBe(of(times[1] ?? []));

  await medic.start();
  for (const page of [first, second]) {
    await expect(page.getByRole('link', { name: /^Attention/ })).toContainText('2', { timeout: 60_000 });
    await expect(visitCard(page, 'Polańska Anna', of(times[0] ?? []))).toHaveCount(1);
  }

  await first.getByRole('link', { name: /^Attention/ }).click();
  const item = first.getByRole('article', { name: /the slot was taken first/ });
  await expect(item).toBeVisible();
  await expect(item).toContainText('Polańska Anna');
  await item.getByRole('button', { name: /^Book / }).click();
  await expect(second.getByRole('link', { name: 'Attention, 1 open' })).toBeVisible({
    timeout: 60_000,
  });
  await expect(item).toBeHidden();
});

test('a desk that is reloaded offline before everything has come shows what it has, and says what is missing', async ({
  medic,
  page,
}) => {
  const late = (url: URL) =>
    url.pathname.endsWith('/sync.pull') &&
    /"collection":"(patients|appointments)"/.test(url.searchParams.get('input') ?? '');
  await page.route(late, (route) => route.abort());
  const { email, password } = medic.signIn('reception');
  await page.goto(`${medic.url}/desk/`);
  await page.getByLabel('Clinic').fill(medic.database.slug);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /^Sign in/ }).click();
  await syncPill(page, 'Online · bringing the rest').click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Details' }).click();
  for (const [name, isLate] of [
    ['Clinic, doctors, places', false],
    ['Weekly hours', false],
    ['Visits', true],
  ] as const) {
    const row = page.getByRole('row', { name: new RegExp(`^${name}`) });
    await (isLate ? expect(row) : expect(row).not).toContainText('not all yet', { timeout: 30_000 });
  }
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await medic.kill();
  await page.reload();
  const band = page.getByRole('status').filter({ hasText: 'Not everything has arrived yet' });
  await expect(band).toContainText('visits and patients may be incomplete', { timeout: 60_000 });
  await expect(page.getByRole('grid', { name: /^Times of/ })).toBeAttached();
  await expect(syncPill(page, 'Offline · not all here yet')).toBeVisible();
  await expectAccessible(
    page,
    'a desk to which not everything has come',
    (one) => one.startsWith('target-size') && /role="gridcell"|data-visit=/.test(one),
  );

  await page.unroute(late);
  await medic.start();
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  await expect(band).toHaveCount(0);
});
