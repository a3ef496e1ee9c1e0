import { anAppointment, anOffer, at, aWaitlistEntry, idOf } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { hourMs, type Instant } from '@medic/shared/time/instant';
import { describe, expect, test } from 'vitest';
import {
  bookedBy,
  cancelledLately,
  entriesShown,
  expiriesFor,
  freedBy,
  usualExpiry,
  viewOf,
} from './waitlist-model';

const now = at('2026-11-24 09:00');
const anything = { appointmentTypeId: null, doctorId: null, locationId: null };

describe('the waitlist’s order', () => {
  test('urgent comes first, then who has waited longest', () => {
    const waitlist = [
      aWaitlistEntry({ id: idOf('waitlistEntry', 1), createdAt: at('2026-11-20 09:00') }),
      aWaitlistEntry({ id: idOf('waitlistEntry', 2), createdAt: at('2026-11-10 09:00') }),
      aWaitlistEntry({ id: idOf('waitlistEntry', 3), createdAt: at('2026-11-23 09:00'), urgency: 'urgent' }),
    ];
    const shown = entriesShown(factsOf({ waitlist }), { view: 'waiting', ...anything }, now);
    expect(shown.map((entry) => entry.id)).toEqual([3, 2, 1].map((n) => idOf('waitlistEntry', n)));
  });

  test('who takes any doctor is found under each doctor', () => {
    const waitlist = [
      aWaitlistEntry({ id: idOf('waitlistEntry', 1), doctorIds: [] }),
      aWaitlistEntry({ id: idOf('waitlistEntry', 2), doctorIds: [idOf('doctor', 2)] }),
    ];
    const filter = { view: 'waiting' as const, ...anything, doctorId: idOf('doctor', 1) };
    expect(entriesShown(factsOf({ waitlist }), filter, now).map((entry) => entry.id)).toEqual([
      idOf('waitlistEntry', 1),
    ]);
  });

  test('an entry whose offer ended by the clock is among the waiting, whatever its record says', () => {
    const entry = aWaitlistEntry({
      status: 'offered',
      offers: [anOffer({ status: 'open', expiresAt: at('2026-11-24 09:00') })],
    });
    expect(viewOf(entry, at('2026-11-24 08:59'))).toBe('offered');
    expect(viewOf(entry, now)).toBe('waiting');
  });
});

describe('times that come free', () => {
  const visit = anAppointment({ id: idOf('appointment', 1), startsAt: at('2026-11-25 10:00') });
  const before = factsOf({ appointments: [visit] });
  const freed = { doctorId: visit.doctorId, locationId: visit.locationId, startsAt: visit.startsAt };

  test('a cancelled visit and a moved one give their time back', () => {
    const cancelled = { ...visit, status: 'cancelled' as const };
    expect(freedBy([{ kind: 'appointment', record: cancelled }], before, now)).toEqual([freed]);
    const moved = { ...visit, startsAt: at('2026-11-25 11:00'), endsAt: at('2026-11-25 11:30') };
    expect(freedBy([{ kind: 'appointment', record: moved }], before, now)).toEqual([freed]);
  });

  test('an arrived visit, a new one and one that is over give nothing back', () => {
    const arrived = { ...visit, status: 'arrived' as const };
    expect(freedBy([{ kind: 'appointment', record: arrived }], before, now)).toEqual([]);
    const booked = anAppointment({ id: idOf('appointment', 2) });
    expect(freedBy([{ kind: 'appointment', record: booked }], before, now)).toEqual([]);
    const late = { ...visit, status: 'cancelled' as const };
    expect(freedBy([{ kind: 'appointment', record: late }], before, at('2026-11-25 10:01'))).toEqual([]);
  });

  test('a new visit is one that was booked, a changed one is not', () => {
    const booked = anAppointment({ id: idOf('appointment', 2) });
    expect(bookedBy([{ kind: 'appointment', record: booked }], before)).toBe(booked.id);
    expect(bookedBy([{ kind: 'appointment', record: visit }], before)).toBeNull();
  });

  test('what was cancelled within a day is found, by whomever it was', () => {
    const cancelled = (n: number, statusChangedAt: Instant) =>
      anAppointment({
        id: idOf('appointment', n),
        startsAt: at(`2026-11-25 1${n}:00`),
        status: 'cancelled',
        statusChangedAt,
      });
    const facts = factsOf({
      appointments: [
        cancelled(1, at('2026-11-22 09:00')),
        cancelled(2, at('2026-11-24 07:00')),
        cancelled(3, at('2026-11-24 08:00')),
      ],
    });
    expect(cancelledLately(facts, now).map((time) => time.startsAt)).toEqual([
      at('2026-11-25 13:00'),
      at('2026-11-25 12:00'),
    ]);
  });
});

describe('how long an offer stays open', () => {
  test('never beyond the visit’s start', () => {
    const startsAt = (now + 90 * 60_000) as Instant;
    expect(expiriesFor(startsAt, now).map(({ label }) => label)).toEqual([
      '30 minutes',
      '1 hour',
      'until it begins',
    ]);
    expect(usualExpiry(startsAt, now).label).toBe('1 hour');
    expect(usualExpiry((now + 10 * 60_000) as Instant, now).label).toBe('until it begins');
  });

  test('two hours for tomorrow, a day for next week', () => {
    expect(usualExpiry((now + 24 * hourMs) as Instant, now).label).toBe('2 hours');
    expect(usualExpiry((now + 7 * 24 * hourMs) as Instant, now).label).toBe('1 day');
  });
});
