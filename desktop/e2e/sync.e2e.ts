import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, type Medic, test } from '../../scripts/journey';
import {
  bookAtDesk,
  bookedVisits,
  expectAccessible,
  freeDate,
  openDesk,
  showDay,
  syncPill,
  visitCard,
} from '../../scripts/journey-pages';

const nowak = 'Visits of Dr Nowak, Harbour Street';

/** A further tab. It gets the key from the first, or, where that one is too busy to answer, asks for the password. */
async function openAgain(page: Page, medic: Medic, date: string): Promise<void> {
  await page.goto(`${medic.url}/desk/`);
  const agenda = page.getByRole('grid', { name: /^Times of/ });
  const password = page.getByLabel('Password', { exact: true });
  await expect(agenda.or(password).first()).toBeAttached({ timeout: 60_000 });
  if (await password.isVisible()) {
    await password.fill(medic.signIn('reception').password);
    await page.getByRole('button', { name: /^Unlock/ }).click();
  }
  await expect(agenda).toBeAttached({ timeout: 60_000 });
  await showDay(page, date);
}

test('two tabs are one desk: what both did offline is sent in order by the one that is left', async ({
  medic,
  page: first,
  context,
}) => {
  test.setTimeout(180_000);
  const date = await freeDate(first, medic, 'maja-nowak', 'consultation');
  await openDesk(first, medic);
  await expect(syncPill(first, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  await showDay(first, date);
  const second = await context.newPage();
  await openAgain(second, medic, date);

  await medic.kill();
  for (const page of [first, second])
    await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 30_000 });
  await bookAtDesk(first, 'po an');
  await expect(visitCard(second, 'Polańska Anna')).toBeVisible();
  const [toCancel] = (await bookedVisits(second, nowak)).filter(({ patient }) => patient !== 'Polańska Anna');
  if (!toCancel) throw new Error('the demo has no visit on this day');
  await visitCard(second, toCancel.patient, toCancel.time).click();
  await second.getByRole('complementary', { name: 'Visit' }).getByRole('button', { name: 'Cancel' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Cancel the visit' }).click();
  for (const page of [first, second])
    await expect(syncPill(page, 'Offline · 2 changes waiting')).toBeVisible();

  // The first one synced; it is closed in the middle, as a person closes a tab.
  await first.close();
  await medic.start();
  await expect(syncPill(second, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  await expect(visitCard(second, 'Polańska Anna')).toBeVisible();
  await expect(visitCard(second, toCancel.patient, toCancel.time)).toHaveCount(0);
  await syncPill(second, 'Online · all saved').click();
  await expect(second.getByText('waiting to send')).toBeVisible();
});

test('the sync panel says how each collection stands, and its report names no patient', async ({
  medic,
  page,
}) => {
  test.setTimeout(120_000);
  const date = await freeDate(page, medic, 'maja-nowak', 'consultation');
  await openDesk(page, medic);
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  await showDay(page, date);
  const shown = await bookedVisits(page, nowak);
  expect(shown.length).toBeGreaterThan(0);
  await medic.kill();
  await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 30_000 });
  await bookAtDesk(page, 'po an');
  await syncPill(page, 'Offline · 1 change waiting').click();
  await page.getByRole('button', { name: 'Details' }).click();
  const row = page.getByRole('row', { name: /^Patients/ });
  await expect(row).toBeVisible();
  // Visits on the grid behind it are as high as they are long, which WCAG 2.5.8 lets a calendar have.
  await expectAccessible(
    page,
    'the sync panel with its details',
    (one) => one.startsWith('target-size') && /role="gridcell"|data-visit=/.test(one),
  );
  await page.getByRole('button', { name: 'Send a report' }).click();
  await expect(page.getByText(/^Not sent\. The server does not answer\./)).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save a report' }).click();
  const report = readFileSync(await (await downloading).path(), 'utf8');
  const told = JSON.parse(report) as { pending: unknown; collections: { name: string; rows: number }[] };
  expect(told.pending).toEqual({ 'appointment.book': 1 });
  expect(told.collections.find(({ name }) => name === 'patients')?.rows).toBeGreaterThan(10);
  for (const name of ['Polańska', ...shown.flatMap(({ patient }) => patient.split(' '))])
    expect(report).not.toContain(name);

  await medic.start();
  await expect(syncPill(page, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Send a report' }).click();
  await expect(page.getByText(/^Sent at \d\d:\d\d, into the server’s log\.$/)).toBeVisible();
  expect(medic.output).toContain('a desk sent a report on its sync');
  for (const name of ['Polańska', ...shown.flatMap(({ patient }) => patient.split(' '))])
    expect(medic.output).not.toContain(name);
});

test('somebody whose account is taken away is signed out at once, and nothing of the clinic stays on the computer', async ({
  medic,
  page,
}) => {
  const post = async (procedure: string, body: unknown, token?: string) => {
    const response = await fetch(`${medic.url}/api/trpc/${procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    expect(response.ok, procedure).toBe(true);
    return (await response.json()).result.data;
  };
  const signInAs = (role: string) =>
    post('auth.signIn', {
      clinic: medic.database.slug,
      ...medic.signIn(role),
      device: { id: crypto.randomUUID(), name: 'Elsewhere', kind: 'web' },
    });
  const [admin, leaver] = await Promise.all([signInAs('admin'), signInAs('reception')]);

  await openDesk(page, medic);
  const replicas = () =>
    page.evaluate(async () =>
      (await indexedDB.databases()).flatMap(({ name }) => (name?.includes('medic-') ? [name] : [])),
    );
  expect((await replicas()).length).toBeGreaterThan(0);
  await post('auth.deactivateUser', { userId: leaver.user.id }, admin.accessToken);
  await expect(page.getByText(/signed out by an administrator/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
  await expect.poll(replicas).toEqual([]);
  await page.getByLabel('Clinic').fill(medic.database.slug);
  const { email, password } = medic.signIn('reception');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /^Sign in/ }).click();
  await expect(page.getByText(/the e-mail or the password is not right/)).toBeVisible();
});
