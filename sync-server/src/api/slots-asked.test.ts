import { slotsOf } from '@medic/shared/availability/slot-table';
import {
  aHold,
  anAppointment,
  appointmentTypeId,
  aTemplate,
  at,
  date,
  doctorId,
  time,
} from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { type Instant, instant, plusMinutes } from '@medic/shared/time/instant';
import { expect, it } from 'vitest';
import { slotsPage } from './public-pages';
import { slotsAsked } from './slots-asked';

const now = at('2026-11-23 07:00');
const question = {
  appointmentTypeId,
  doctorId: null,
  locationId: null,
  from: date('2026-11-23'),
  until: date('2026-11-25'),
};
type Question = Omit<typeof question, 'doctorId'> & { doctorId: string | null };

function clinic() {
  const weekdays = [1, 2, 3, 4, 5];
  return factsOf({
    templates: weekdays.map((weekday) => aTemplate({ weekday, closesAt: time('10:00'), breaks: [] })),
    holds: [
      aHold({
        startsAt: at('2026-11-23 08:00'),
        endsAt: at('2026-11-23 08:30'),
        reservedFrom: at('2026-11-23 08:00'),
        reservedUntil: at('2026-11-23 08:30'),
        expiresAt: plusMinutes(now, 10),
        holder: 'somebody',
      }),
    ],
  });
}

/** The answer as it is read again, beside the one that is worked out anew. */
function both(
  facts: ReturnType<typeof clinic>,
  seq: number,
  asked: Question = question,
  moment: Instant = now,
  holder: string | null = null,
) {
  const { slots, ...rest } = slotsAsked({ facts, seq }, asked, moment, holder);
  return {
    remembered: { ...rest, slots: slotsOf(slots) },
    anew: slotsPage(facts, asked, moment, { holder }),
  };
}

it('is the page that would be worked out, and is worked out once for all who ask in one second', () => {
  const facts = clinic();
  const { remembered, anew } = both(facts, 1);
  expect(remembered).toEqual(anew);
  expect(remembered.slots.length).toBeGreaterThan(4);
  const first = slotsAsked({ facts, seq: 1 }, question, now, null);
  expect(slotsAsked({ facts, seq: 1 }, { ...question }, instant(now + 999), null)).toBe(first);
});

it('is worked out anew as soon as the clinic’s number has moved, though the facts are the same object', () => {
  const facts = clinic();
  const before = both(facts, 1).remembered.slots.length;
  facts.put('appointment', anAppointment({ startsAt: at('2026-11-23 09:00') }));
  const after = both(facts, 2);
  expect(after.remembered).toEqual(after.anew);
  expect(after.remembered.slots.length).toBe(before - 1);
});

it('is worked out anew in the next second: what ends with time alone has ended', () => {
  const facts = clinic();
  const eight = at('2026-11-23 08:00');
  const early = both(facts, 1);
  expect(early.remembered.slots.some(({ startsAt }) => startsAt === eight)).toBe(false);
  const later = both(facts, 1, question, plusMinutes(now, 10));
  expect(later.remembered).toEqual(later.anew);
  expect(later.remembered.slots.some(({ startsAt }) => startsAt === eight)).toBe(true);
});

it('is nobody else’s: whoever holds a time sees it, and others do not', () => {
  const facts = clinic();
  const [stranger, holder] = [both(facts, 1), both(facts, 1, question, now, 'somebody')];
  expect(stranger.remembered).toEqual(stranger.anew);
  expect(holder.remembered).toEqual(holder.anew);
  expect(holder.remembered.slots.length).toBe(stranger.remembered.slots.length + 1);
});

it('answers what was asked: another range, another doctor, and another clinic with the same number', () => {
  const facts = clinic();
  both(facts, 1);
  for (const asked of [
    { ...question, until: date('2026-11-24') },
    { ...question, from: date('2026-11-24') },
    { ...question, doctorId },
  ]) {
    const { remembered, anew } = both(facts, 1, asked);
    expect(remembered).toEqual(anew);
  }
  const other = both(factsOf(), 1);
  expect(other.remembered).toEqual(other.anew);
  expect(other.remembered.slots).toEqual([]);
});

it('keeps no more than a hundred answers, and goes on answering', () => {
  const facts = clinic();
  for (let n = 0; n < 150; n++) both(facts, 1, question, now, `visitor ${n}`);
  const late = both(facts, 1, question, now, 'somebody');
  expect(late.remembered).toEqual(late.anew);
});
