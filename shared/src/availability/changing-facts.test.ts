/** What changes in the facts is in the next answer: nothing that was read before may outlive it. */
import { describe, expect, test } from 'vitest';
import type { Facts } from '../acts/facts';
import {
  aBusyTime,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  appointmentTypeId,
  aTemplate,
  aTimeOff,
  at,
  date,
  idOf,
  time,
} from '../testing/builders';
import { factsOf } from '../testing/facts-of';
import type { TimeZone } from '../time/instant';
import { findSlots } from './find-slots';
import { clocks } from './testing/clock';
import { now } from './testing/monday';

const forenoon = aTemplate({ id: idOf('scheduleTemplate', 1), closesAt: time('10:00') });
const block = anException({ id: idOf('availabilityException', 1) });
const off = aTimeOff({ id: idOf('timeOffRequest', 1) });

/** The Monday's starts, by the clock of Warsaw. */
function monday(facts: Facts): string {
  return clocks(
    findSlots(facts, {
      doctorIds: [],
      appointmentTypeId,
      from: date('2026-11-23'),
      until: date('2026-11-24'),
      channel: 'desk',
      now,
    }),
  );
}

const changes: [what: string, change: (facts: Facts) => void, expected: string][] = [
  [
    'other hours',
    (facts) => facts.put('scheduleTemplate', { ...forenoon, closesAt: time('09:00') }),
    '08:00 08:30',
  ],
  [
    'more hours',
    (facts) => facts.put('scheduleTemplate', aTemplate({ opensAt: time('15:00') })),
    '08:00 08:30 09:00 09:30 15:00 15:30',
  ],
  ['a deleted plan', (facts) => facts.put('scheduleTemplate', { ...forenoon, deleted: true }), ''],
  ['a block', (facts) => facts.put('availabilityException', block), ''],
  [
    'a closure of the clinic',
    (facts) => facts.put('availabilityException', anException({ kind: 'closure' })),
    '',
  ],
  ['time off', (facts) => facts.put('timeOffRequest', off), ''],
  [
    'another zone',
    (facts) => facts.put('location', aLocation({ timeZone: 'Europe/London' as TimeZone })),
    '09:00 09:30 10:00 10:30',
  ],
  ['a place that closes', (facts) => facts.put('location', aLocation({ active: false })), ''],
  ['a doctor who leaves', (facts) => facts.put('doctor', aDoctor({ at: [] })), ''],
  [
    'another step',
    (facts) => facts.put('appointmentType', anAppointmentType({ slotStepMinutes: 60 })),
    '08:00 09:00',
  ],
  ['a visit', (facts) => facts.put('appointment', anAppointment()), '08:00 08:30 09:30'],
  ['a hold', (facts) => facts.put('slotHold', aHold()), '08:00 08:30 09:30'],
  ['a busy time elsewhere', (facts) => facts.put('externalBusyTime', aBusyTime()), '08:00 08:30'],
];

const unchanged = '08:00 08:30 09:00 09:30';

describe('a change', () => {
  test.each(changes)('%s', (_, change, expected) => {
    const facts = factsOf({ templates: [forenoon] });
    expect(monday(facts)).toBe(unchanged);
    change(facts);
    expect(monday(facts)).toBe(expected);
  });
});

describe('a change in a layer is seen there only', () => {
  test.each(changes)('%s', (_, change, expected) => {
    const facts = factsOf({ templates: [forenoon] });
    const layer = facts.layer();
    expect([monday(facts), monday(layer)]).toEqual([unchanged, unchanged]);
    change(layer);
    expect([monday(facts), monday(layer)]).toEqual([unchanged, expected]);
  });
});

describe('a change below a layer is seen through it', () => {
  test.each(changes)('%s', (_, change, expected) => {
    const facts = factsOf({ templates: [forenoon] });
    const layer = facts.layer().layer();
    expect(monday(layer)).toBe(unchanged);
    change(facts);
    expect(monday(layer)).toBe(expected);
  });
  test('also where the layer changed something of its own before', () => {
    const facts = factsOf({ templates: [forenoon] });
    const layer = facts.layer();
    layer.put('availabilityException', anException({ startsAt: time('08:00'), endsAt: time('08:30') }));
    expect(monday(layer)).toBe('08:30 09:00 09:30');
    facts.put('scheduleTemplate', { ...forenoon, closesAt: time('09:00') });
    expect(monday(layer)).toBe('08:30');
  });
});

describe('what is taken back is as if it had never been', () => {
  test('a block that is deleted', () => {
    const facts = factsOf({ templates: [forenoon], exceptions: [block] });
    expect(monday(facts)).toBe('');
    facts.put('availabilityException', { ...block, deleted: true });
    expect(monday(facts)).toBe(unchanged);
  });
  test('time off that is withdrawn', () => {
    const facts = factsOf({ templates: [forenoon], timeOff: [off] });
    expect(monday(facts)).toBe('');
    facts.put('timeOffRequest', { ...off, status: 'withdrawn' });
    expect(monday(facts)).toBe(unchanged);
  });
  test('a layer’s own change that it forgets', () => {
    const facts = factsOf({ templates: [forenoon] });
    const layer = facts.layer();
    layer.put('availabilityException', block);
    expect(monday(layer)).toBe('');
    layer.forget('availabilityException', block.id);
    expect(monday(layer)).toBe(unchanged);
  });
  test('a visit that is cancelled, first in a layer and then below it', () => {
    const visit = anAppointment({ id: idOf('appointment', 1) });
    const facts = factsOf({ templates: [forenoon], appointments: [visit] });
    const layer = facts.layer();
    layer.put('appointment', { ...visit, status: 'cancelled' });
    expect([monday(facts), monday(layer)]).toEqual(['08:00 08:30 09:30', unchanged]);
    facts.put('appointment', { ...visit, status: 'cancelled' });
    layer.forget('appointment', visit.id);
    expect([monday(facts), monday(layer)]).toEqual([unchanged, unchanged]);
  });
  test('a visit that moves in a layer is there once', () => {
    const visit = anAppointment({ id: idOf('appointment', 1) });
    const layer = factsOf({ templates: [forenoon], appointments: [visit] }).layer();
    layer.put('appointment', anAppointment({ id: visit.id, startsAt: at('2026-11-23 08:00') }));
    expect(monday(layer)).toBe('08:30 09:00 09:30');
  });
  test('a visit that moves to another doctor', () => {
    const visit = anAppointment({ id: idOf('appointment', 1) });
    const facts = factsOf({ templates: [forenoon], appointments: [visit] });
    expect(monday(facts)).toBe('08:00 08:30 09:30');
    facts.put('appointment', { ...visit, doctorId: idOf('doctor', 2) });
    expect(monday(facts)).toBe(unchanged);
  });
  test('a visit that moves', () => {
    const visit = anAppointment({ id: idOf('appointment', 1) });
    const facts = factsOf({ templates: [forenoon], appointments: [visit] });
    expect(monday(facts)).toBe('08:00 08:30 09:30');
    facts.put('appointment', anAppointment({ id: visit.id, startsAt: at('2026-11-23 08:00') }));
    expect(monday(facts)).toBe('08:30 09:00 09:30');
  });
});

test('a plan that was refused is answered once it is mended', () => {
  const facts = factsOf({ templates: [{ ...forenoon, weekday: 8 }] });
  expect(() => monday(facts)).toThrow(/weekday 8/);
  expect(() => monday(facts)).toThrow(/weekday 8/);
  facts.put('scheduleTemplate', forenoon);
  expect(monday(facts)).toBe(unchanged);
});

test('a visit that was refused changes nothing, and may come again mended', () => {
  const visit = anAppointment({ id: idOf('appointment', 1) });
  const facts = factsOf({ templates: [forenoon], appointments: [visit] });
  expect(() => facts.put('appointment', { ...visit, reservedUntil: at('2026-11-20 09:00') })).toThrow(
    visit.id,
  );
  expect(monday(facts)).toBe('08:00 08:30 09:30');
  facts.put('appointment', anAppointment({ id: visit.id, startsAt: at('2026-11-23 08:00') }));
  expect(monday(facts)).toBe('08:30 09:00 09:30');
});

test('two facts about one doctor and place do not meet', () => {
  const early = factsOf({ templates: [forenoon] });
  const late = factsOf({ templates: [{ ...forenoon, opensAt: time('09:00') }] });
  expect([monday(early), monday(late), monday(early)]).toEqual([unchanged, '09:00 09:30', unchanged]);
});

test('a second visit on a day that was asked about takes its time', () => {
  const facts = factsOf({ templates: [forenoon], appointments: [anAppointment()] });
  expect(monday(facts)).toBe('08:00 08:30 09:30');
  facts.put('appointment', anAppointment({ id: idOf('appointment', 2), startsAt: at('2026-11-23 08:00') }));
  expect(monday(facts)).toBe('08:30 09:30');
});
