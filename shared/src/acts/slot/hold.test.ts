import { describe, expect, it } from 'vitest';
import { aClinic, aDoctor, aLocation, anAppointment, aRoom, aTemplate, idOf } from '../../testing/builders';
import { plusMinutes } from '../../time/instant';
import {
  bookAt,
  by,
  clinicOf,
  contextOf,
  decide,
  holdAt,
  must,
  now,
  on,
  reception,
  refusalOf,
  run,
  visitor,
} from '../testing/acting';

const other = { ...visitor, holder: 'visitor-b' };
const third = { ...visitor, holder: 'visitor-c' };
const hold = { holdId: idOf('slotHold', 1) };
const online = {
  givenName: 'Ola',
  familyName: 'Nowa',
  birthDate: null,
  phone: null,
  email: 'ola@example.org',
  language: 'en',
  consentSms: false,
  consentEmail: false,
};
const bookOnline = (clock: string, n = 1) => {
  const { appointmentId, doctorId, locationId, appointmentTypeId, startsAt, notes } = bookAt(clock, n);
  return {
    appointmentId,
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt,
    notes,
    patientId: idOf('patient', 40 + n),
    patient: online,
  };
};

describe('a hold', () => {
  it('keeps the slot with its buffers for ten minutes', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    expect(facts.get('slotHold', hold.holdId)).toMatchObject({
      startsAt: on('10:00'),
      reservedUntil: on('10:35'),
      expiresAt: plusMinutes(now, 10),
      holder: 'visitor-a',
    });
    expect(refusalOf(run(facts, 'appointment.book-online', bookOnline('10:15'), by(other)))).toEqual([
      'slot hold',
    ]);
    expect(
      refusalOf(run(facts, 'appointment.book-online', bookOnline('10:15'), by(other, plusMinutes(now, 10)))),
    ).toBeNull();
  });

  it('is not in the way of its own holder, and goes with the booking', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    must(facts, 'appointment.book-online', bookOnline('10:00'), by(visitor));
    expect(facts.has('slotHold', hold.holdId)).toBe(false);
  });

  it('is one per visitor: the one before goes in the same commit', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    must(facts, 'slot.hold', holdAt('10:15', 2), by(visitor));
    expect([...facts.all('slotHold')].map(({ startsAt }) => startsAt)).toEqual([on('10:15')]);
  });

  it('is refused where the time is taken, with the nearest free ones', () => {
    const facts = clinicOf({ appointments: [anAppointment({ startsAt: on('10:00') })] });
    const decision = decide(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    expect(refusalOf(decision)).toEqual(['slot visit']);
    expect(decision.kind === 'refused' && decision.alternatives.length).toBeGreaterThan(0);
  });

  it('takes one seat of a group', () => {
    const facts = clinicOf({ type: { capacity: 2, slotStepMinutes: 30, bufferAfterMinutes: 0 } });
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    must(facts, 'appointment.book-online', bookOnline('10:00', 1), by(other));
    expect(refusalOf(run(facts, 'appointment.book-online', bookOnline('10:00', 2), by(third)))).toEqual([
      'slot full',
    ]);
    must(facts, 'appointment.book-online', bookOnline('10:00', 2), by(visitor));
  });

  it('tidies away what has ended', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(other));
    must(facts, 'slot.hold', holdAt('12:00', 2), by(visitor, plusMinutes(now, 11)));
    expect([...facts.all('slotHold')].map(({ id }) => id)).toEqual([idOf('slotHold', 2)]);
  });

  it('is for visitors, and for a clinic that takes bookings online', () => {
    expect(refusalOf(decide(clinicOf(), 'slot.hold', holdAt('10:00'), by(reception)))).toEqual([
      'not-allowed',
    ]);
    const closed = clinicOf({
      clinic: aClinic({ rules: { cancelWindowMinutes: 60, country: 'PL', publicBooking: false } }),
    });
    expect(refusalOf(decide(closed, 'slot.hold', holdAt('10:00'), by(visitor)))).toEqual(['not-allowed']);
  });
});

describe('the limit on holds', () => {
  // 08:00 to 16:00 in half hours without buffers: 16 visits, of which three may be held.
  const half = { slotStepMinutes: 30, bufferAfterMinutes: 0 };
  const visitors = ['a', 'b', 'c', 'd'].map((name) => ({ ...visitor, holder: `visitor-${name}` }));

  it('lets visitors hold a fifth of the doctor’s free day', () => {
    const facts = clinicOf({ type: half });
    const answers = visitors.map((who, i) =>
      refusalOf(run(facts, 'slot.hold', holdAt(`${10 + i}:00`, i + 1), by(who))),
    );
    expect(answers).toEqual([null, null, null, ['hold-limit']]);
  });

  it('is reached exactly: of fifteen visits three', () => {
    const facts = clinicOf({ type: half, appointments: [anAppointment({ startsAt: on('08:00') })] });
    const answers = visitors.map((who, i) =>
      refusalOf(run(facts, 'slot.hold', holdAt(`${10 + i}:00`, i + 1), by(who))),
    );
    expect(answers).toEqual([null, null, null, ['hold-limit']]);
  });

  it('measures the day in visits that fit, whatever the grid', () => {
    const facts = clinicOf({ type: { slotStepMinutes: 5, bufferAfterMinutes: 0 } });
    const answers = visitors.map((who, i) =>
      refusalOf(run(facts, 'slot.hold', holdAt(`${10 + i}:05`, i + 1), by(who))),
    );
    expect(answers.at(-1)).toEqual(['hold-limit']);
    expect(answers.slice(0, 3)).toEqual([null, null, null]);
  });

  it('counts neither the visitor’s own hold, nor what has ended, nor another day or doctor', () => {
    const facts = clinicOf({ type: half, doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })] });
    visitors.slice(0, 3).forEach((who, i) => {
      must(facts, 'slot.hold', holdAt(`${10 + i}:00`, i + 1), by(who));
    });
    const fourth = visitors[3] as typeof visitor;
    must(facts, 'slot.hold', holdAt('14:00', 5), by(visitors[0] as typeof visitor));
    must(facts, 'slot.hold', { ...holdAt('10:00', 6), startsAt: plusMinutes(on('10:00'), 1440) }, by(fourth));
    must(facts, 'slot.hold', holdAt('15:00', 7), by(fourth, plusMinutes(now, 10)));
  });

  it('does not count the days after', () => {
    const facts = clinicOf({ type: half });
    visitors.slice(0, 3).forEach((who, i) => {
      const tomorrow = plusMinutes(on(`${10 + i}:00`), 1440);
      must(facts, 'slot.hold', { ...holdAt('10:00', i + 1), startsAt: tomorrow }, by(who));
    });
    must(facts, 'slot.hold', holdAt('10:00', 4), by(visitors[3] as typeof visitor));
  });

  it('always allows one', () => {
    const visits = Array.from({ length: 15 }, (_, i) =>
      anAppointment({ startsAt: plusMinutes(on('08:00'), 30 * i) }),
    );
    const facts = clinicOf({ type: half, appointments: visits });
    must(facts, 'slot.hold', holdAt('15:30'), by(visitor));
    expect([...facts.all('slotHold')]).toHaveLength(1);
  });
});

describe('ten minutes more', () => {
  it('are given three times', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    for (let i = 1; i <= 3; i++) must(facts, 'slot.extend', hold, by(visitor, plusMinutes(now, 10 * i - 2)));
    expect(facts.get('slotHold', hold.holdId)).toMatchObject({
      expiresAt: plusMinutes(now, 40),
      extensions: 3,
    });
    expect(decide(facts, 'slot.extend', hold, by(visitor, plusMinutes(now, 38)))).toMatchObject({
      reasons: [{ code: 'hold-ended', why: 'extended-enough' }],
    });
  });

  it('are not given once it has ended, nor to somebody else', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    const refusal = { reasons: [{ code: 'hold-ended', why: 'expired' }] };
    expect(decide(facts, 'slot.extend', hold, by(visitor, plusMinutes(now, 10)))).toMatchObject(refusal);
    expect(decide(facts, 'slot.extend', hold, by(other))).toMatchObject(refusal);
  });
});

describe('letting go', () => {
  it('frees the slot, twice over without harm, and not for another', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    expect(must(facts, 'slot.release', hold, by(other)).changes).toEqual([]);
    must(facts, 'slot.release', hold, by(visitor));
    expect(must(facts, 'slot.release', hold, by(visitor)).changes).toEqual([]);
    must(facts, 'appointment.book', bookAt('10:00'));
  });
});

describe('staff and a visitor’s hold', () => {
  it('are told of the hold, and go over it when they say so', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    expect(refusalOf(decide(facts, 'appointment.book', bookAt('10:00')))).toEqual(['slot hold']);
    must(facts, 'appointment.book', { ...bookAt('10:00'), overrides: ['hold'] });
    expect(facts.has('slotHold', hold.holdId)).toBe(false);
    expect(refusalOf(run(facts, 'appointment.book-online', bookOnline('10:00', 2), by(visitor)))).toEqual([
      'slot visit',
    ]);
  });

  it('are told of holds where these make a group full, and displace no more than one', () => {
    const facts = clinicOf({ type: { capacity: 2, slotStepMinutes: 30, bufferAfterMinutes: 0 } });
    must(facts, 'slot.hold', holdAt('10:00', 1), by(visitor));
    must(facts, 'slot.hold', holdAt('10:00', 2), by(other, plusMinutes(now, 1)));
    const later = contextOf({ now: plusMinutes(now, 2) });
    expect(refusalOf(decide(facts, 'appointment.book', bookAt('10:00'), later))).toEqual(['slot hold']);
    must(facts, 'appointment.book', { ...bookAt('10:00'), overrides: ['hold'] }, later);
    expect([...facts.all('slotHold')].map(({ id }) => id)).toEqual([idOf('slotHold', 2)]);
  });

  it('do not go over a visit with it', () => {
    const facts = clinicOf({ appointments: [anAppointment({ startsAt: on('10:00') })] });
    expect(refusalOf(decide(facts, 'appointment.book', { ...bookAt('10:00'), overrides: ['hold'] }))).toEqual(
      ['slot visit'],
    );
  });

  it('take a free room before a held one, and the held one when they say so', () => {
    const rooms = [1, 2].map((n) => aRoom({ id: idOf('room', n), name: `Room ${n}`, sortOrder: n }));
    const second = idOf('doctor', 2);
    const facts = clinicOf({
      type: { needsRoom: true },
      locations: [aLocation({ rooms })],
      doctors: [1, 2, 3].map((n) => aDoctor({ id: idOf('doctor', n) })),
      templates: [1, 2, 3].map((n) => aTemplate({ weekday: 2, doctorId: idOf('doctor', n) })),
    });
    must(facts, 'slot.hold', { ...holdAt('10:00'), doctorId: second }, by(visitor));
    must(facts, 'appointment.book', { ...bookAt('10:00'), overrides: ['hold'] });
    expect(facts.get('appointment', idOf('appointment', 1))?.roomId).toBe(idOf('room', 2));
    const third = { ...bookAt('10:00', 2), doctorId: idOf('doctor', 3), patientId: idOf('patient', 2) };
    expect(refusalOf(decide(facts, 'appointment.book', third))).toEqual(['slot hold']);
    must(facts, 'appointment.book', { ...third, overrides: ['hold'] });
    expect([...facts.all('slotHold')]).toEqual([]);
  });

  it('are not kept out by a hold that ended before their booking arrived', () => {
    const facts = clinicOf();
    must(facts, 'slot.hold', holdAt('10:00'), by(visitor));
    const late = contextOf({ madeAt: now, now: plusMinutes(now, 30) });
    expect(refusalOf(decide(facts, 'appointment.book', bookAt('10:00'), late))).toBeNull();
  });
});
