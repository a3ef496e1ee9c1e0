/** Weekly plans: the database's checks against those of the model, and against plain counting of days. */
import { availabilityException } from '@medic/shared/model/availability-exception';
import { checkTemplate, spanMinutes, templatesOverlap } from '@medic/shared/model/checks';
import { type ScheduleTemplate, scheduleTemplate } from '@medic/shared/model/schedule-template';
import { timeOffRequest } from '@medic/shared/model/time-off-request';
import {
  aBreak,
  anException,
  aTemplate,
  aTimeOff,
  at,
  clinicId,
  date,
  idOf,
  time,
} from '@medic/shared/testing/builders';
import { type PlainDate, wallMinutes, wallTime } from '@medic/shared/time/instant';
import { addDays, dayNumber, weekdayOfDayNumber } from '@medic/shared/time/plain-date';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putRecord } from './records';
import { constraintOf, sqlStateOf } from './sql-state';
import { arrangeBaseClinic, tried } from './testing/base-clinic';
import { createTestDatabase, type TestDatabase } from './testing/database';
import type { Transaction } from './transaction';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await arrangeBaseClinic(database.adminPool);
});

afterAll(() => database?.drop());

async function outcome(work: (tx: Transaction) => Promise<unknown>): Promise<string> {
  const done = tried(database.appPool, clinicId, async (tx) => {
    await work(tx);
    await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
  });
  return await done.then(
    () => 'done',
    (error: unknown) => constraintOf(error) ?? sqlStateOf(error) ?? String(error),
  );
}

function writing(...templates: Partial<ScheduleTemplate>[]): Promise<string> {
  return outcome(async (tx) => {
    for (const template of templates) await putRecord(tx, scheduleTemplate, aTemplate(template));
  });
}

describe('templates of one doctor', () => {
  it('may touch, but not overlap', async () => {
    expect(await writing({ closesAt: time('12:00') }, { opensAt: time('12:00') })).toBe('done');
    expect(await writing({ closesAt: time('12:01') }, { opensAt: time('12:00') })).toBe(
      'schedule_templates_apart',
    );
    expect(await writing({}, { weekday: 2 })).toBe('done');
    expect(await writing({}, { doctorId: idOf('doctor', 2) })).toBe('done');
  });

  it('of which one is deleted may overlap', async () => {
    expect(await writing({}, { deleted: true })).toBe('done');
  });

  it('count hours after midnight to the next day, from Sunday to Monday too', async () => {
    const night = { opensAt: time('22:00'), closesAt: time('06:00') };
    expect(await writing({ ...night }, { weekday: 2, opensAt: time('05:00') })).toBe(
      'schedule_templates_apart',
    );
    expect(await writing({ ...night }, { weekday: 2, opensAt: time('06:00') })).toBe('done');
    expect(await writing({ ...night, weekday: 7 }, { opensAt: time('05:00') })).toBe(
      'schedule_templates_apart',
    );
  });

  it('alternate by weeks, and may follow one another', async () => {
    expect(await writing({ everyNWeeks: 2 }, { everyNWeeks: 2, anchorDate: date('2020-01-13') })).toBe(
      'done',
    );
    expect(await writing({ everyNWeeks: 2 }, { everyNWeeks: 3, anchorDate: date('2020-01-13') })).toBe(
      'schedule_templates_apart',
    );
    expect(await writing({ validUntil: date('2026-01-05') }, { validFrom: date('2026-01-05') })).toBe('done');
    expect(await writing({ validUntil: date('2026-01-06') }, { validFrom: date('2026-01-05') })).toBe(
      'schedule_templates_apart',
    );
  });

  it('may trade their hours within one act', async () => {
    const morning = aTemplate({ closesAt: time('12:00'), breaks: [aBreak('10:00', '10:15')] });
    const afternoon = aTemplate({ opensAt: time('12:00') });
    const work = outcome(async (tx) => {
      for (const template of [morning, afternoon]) await putRecord(tx, scheduleTemplate, template);
      await putRecord(tx, scheduleTemplate, {
        ...morning,
        opensAt: time('12:00'),
        closesAt: time('16:00'),
        breaks: [{ ...aBreak('14:00', '14:15'), templateId: morning.id }],
      });
      await putRecord(tx, scheduleTemplate, {
        ...afternoon,
        opensAt: time('08:00'),
        closesAt: time('12:00'),
      });
    });
    expect(await work).toBe('done');
  });

  it('end after they begin and open before midnight', async () => {
    expect(await writing({ validUntil: date('2020-01-01') })).toBe('schedule_templates_ends_after_start');
    expect(await writing({ opensAt: time('24:00') })).toBe('schedule_templates_opens_at_check');
    expect(await writing({ opensAt: time('00:00'), closesAt: time('24:00') })).toBe('done');
  });
});

const hours = fc.integer({ min: 0, max: 23 }).map((hour) => wallTime(hour * 60));
const epochDay = dayNumber('2026-11-23' as PlainDate);

const anyTemplate = fc
  .record({
    weekday: fc.integer({ min: 1, max: 7 }),
    opensAt: hours,
    closesAt: fc.integer({ min: 0, max: 24 }).map((hour) => wallTime(hour * 60)),
    from: fc.integer({ min: 0, max: 60 }),
    days: fc.option(fc.integer({ min: 1, max: 40 }), { nil: null }),
    everyNWeeks: fc.integer({ min: 1, max: 4 }),
    anchor: fc.integer({ min: -40, max: 40 }),
  })
  .map(({ from, days, anchor, ...template }) =>
    aTemplate({
      ...template,
      validFrom: addDays('2026-11-23' as PlainDate, from),
      validUntil: days === null ? null : addDays('2026-11-23' as PlainDate, from + days),
      anchorDate: addDays('2026-11-23' as PlainDate, anchor),
    }),
  );

/** Minutes since the first Monday in which a template gives hours, day after day, for most of a year. */
function openSpans(template: ScheduleTemplate): [number, number][] {
  const spans: [number, number][] = [];
  const weekOf = (day: number) => Math.floor((day - 4) / 7);
  const last = template.validUntil === null ? epochDay + 300 : dayNumber(template.validUntil);
  for (let day = dayNumber(template.validFrom); day < last; day++) {
    if (
      weekdayOfDayNumber(day) !== template.weekday ||
      (weekOf(day) - weekOf(dayNumber(template.anchorDate))) % template.everyNWeeks !== 0
    )
      continue;
    const opens = (day - epochDay) * 1440 + wallMinutes(template.opensAt);
    spans.push([opens, opens + spanMinutes(template.opensAt, template.closesAt)]);
  }
  return spans;
}

describe('templates_overlap', () => {
  it('agrees with counting days; the model may see an overlap where there is none, and never the reverse', async () => {
    const pairs = fc.sample(fc.tuple(anyTemplate, anyTemplate), { seed: 20_261_123, numRuns: 3000 });
    const row = (template: ScheduleTemplate) =>
      Object.fromEntries(
        scheduleTemplate.columns.map(({ name, field }) => [
          name,
          (template as Record<string, unknown>)[field],
        ]),
      );
    const { rows } = await database.adminPool.query<{ overlap: boolean }>(
      `SELECT templates_overlap(jsonb_populate_record(NULL::schedule_templates, pair -> 0), jsonb_populate_record(NULL::schedule_templates, pair -> 1)) AS overlap
         FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS p (pair, n) ORDER BY n`,
      [JSON.stringify(pairs.map(([a, b]) => [row(a), row(b)]))],
    );
    const wrong = pairs.filter(([a, b], n) => {
      const spansB = openSpans(b);
      const counted = openSpans(a).some(([from, until]) => spansB.some(([f, u]) => from < u && f < until));
      return counted !== rows[n]?.overlap || (counted && !templatesOverlap(a, b));
    });
    expect(wrong).toEqual([]);
    const overlapping = rows.filter((found) => found.overlap).length;
    // Else the sample would say little.
    expect(overlapping).toBeGreaterThan(100);
    expect(overlapping).toBeLessThan(2000);
  });
});

describe('breaks', () => {
  it('lie inside the hours, apart from each other, also after midnight', async () => {
    expect(await writing({ breaks: [aBreak('12:00', '12:30'), aBreak('12:30', '12:45')] })).toBe('done');
    expect(await writing({ breaks: [aBreak('12:00', '12:30'), aBreak('12:29', '12:45')] })).toBe(
      'schedule_template_breaks_inside',
    );
    expect(await writing({ breaks: [aBreak('15:45', '16:15')] })).toBe('schedule_template_breaks_inside');
    expect(await writing({ breaks: [aBreak('07:00', '07:30')] })).toBe('schedule_template_breaks_inside');
    expect(
      await writing({
        opensAt: time('20:00'),
        closesAt: time('04:00'),
        breaks: [aBreak('23:45', '00:15'), aBreak('02:00', '02:30')],
      }),
    ).toBe('done');
  });

  it('are checked when the hours change around them', async () => {
    const template = aTemplate({ breaks: [aBreak('12:00', '12:30')] });
    const narrowed = outcome(async (tx) => {
      await putRecord(tx, scheduleTemplate, template);
      await tx.query("UPDATE schedule_templates SET closes_at = '12:15' WHERE id = $1", [template.id]);
    });
    expect(await narrowed).toBe('schedule_template_breaks_inside');
  });

  it('are judged as the model judges them', async () => {
    const minutes = fc.integer({ min: 0, max: 23 }).map((n) => wallTime(n * 60));
    const anyBreaks = fc.array(fc.tuple(minutes, minutes), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(hours, hours, anyBreaks, async (opensAt, closesAt, breaks) => {
        const template = aTemplate({
          opensAt,
          closesAt,
          breaks: breaks.map(([from, until]) => aBreak(from, until)),
        });
        expect(await writing(template)).toBe(
          checkTemplate(template).length === 0 ? 'done' : 'schedule_template_breaks_inside',
        );
      }),
      { seed: 20_261_123, numRuns: 120 },
    );
  });
});

describe('what differs on a date', () => {
  it('has both times or none, and a closure has no doctor', async () => {
    const write = (overrides: Parameters<typeof anException>[0]) =>
      outcome((tx) => putRecord(tx, availabilityException, anException(overrides)));
    expect(await write({})).toBe('done');
    expect(await write({ startsAt: time('22:00'), endsAt: time('24:00') })).toBe('done');
    expect(await write({ startsAt: time('22:00') })).toBe('availability_exceptions_whole_span');
    expect(await write({ kind: 'closure', doctorId: idOf('doctor', 1) })).toBe(
      'availability_exceptions_closure',
    );
  });
});

describe('time off', () => {
  it('ends after it starts', async () => {
    const write = (overrides: Parameters<typeof aTimeOff>[0]) =>
      outcome((tx) => putRecord(tx, timeOffRequest, aTimeOff(overrides)));
    expect(await write({})).toBe('done');
    expect(await write({ endsAt: at('2026-11-23 00:00') })).toBe('time_off_requests_ends_after_start');
  });
});
