import { expect, test } from 'vitest';
import {
  aBreak,
  aDoctor,
  aLocation,
  anException,
  aTemplate,
  aTimeOff,
  at,
  date,
  doctorId,
  idOf,
  locationId,
  time,
} from '../testing/builders';
import { type FactsParts, factsOf } from '../testing/facts-of';
import type { TimeZone } from '../time/instant';
import { dayPlan } from './day-plan';
import { spans } from './testing/clock';

function plan(parts: FactsParts, from = '2026-11-23 00:00', until = '2026-11-24 00:00') {
  return dayPlan(factsOf({ templates: [aTemplate()], ...parts }), doctorId, at(from), at(until));
}

test('open hours stand whole, with what is taken from them over them', () => {
  const block = anException({ startsAt: time('09:00'), endsAt: time('10:00'), reason: 'Training' });
  const off = aTimeOff({
    startsAt: at('2026-11-23 15:00'),
    endsAt: at('2026-11-25 00:00'),
    reason: 'Conference',
  });
  const found = plan({
    templates: [aTemplate({ breaks: [aBreak('12:00', '12:30')] })],
    exceptions: [block],
    timeOff: [off],
  });
  expect(found.map(({ kind, label }) => [kind, label])).toEqual([
    ['open', ''],
    ['block', 'Training'],
    ['break', 'Lunch'],
    ['time-off', 'Conference'],
  ]);
  expect(spans(found)).toEqual([
    '23 08:00 – 23 16:00',
    '23 09:00 – 23 10:00',
    '23 12:00 – 23 12:30',
    '23 15:00 – 25 00:00',
  ]);
});

test('each span names the record that says so', () => {
  const template = aTemplate();
  const block = anException({ locationId });
  const found = plan({ templates: [template], exceptions: [block] });
  expect(found.map(({ kind, sourceId, locationId: place }) => [kind, sourceId, place])).toEqual([
    ['block', block.id, locationId],
    ['open', template.id, locationId],
  ]);
});

test('hours from the day before that reach into the range are there whole', () => {
  const templates = [aTemplate({ opensAt: time('22:00'), closesAt: time('06:00') })];
  expect(spans(plan({ templates }, '2026-11-24 00:00', '2026-11-25 00:00'))).toEqual(['23 22:00 – 24 06:00']);
});

test('hours that touch are one span, unless they name different rooms', () => {
  const morning = { closesAt: time('12:00') };
  const afternoon = { opensAt: time('12:00') };
  expect(spans(plan({ templates: [aTemplate(morning), aTemplate(afternoon)] }))).toEqual([
    '23 08:00 – 23 16:00',
  ]);
  expect(
    plan({ templates: [aTemplate({ ...morning, roomId: idOf('room', 1) }), aTemplate(afternoon)] }),
  ).toHaveLength(2);
});

test('replaced hours are drawn, not the template’s', () => {
  const exceptions = [
    anException({ kind: 'replace', locationId, startsAt: time('10:00'), endsAt: time('12:00') }),
  ];
  expect(spans(plan({ exceptions }))).toEqual(['23 10:00 – 23 12:00']);
});

test('a block of every place stands once where the clocks agree, and once for each that differs', () => {
  const there = idOf('location', 2);
  const doctors = [aDoctor({ at: [locationId, there] })];
  const parts = { doctors, templates: [], exceptions: [anException()] };
  expect(plan({ ...parts, locations: [aLocation(), aLocation({ id: there })] })).toHaveLength(1);
  expect(
    plan({
      ...parts,
      locations: [aLocation(), aLocation({ id: there, timeZone: 'Europe/London' as TimeZone })],
    }),
  ).toHaveLength(2);
});

test('hours at a place that the doctor has left still show', () => {
  expect(plan({ doctors: [aDoctor({ at: [] })] })).toHaveLength(1);
});

test('time off that is only asked for does not show', () => {
  expect(plan({ templates: [], timeOff: [aTimeOff({ status: 'requested' })] })).toEqual([]);
});

test('a span that only touches the range is not in it', () => {
  expect(plan({ exceptions: [anException({ date: date('2026-11-24') })], templates: [] })).toEqual([]);
});
