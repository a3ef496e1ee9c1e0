import { describe, expect, it } from 'vitest';
import type { WaitlistEntry } from '../../model/waitlist';
import {
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anOffer,
  appointmentTypeId,
  aTemplate,
  at,
  aWaitlistEntry,
  date,
  doctorId,
  idOf,
  locationId,
  patientId,
  time,
} from '../../testing/builders';
import { localTime } from '../../time/zone';
import { clinicOf, now } from '../testing/acting';
import { byUrgency, entriesFor, entriesMetBy, slotsFor } from './matches';

const other = idOf('patient', 2);
const third = idOf('patient', 3);
/** Tuesday at ten. */
const freed = { doctorId, locationId, startsAt: at('2026-11-24 10:00') };

function entry(n: number, overrides: Partial<WaitlistEntry> = {}): WaitlistEntry {
  return aWaitlistEntry({ id: idOf('waitlistEntry', n), createdAt: at(`2026-11-0${n} 09:00`), ...overrides });
}

function matched(
  waitlist: WaitlistEntry[],
  parts: Parameters<typeof clinicOf>[0] = {},
  slot = freed,
): number[] {
  return entriesFor(clinicOf({ ...parts, waitlist }), slot, now).map(({ entry: { id } }) =>
    Number.parseInt(id.slice(-2), 16),
  );
}

describe('whom a freed time suits', () => {
  it('urgent first, then the oldest entry', () => {
    expect(
      matched([
        entry(4),
        entry(3, { urgency: 'soon' }),
        entry(2),
        entry(5, { urgency: 'urgent' }),
        entry(1, { urgency: 'soon' }),
      ]),
    ).toEqual([5, 1, 3, 2, 4]);
    expect([entry(1), entry(2, { createdAt: entry(1).createdAt })].sort(byUrgency)[0]?.id).toBe(entry(1).id);
  });

  it.each<[string, Partial<WaitlistEntry>, boolean]>([
    ['the doctor among those asked for', { doctorIds: [idOf('doctor', 2), doctorId] }, true],
    ['another doctor', { doctorIds: [idOf('doctor', 2)] }, false],
    ['the place', { locationIds: [locationId] }, true],
    ['another place', { locationIds: [idOf('location', 2)] }, false],
    ['the weekday', { weekdays: [1, 2] }, true],
    ['another weekday', { weekdays: [1, 3] }, false],
    ['the part of the day', { partsOfDay: ['morning'] }, true],
    ['another part of the day', { partsOfDay: ['afternoon', 'evening'] }, false],
    ['the first date of the range', { earliestOn: date('2026-11-24') }, true],
    ['a range that begins later', { earliestOn: date('2026-11-25') }, false],
    ['the last date of the range', { latestOn: date('2026-11-24') }, true],
    ['a range that has ended', { latestOn: date('2026-11-23') }, false],
    ['an entry that is closed', { status: 'closed' }, false],
    ['an entry that led to a visit', { status: 'booked' }, false],
    [
      'an entry with an offer of another time',
      { status: 'offered', offers: [anOffer({ startsAt: at('2026-11-25 10:00') })] },
      true,
    ],
    [
      'one who was asked already',
      { status: 'offered', offers: [anOffer({ startsAt: freed.startsAt })] },
      false,
    ],
    ['one who declined it', { offers: [anOffer({ startsAt: freed.startsAt, status: 'declined' })] }, false],
    [
      'one whose offer was withdrawn',
      { offers: [anOffer({ startsAt: freed.startsAt, status: 'withdrawn' })] },
      true,
    ],
  ])('%s', (_name, overrides, suits) => {
    expect(matched([entry(1, overrides)])).toEqual(suits ? [1] : []);
  });

  it('weekday and part of the day are those of the place’s clock', () => {
    const kiritimati = aLocation({ timeZone: 'Pacific/Kiritimati' as never });
    const slot = { ...freed, startsAt: at('2026-11-24 10:00', 'Pacific/Kiritimati' as never) };
    // It is Monday evening in UTC.
    const parts = { locations: [kiritimati] };
    const facts = clinicOf({ ...parts, waitlist: [entry(1, { weekdays: [2], partsOfDay: ['morning'] })] });
    expect(entriesFor(facts, slot, at('2026-11-23 07:00'))).toHaveLength(1);
  });

  it('only for whom it can really be booked: taken, held, closed or past it suits nobody', () => {
    const waits = [entry(1)];
    expect(matched(waits, { appointments: [anAppointment({ startsAt: at('2026-11-24 10:15') })] })).toEqual(
      [],
    );
    expect(matched(waits, { holds: [aHold({ startsAt: at('2026-11-24 10:00') })] })).toEqual([]);
    expect(matched(waits, {}, { ...freed, startsAt: at('2026-11-24 16:00') })).toEqual([]);
    expect(matched(waits, {}, { ...freed, startsAt: at('2026-11-23 10:00') })).toEqual([]);
  });

  it('each with their own kind of visit, as long as it takes', () => {
    const long = idOf('appointmentType', 2);
    const parts = {
      types: [anAppointmentType({ id: long, durationMinutes: 60, slotStepMinutes: 15 })],
      appointments: [anAppointment({ startsAt: at('2026-11-24 10:35') })],
    };
    const waits = [entry(1, { appointmentTypeId: long }), entry(2)];
    expect(matched(waits, parts)).toEqual([2]);
    expect(matched(waits, { types: parts.types })).toEqual([1, 2]);
    const facts = clinicOf({ types: parts.types, waitlist: waits });
    expect(
      entriesFor(facts, { ...freed, appointmentTypeId: long }, now).map(({ slot }) => slot.endsAt),
    ).toEqual([at('2026-11-24 11:00')]);
  });

  it('not those who have another visit then, with whatever doctor', () => {
    const parts = {
      doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })],
      appointments: [
        anAppointment({ doctorId: idOf('doctor', 2), startsAt: at('2026-11-24 10:15') }),
        anAppointment({ doctorId: idOf('doctor', 2), startsAt: at('2026-11-24 10:30'), patientId: other }),
        anAppointment({
          doctorId: idOf('doctor', 2),
          startsAt: at('2026-11-24 10:00'),
          patientId: third,
          status: 'cancelled',
        }),
      ],
    };
    expect(
      matched(
        [entry(1, { patientId }), entry(2, { patientId: other }), entry(3, { patientId: third })],
        parts,
      ),
    ).toEqual([2, 3]);
  });

  it('everybody while a group has a seat', () => {
    const parts = {
      type: { capacity: 2 },
      appointments: [
        anAppointment({ startsAt: freed.startsAt, capacity: 2, patientId: other, buffers: [0, 5] as const }),
      ],
    };
    expect(matched([entry(1), entry(2, { patientId: third })], parts)).toEqual([1, 2]);
  });
});

describe('free times for an entry', () => {
  const found = (wishes: Partial<WaitlistEntry>, parts: Parameters<typeof clinicOf>[0] = {}, limit = 3) =>
    slotsFor(clinicOf(parts), entry(1, wishes), { now, limit }).map(({ startsAt }) => {
      const local = localTime(startsAt, 'Europe/Warsaw' as never);
      return `${local.date.slice(5)} ${local.time}`;
    });

  it('the earliest that suit, in order', () => {
    expect(found({})).toEqual(['11-24 08:00', '11-24 08:15', '11-24 08:30']);
    expect(found({ weekdays: [4], partsOfDay: ['afternoon'] })).toEqual([
      '11-26 12:00',
      '11-26 12:15',
      '11-26 12:30',
    ]);
  });

  it('within the dates of the entry, both included', () => {
    expect(found({ earliestOn: date('2026-12-01') }, {}, 1)).toEqual(['12-01 08:00']);
    expect(found({ latestOn: date('2026-11-24') }, {}, 100).at(-1)).toBe('11-24 15:30');
    expect(found({ latestOn: date('2026-11-23') })).toEqual([]);
  });

  it('goes past what the patient was asked about, or cannot come to, however much it is', () => {
    const offers = ['08:00', '08:15', '08:30', '08:45', '09:00', '09:15'].map((clock) =>
      anOffer({ startsAt: at(`2026-11-24 ${clock}`), status: 'declined' }),
    );
    const busy = anAppointment({
      doctorId: idOf('doctor', 2),
      startsAt: at('2026-11-24 09:45'),
      endsAt: at('2026-11-24 12:00'),
    });
    const parts = { doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })], appointments: [busy] };
    expect(found({ offers }, parts, 2)).toEqual(['11-24 12:00', '11-24 12:15']);
  });

  it('at every place that suits, by time', () => {
    const there = idOf('location', 2);
    const parts = {
      doctors: [aDoctor({ at: [locationId, there] })],
      locations: [aLocation(), aLocation({ id: there })],
      type: { places: anAppointmentType({ at: [locationId, there] }).places },
      templates: [
        aTemplate({ weekday: 2, opensAt: time('14:00'), closesAt: time('14:45') }),
        aTemplate({ weekday: 2, locationId: there, opensAt: time('09:00'), closesAt: time('09:45') }),
      ],
    };
    expect(found({}, parts, 3)).toEqual(['11-24 09:00', '11-24 09:15', '11-24 14:00']);
    expect(found({ locationIds: [locationId] }, parts, 1)).toEqual(['11-24 14:00']);
  });

  it('none for an entry that is over', () => {
    expect(found({ status: 'closed' })).toEqual([]);
    expect(found({}, {}, 0)).toEqual([]);
  });

  it('finds the entry for each of them', () => {
    const waits = entry(1, { weekdays: [3], partsOfDay: ['afternoon'], latestOn: date('2026-12-09') });
    const facts = clinicOf({ waitlist: [waits] });
    const slots = slotsFor(facts, waits, { now, limit: 40 });
    expect(slots.length).toBe(40);
    for (const slot of slots)
      expect(entriesFor(facts, slot, now).map((match) => match.entry.id)).toEqual([waits.id]);
  });
});

it('suggests closing what a visit of the same kind has met, and closes nothing itself', () => {
  const waits = [
    entry(1),
    entry(2, { appointmentTypeId: idOf('appointmentType', 2) }),
    entry(3, { patientId: other }),
    entry(4, { status: 'closed' }),
  ];
  const facts = clinicOf({ waitlist: waits });
  const visit = { patientId, appointmentTypeId, status: 'booked' as const };
  expect(entriesMetBy(facts, visit).map(({ id }) => id)).toEqual([idOf('waitlistEntry', 1)]);
  expect(entriesMetBy(facts, { ...visit, status: 'cancelled' })).toEqual([]);
});
