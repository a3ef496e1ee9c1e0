import { describe, expect, it } from 'vitest';
import {
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  aRoom,
  aTemplate,
  at,
  doctorId,
  idOf,
  locationId,
} from '../../testing/builders';
import { plusMinutes } from '../../time/instant';
import {
  bookAt,
  by,
  clinicOf,
  contextOf,
  decide,
  doctor,
  must,
  now,
  on,
  patient,
  reception,
  refusalOf,
  run,
  visitOf,
} from '../testing/acting';

const visit = anAppointment({ startsAt: on('10:00'), id: idOf('appointment', 1), buffers: [0, 5] });
const args = { appointmentId: visit.id };
const move = (clock: string) => ({
  ...args,
  doctorId,
  locationId,
  startsAt: on(clock),
  durationMinutes: null,
});
const saying = { ...args, reason: 'x' };

describe('the steps of the day', () => {
  it('go from booked to fulfilled one by one, each undone in turn', () => {
    const facts = clinicOf({ appointments: [visit] });
    for (const step of ['arrive', 'start', 'complete', 'undo', 'undo', 'undo'] as const)
      must(facts, `appointment.${step}`, args);
    expect(visitOf(facts)).toMatchObject({ status: 'booked', sequence: 0 });
    expect(visitOf(facts).events).toHaveLength(6);
  });

  it('refuse what the table does not allow', () => {
    expect(run(clinicOf({ appointments: [visit] }), 'appointment.complete', args)).toMatchObject({
      reasons: [{ code: 'status', from: 'booked', to: 'fulfilled' }],
    });
  });

  it('let a no-show be taken back while the slot is free', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.noshow', args);
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts).status).toBe('booked');
  });
});

it('who comes after all, once somebody else has the slot, is told of it with other times', () => {
  const facts = clinicOf({ appointments: [visit] });
  must(facts, 'appointment.noshow', args);
  must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
  const late = run(facts, 'appointment.arrive', args);
  expect(refusalOf(late)).toEqual(['slot visit']);
  expect(late).toMatchObject({ alternatives: [{}, {}, {}] });
  must(facts, 'appointment.cancel', { ...saying, appointmentId: idOf('appointment', 2) });
  must(facts, 'appointment.arrive', args);
  expect(visitOf(facts).status).toBe('arrived');
});

describe('undo of a cancellation', () => {
  it('works while the slot is free, and not afterwards', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.cancel', saying);
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts)).toMatchObject({ status: 'booked', cancelReason: '', sequence: 2 });
    must(facts, 'appointment.cancel', saying);
    must(facts, 'appointment.book', bookAt('10:00', 2));
    const tooLate = run(facts, 'appointment.undo', args);
    expect(refusalOf(tooLate)).toEqual(['slot visit']);
    expect(tooLate.kind === 'refused' && tooLate.alternatives.length).toBeGreaterThan(0);
  });

  it('sends nothing while the message waits, and says that the visit stands once it was sent', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.cancel', saying);
    expect(
      must(facts, 'appointment.undo', args, contextOf({ now: plusMinutes(now, 2) })).notifications,
    ).toEqual([]);
    must(facts, 'appointment.cancel', saying);
    const late = must(facts, 'appointment.undo', args, contextOf({ now: plusMinutes(now, 5) }));
    expect(late.notifications[0]).toMatchObject({ kind: 'confirmed', sequence: 4 });
  });

  it('tells the patient whose own doing it was at once', () => {
    const ahead = { ...visit, startsAt: at('2026-11-26 10:00'), endsAt: at('2026-11-26 10:30') };
    const facts = clinicOf({
      appointments: [{ ...ahead, reservedFrom: ahead.startsAt, reservedUntil: ahead.endsAt }],
    });
    must(facts, 'appointment.cancel', { ...args, reason: '' }, by(patient));
    expect(must(facts, 'appointment.undo', args).notifications).not.toEqual([]);
    expect(refusalOf(run(facts, 'appointment.undo', args, by(patient)))).toEqual(['not-allowed']);
  });

  it('takes the seat that is free now', () => {
    const facts = clinicOf({ type: { capacity: 2, slotStepMinutes: 30 } });
    must(facts, 'appointment.book', bookAt('10:00', 1));
    must(facts, 'appointment.cancel', saying);
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
    must(facts, 'appointment.undo', args);
    expect([1, 2].map((n) => visitOf(facts, n).seat)).toEqual([2, 1]);
  });
});

describe('undo of a move', () => {
  it('puts the visit back where it was, with its room, buffers and confirmation', () => {
    const facts = clinicOf({ appointments: [{ ...visit, confirmedAt: now }] });
    must(facts, 'appointment.reschedule', move('12:00'));
    const { notifications } = must(facts, 'appointment.undo', args);
    const { seq, events, sequence, ...back } = visitOf(facts);
    expect(back).toMatchObject({
      startsAt: visit.startsAt,
      endsAt: visit.endsAt,
      reservedUntil: visit.reservedUntil,
      confirmedAt: now,
    });
    expect([seq, events.length, sequence, notifications.length]).toEqual([1, 2, 2, 0]);
  });

  it('is refused where somebody else has the old time', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.reschedule', move('12:00'));
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
    expect(refusalOf(run(facts, 'appointment.undo', args))).toEqual(['slot visit']);
    expect(visitOf(facts).startsAt).toBe(on('12:00'));
  });

  it('takes back the last move only, and then the one before', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.reschedule', move('12:00'));
    must(facts, 'appointment.reschedule', move('13:00'));
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts).startsAt).toBe(on('12:00'));
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts).startsAt).toBe(on('10:00'));
    expect(refusalOf(run(facts, 'appointment.undo', args))).toEqual(['status']);
  });

  it('does not skip what came after it', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.reschedule', move('12:00'));
    must(facts, 'appointment.arrive', args);
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts)).toMatchObject({ status: 'booked', startsAt: on('12:00') });
  });

  it('tells the patient once the message of the move was sent', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.reschedule', move('12:00'));
    const late = decide(facts, 'appointment.undo', args, contextOf({ now: plusMinutes(now, 3) }));
    expect(late.kind === 'done' && late.notifications[0]).toMatchObject({ kind: 'moved', sequence: 2 });
  });

  it('from one doctor to another is for who runs both agendas', () => {
    const second = idOf('doctor', 2);
    const facts = clinicOf({
      doctors: [aDoctor({ id: second }), aDoctor()],
      appointments: [{ ...visit, doctorId: second }],
    });
    must(facts, 'appointment.reschedule', move('12:00'));
    expect(refusalOf(run(facts, 'appointment.undo', args, by(doctor)))).toEqual(['not-allowed']);
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts).doctorId).toBe(second);
  });
});

describe('undo of an answer', () => {
  it('makes what was accepted or declined wait again', () => {
    for (const [act, doIt] of [
      ['accept', args],
      ['decline', saying],
    ] as const) {
      const facts = clinicOf({ appointments: [{ ...visit, status: 'pending' }] });
      if (act === 'accept') must(facts, 'appointment.accept', doIt);
      else must(facts, 'appointment.decline', saying);
      must(facts, 'appointment.undo', args);
      expect(visitOf(facts)).toMatchObject({ status: 'pending', cancelReason: '' });
    }
  });

  it('takes another seat of the group where its own is taken, though the time is past by now', () => {
    const facts = clinicOf({ type: { capacity: 3 } });
    must(facts, 'appointment.book', bookAt('10:00'));
    must(facts, 'appointment.cancel', saying);
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
    expect(visitOf(facts, 2).seat).toBe(1);
    must(facts, 'appointment.undo', args, contextOf({ now: on('10:05') }));
    expect(visitOf(facts)).toMatchObject({ status: 'booked', seat: 2 });
  });

  it('gives up the time of a suggestion that was accepted', () => {
    const facts = clinicOf();
    must(facts, 'appointment.propose', bookAt('10:00'));
    must(facts, 'appointment.accept', args);
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts).status).toBe('proposed');
    must(facts, 'appointment.book', { ...bookAt('10:00', 2), patientId: idOf('patient', 2) });
  });

  it('forgets that the patient comes', () => {
    const facts = clinicOf({ appointments: [visit] });
    must(facts, 'appointment.confirm', args);
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts)).toMatchObject({ confirmedAt: null, status: 'booked', sequence: 0 });
  });

  it('restores a booked visit that its patient’s move had made a request', () => {
    const ahead = anAppointment({ startsAt: at('2026-11-26 10:00'), id: visit.id });
    const facts = clinicOf({ type: { needsAccepting: true }, appointments: [ahead] });
    must(
      facts,
      'appointment.reschedule',
      { ...move('10:00'), startsAt: at('2026-11-26 12:00') },
      by(patient),
    );
    must(facts, 'appointment.undo', args);
    expect(visitOf(facts)).toMatchObject({ status: 'booked', startsAt: ahead.startsAt });
  });
});

describe('undo of what the patient has heard', () => {
  const harbour = aLocation({ id: idOf('location', 2), name: 'Harbour' });
  const both = { at: [locationId, harbour.id] };
  const weekdays = [1, 2, 3, 4, 5, 6, 7];
  const parts = {
    appointments: [visit],
    locations: [aLocation(), harbour],
    doctors: [aDoctor(both)],
    type: anAppointmentType({ ...both, slotStepMinutes: 15, bufferAfterMinutes: 5 }),
    templates: [locationId, harbour.id].flatMap((place) =>
      weekdays.map((weekday) => aTemplate({ weekday, locationId: place })),
    ),
  };
  const later = by(reception, plusMinutes(now, 10));
  const soon = by(reception, plusMinutes(now, 1));

  it.each([
    ['another place', { ...move('10:00'), locationId: harbour.id }],
    ['another length', { ...move('10:00'), durationMinutes: 60 }],
    ['another time', move('11:00')],
  ])('tells of the way back from %s, and the calendar’s SEQUENCE rises', (_, to) => {
    const facts = clinicOf(parts);
    must(facts, 'appointment.reschedule', to);
    const back = must(facts, 'appointment.undo', args, later);
    expect(visitOf(facts)).toMatchObject({
      locationId,
      startsAt: visit.startsAt,
      endsAt: visit.endsAt,
      sequence: 2,
    });
    expect(back.notifications.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['moved', 2],
      ['moved', 2],
    ]);
  });

  it('tells nothing within the minutes in which the move itself is not told', () => {
    const facts = clinicOf(parts);
    must(facts, 'appointment.reschedule', { ...move('10:00'), locationId: harbour.id });
    expect(must(facts, 'appointment.undo', args, soon).notifications).toEqual([]);
  });
});

it('what was undone offline is not kept out by a hold that has ended since', () => {
  const hold = aHold({
    startsAt: on('10:00'),
    reservedFrom: on('10:00'),
    reservedUntil: on('10:35'),
    expiresAt: plusMinutes(now, 5),
  });
  const facts = clinicOf({ appointments: [visit], holds: [hold] });
  must(facts, 'appointment.cancel', saying);
  expect(refusalOf(decide(facts, 'appointment.undo', args))).toEqual(['slot hold']);
  // Made while the hold was there, decided when it was over.
  must(facts, 'appointment.undo', args, contextOf({ now: plusMinutes(now, 6), madeAt: now }));
});

it('the timeline tells that accepting a suggestion gave it another room, and undo gives the first one back', () => {
  const rooms = [1, 2].map((n) => aRoom({ id: idOf('room', n), sortOrder: n }));
  const facts = clinicOf({ locations: [aLocation({ rooms })], type: { needsRoom: true } });
  must(facts, 'appointment.propose', { ...bookAt('10:00'), roomId: idOf('room', 2) });
  expect(visitOf(facts).roomId).toBe(idOf('room', 2));
  must(facts, 'appointment.accept', args);
  expect(visitOf(facts).roomId).toBe(idOf('room', 1));
  expect(visitOf(facts).events.at(-1)?.changed).toEqual({ roomId: [idOf('room', 2), idOf('room', 1)] });
  must(facts, 'appointment.undo', args);
  expect(visitOf(facts)).toMatchObject({ status: 'proposed', roomId: idOf('room', 2) });
});

it('a visit’s making is not undone', () => {
  const facts = clinicOf();
  must(facts, 'appointment.book', bookAt('10:00'));
  expect(refusalOf(run(facts, 'appointment.undo', args))).toEqual(['status']);
});
