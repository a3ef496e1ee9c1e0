/**
 * A week without the server, with all that a reception does in a week, and then a server that is killed over and over
 * while all of it is sent. `MEDIC_WEEK=full` makes it 300 changes and 20 kills.
 */
import { randomFrom } from '@medic/shared/testing/random';
import { dayMs, instant } from '@medic/shared/time/instant';
import type { BrowserContext, Page } from '@playwright/test';
import { build } from 'vite';
import { expect, type Medic, test } from '../../scripts/journey';
import {
  bookAtDesk,
  bookedVisits,
  freeDate,
  openDesk,
  showDay,
  syncPill,
  visitCard,
} from '../../scripts/journey-pages';
import { overlaps } from '../../simulation/checks';
import { permittedRows, readAllRows } from '../../simulation/permitted-rows';
import { openAdminPool, type Pool } from '../../sync-server/src/db/pool';
import type * as ActHere from './act-here';

const full = process.env.MEDIC_WEEK === 'full';
const changes = full ? 300 : 60;
const kills = full ? 20 : 5;
const days = 7;
const mornings = full ? [0, 1, 2, 3, 4, 5, 6] : [0, 3, 6];
const seed = process.env.MEDIC_SEED ?? 'a week offline';
const nowak = 'Visits of Dr Nowak, Harbour Street';

declare global {
  var journey: typeof ActHere;
}

/** From the next load on, everything in the page sees a clock that is so far ahead. */
async function aheadBy(page: Page, ms: number): Promise<void> {
  await page.evaluate((ms) => localStorage.setItem('journey-clock', String(ms)), ms);
}

async function prepare(context: BrowserContext, script: string): Promise<void> {
  await context.addInitScript({ content: script });
  await context.addInitScript(() => {
    const Real = Date;
    const ahead = Number(localStorage.getItem('journey-clock') ?? 0);
    globalThis.Date = class extends Real {
      constructor(...parts: ConstructorParameters<typeof Date>) {
        if ((parts as unknown[]).length === 0) super(Real.now() + ahead);
        else super(...parts);
      }
      static override now(): number {
        return Real.now() + ahead;
      }
    } as DateConstructor;
  });
}

/** The oldest visits of the demo become such that a week later a desk may not have them any more. */
async function moveBackTwoMonths(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ seq: string }>(
      'UPDATE clinic_clocks SET seq = seq + 1 RETURNING seq',
    );
    await client.query(`SELECT set_config('medic.seq', $1, true)`, [rows[0]?.seq]);
    const { rowCount } = await client.query(
      `UPDATE appointments SET starts_at = starts_at - interval '60 days', ends_at = ends_at - interval '60 days',
              reserved_from = reserved_from - interval '60 days', reserved_until = reserved_until - interval '60 days'
        WHERE ends_at < now() - interval '25 days'`,
    );
    await client.query('COMMIT');
    expect(rowCount).toBeGreaterThan(0);
  } finally {
    client.release();
  }
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: new URL('./act-here.ts', import.meta.url).pathname, formats: ['iife'], name: 'journey' },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output[0] : undefined;
  if (!chunk) throw new Error('nothing was bundled');
  // Declared with `var` inside what wraps an init script, it would be nobody's but the script's own.
  return `${chunk.code}\nglobalThis.journey = journey;`;
}

/** The same person the next morning: the page is loaded anew, and may want the password. */
async function nextMorning(page: Page, medic: Medic, ahead: number): Promise<void> {
  await aheadBy(page, ahead);
  await page.reload();
  const pill = syncPill(page, /^(Off|On)line/);
  const password = page.getByLabel('Password', { exact: true });
  await expect(pill.or(password).first()).toBeVisible({ timeout: 60_000 });
  if (await password.isVisible()) {
    await password.fill(medic.signIn('reception').password);
    await page.keyboard.press('Enter');
    await expect(pill).toBeVisible({ timeout: 60_000 });
  }
}

let pool: Pool;
test.afterEach(() => pool.end());

test('a week offline: everything that was done is settled once, though the server is killed while it is sent', async ({
  medic,
  page,
  context,
  browser,
}) => {
  test.setTimeout(full ? 900_000 : 300_000);
  const random = randomFrom(seed);
  const script = await bundle();
  await prepare(context, script);
  pool = await openAdminPool(medic.database.url);
  await moveBackTwoMonths(pool);
  const date = await freeDate(page, medic, 'maja-nowak', 'consultation');
  await openDesk(page, medic);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await showDay(page, date);

  const daysBack = (each: Page) => each.evaluate(() => journey.daysBack());
  expect(await daysBack(page)).toBeGreaterThan(84);

  // The week. A few by hand on the screen, the others through the acts that the screens call.
  await medic.kill();
  await expect(syncPill(page, /^Offline/)).toBeVisible({ timeout: 60_000 });
  const made = new Map<string, string>();
  await bookAtDesk(page, 'po an');
  await expect(visitCard(page, 'Polańska Anna')).toBeVisible();
  const [toCancel] = (await bookedVisits(page, nowak)).filter(({ patient }) => patient !== 'Polańska Anna');
  if (toCancel) {
    await visitCard(page, toCancel.patient, toCancel.time).click();
    await page.getByRole('complementary', { name: 'Visit' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the visit' }).click();
    await expect(visitCard(page, toCancel.patient, toCancel.time)).toHaveCount(0);
  }
  for (const { intentId, act } of await page.evaluate(() => journey.waiting())) made.set(intentId, act);
  const byHand = made.size;
  for (const [at, day] of mornings.entries()) {
    if (day > 0) await nextMorning(page, medic, day * dayMs);
    const upTo = Math.round(((at + 1) * (changes - byHand)) / mornings.length) + byHand;
    const { kept } = await page.evaluate(([seed, count]) => journey.act(seed, count), [
      `${seed} ${day}`,
      upTo - made.size,
    ] as const);
    for (const { intentId, act } of kept) made.set(intentId, act);
    await expect(syncPill(page, `Offline · ${made.size} changes waiting`)).toBeVisible();
  }
  await nextMorning(page, medic, days * dayMs);
  await expect(syncPill(page, `Offline · ${changes} changes waiting`)).toBeVisible();
  const promised = await page.evaluate(() => journey.waiting());
  expect(promised.map(({ intentId }) => intentId)).toEqual([...made.keys()]);

  // Meanwhile the others have worked on, and took some of its slots.
  const wanted = await page.evaluate(() => journey.slotsWanted());
  await context.setOffline(true);
  await medic.start({ aheadMs: days * dayMs });
  const otherContext = await browser.newContext();
  await prepare(otherContext, script);
  const other = await otherContext.newPage();
  await other.goto(`${medic.url}/desk/`);
  await aheadBy(other, days * dayMs);
  await openDesk(other, medic);
  const taken = await other.evaluate((slots) => journey.take(slots), wanted.slice(0, 12));
  await other.evaluate((seed) => journey.act(seed, 10), `${seed} elsewhere`);
  await expect(syncPill(other, 'Online · all saved')).toBeVisible({ timeout: 60_000 });

  // Back online, to a server that dies over and over in the middle of the sending, spread over all of it.
  const { deviceId } = await page.evaluate(() => journey.standing());
  const decided = async () => {
    const { rows } = await pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM intents WHERE device_id = $1',
      [deviceId],
    );
    return rows[0]?.n ?? 0;
  };
  const atKill: { decided: number; unsent: number }[] = [];
  await context.setOffline(false);
  for (let kill = 0; kill < kills; kill++) {
    const enough = Math.ceil(((kill + random.next()) * changes) / kills);
    await expect.poll(decided, { intervals: [5], timeout: 60_000 }).toBeGreaterThanOrEqual(enough);
    await medic.kill();
    atKill.push({ decided: await decided(), unsent: await page.evaluate(() => journey.unsent()) });
    await medic.start({ aheadMs: days * dayMs });
    // As the network's return tells a browser; else the next try is some seconds away.
    await page.evaluate(() => dispatchEvent(new Event('online')));
  }
  for (const each of [page, other])
    await expect(syncPill(each, 'Online · all saved')).toBeVisible({ timeout: 120_000 });
  // The desk knows of fewer than were decided wherever an answer was cut.
  expect(atKill.some(({ decided, unsent }) => decided > changes - unsent)).toBe(true);

  // Every one is decided, once; the desks show what Postgres has; whatever was not possible waits for a person.
  const { rows: clinics } = await pool.query<{ id: string }>('SELECT id FROM clinics WHERE slug = $1', [
    medic.database.slug,
  ]);
  const clinicId = clinics[0]?.id ?? '';
  for (const each of [page, other]) {
    await nextMorning(each, medic, days * dayMs);
    await expect(syncPill(each, 'Online · all saved')).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(
        async () => {
          const rows = await readAllRows(pool, clinicId);
          const { userId, deviceId } = await each.evaluate(() => journey.standing());
          const user = rows.user.find(({ id }) => id === userId);
          if (!user) throw new Error('nobody is at the desk');
          const now = instant(Date.now() + days * dayMs);
          const permitted = permittedRows(rows, user, deviceId, now);
          // What grew old within the day goes when the next one begins.
          const untilPurged = permittedRows(rows, user, deviceId, instant(now - dayMs));
          return await each.evaluate(([rows, lingering]) => journey.compare(rows, lingering), [
            permitted,
            untilPurged,
          ] as const);
        },
        { timeout: 30_000 },
      )
      .toEqual([]);
  }
  // What has grown too old within the week is gone, and nothing younger with it.
  expect(await daysBack(page)).toBeLessThan(90 + 1);
  const rows = await readAllRows(pool, clinicId);
  const { inAttention, intents } = await page.evaluate(() => journey.standing());
  const kept = rows.intent.filter((intent) => intent.deviceId === deviceId);
  expect(kept.map(({ id }) => id).sort()).toEqual([...made.keys()].sort());
  expect(kept.map(({ n }) => n).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
    Array.from({ length: changes }, (_, at) => at + 1),
  );
  // Written by the same transaction as the outcome: one entry for each.
  const { rows: logged } = await pool.query<{ id: string; times: number }>(
    `SELECT subject_id AS id, count(*)::int AS times FROM audit_log WHERE subject_kind = 'intent' GROUP BY subject_id`,
  );
  const times = new Map(logged.map(({ id, times }) => [id, times]));
  for (const { id, act, status } of kept)
    expect(times.get(id), `times that ${act} ${id} (${status}) was decided`).toBe(1);
  const visits = new Map(rows.appointment.map((visit) => [visit.id, visit]));
  for (const { act, args, status } of kept)
    if (act === 'appointment.book')
      expect(visits.has(String(args.appointmentId)), `a booking that is ${status}`).toBe(status === 'done');
  expect(overlaps(rows)).toEqual([]);
  expect(intents.every(({ status }) => status !== 'pending')).toBe(true);
  const undone = kept.filter(({ status }) => status !== 'done').map(({ id }) => id);
  expect(undone.length).toBeGreaterThan(0);
  expect(undone.filter((id) => !inAttention.includes(id))).toEqual([]);
  const kinds = new Set(made.values()).size;
  console.log(
    `${changes} changes of ${kinds} kinds in ${days} days, ${byHand} by hand; ${taken} of their slots taken meanwhile; ` +
      `killed ${kills} times, after ${atKill.map(({ decided }) => decided).join(', ')} were decided; ${changes - undone.length} done, ${undone.length} in Needs attention`,
  );
});
