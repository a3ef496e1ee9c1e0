import type { Appointment, AppointmentEvent } from '@medic/shared/model/appointment';
import type { Notification } from '@medic/shared/model/notification';
import { anAppointment, aPatient, idOf } from '@medic/shared/testing/builders';
import { dayMs, type Instant, instant, plusMinutes } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { describe, expect, test } from 'vitest';
import { isTooLate, recipientOf, visitMessage } from './mail-standing';

const start = parseInstant('2026-12-02T08:20:00Z');
const t0 = parseInstant('2026-11-23T09:00:00Z');
const after = (minutes: number) => plusMinutes(t0, minutes);
let count = 0;

function written(
  kind: Notification['kind'],
  at: Instant,
  sequence: number,
  state: Notification['state'] = 'sending',
): Notification {
  count += 1;
  return {
    id: idOf('intent', count),
    clinicId: idOf('clinic', 1),
    appointmentId: idOf('appointment', 1),
    patientId: idOf('patient', 1),
    userId: null,
    kind,
    offsetMinutes: 0,
    channel: 'email',
    sequence,
    dueAt: plusMinutes(at, 3),
    state,
    attempts: 1,
    providerId: null,
    detail: '',
    payload: {},
    createdAt: at,
    sentAt: null,
  };
}

function event(
  at: Instant,
  act: string,
  changed: AppointmentEvent['changed'] = {},
  fromStatus: AppointmentEvent['fromStatus'] = 'booked',
): AppointmentEvent {
  count += 1;
  return {
    id: idOf('intent', count),
    clinicId: idOf('clinic', 1),
    appointmentId: idOf('appointment', 1),
    occurredAt: at,
    act,
    actorKind: 'staff',
    actorId: null,
    actorName: 'Ewa',
    fromStatus,
    toStatus: 'booked',
    changed,
    reason: '',
  };
}

const aVisit = (overrides: Partial<Appointment>): Appointment =>
  anAppointment({ startsAt: start, endsAt: plusMinutes(start, 20), ...overrides });
const moveTo = (from: Instant, to: Instant): AppointmentEvent['changed'] => ({
  startsAt: [from, to],
  endsAt: [plusMinutes(from, 20), plusMinutes(to, 20)],
});
const bookedLongAgo = event(instant(t0 - dayMs), 'appointment.book', {}, null);

describe('what staff change within three minutes', () => {
  test('booked and moved: one confirmation, of where it is now', () => {
    const confirmed = written('confirmed', t0, 0, 'dropped');
    const visit = aVisit({
      sequence: 1,
      events: [
        event(t0, 'appointment.book', {}, null),
        event(after(1), 'appointment.reschedule', moveTo(plusMinutes(start, -60), start)),
      ],
    });
    expect(visitMessage({ ...confirmed, state: 'sending' }, visit, [], after(4))).toEqual({
      drop: 'superseded',
    });
    expect(visitMessage(written('moved', after(1), 1), visit, [confirmed], after(4))).toEqual({
      kind: 'confirmed',
      before: null,
    });
  });

  test('moved twice: one message, from where the patient knew it to be', () => {
    const known = plusMinutes(start, -120);
    const visit = aVisit({
      sequence: 2,
      events: [
        bookedLongAgo,
        event(t0, 'appointment.reschedule', moveTo(known, plusMinutes(start, -60))),
        event(after(1), 'appointment.reschedule', moveTo(plusMinutes(start, -60), start)),
      ],
    });
    const earlier = [
      written('confirmed', instant(t0 - dayMs), 0, 'sent'),
      written('moved', t0, 1, 'dropped'),
    ];
    expect(visitMessage(written('moved', after(1), 2), visit, earlier, after(4))).toMatchObject({
      kind: 'moved',
      before: { startsAt: known },
    });
  });

  test('moved there and back by hand: nothing', () => {
    const elsewhere = plusMinutes(start, 60);
    const visit = aVisit({
      sequence: 2,
      events: [
        bookedLongAgo,
        event(t0, 'appointment.reschedule', moveTo(start, elsewhere)),
        event(after(1), 'appointment.reschedule', moveTo(elsewhere, start)),
      ],
    });
    const earlier = [
      written('confirmed', instant(t0 - dayMs), 0, 'sent'),
      written('moved', t0, 1, 'dropped'),
    ];
    const last = written('moved', after(1), 2);
    expect(visitMessage(last, visit, earlier, after(4))).toEqual({ drop: 'undone' });
    // The first one had gone out already: so the patient hears of the way back.
    const heard = [earlier[0] as Notification, { ...(earlier[1] as Notification), state: 'sent' as const }];
    expect(visitMessage(last, visit, heard, after(4))).toMatchObject({
      kind: 'moved',
      before: { startsAt: elsewhere },
    });
  });

  test('booked by mistake and taken out: nothing', () => {
    const confirmed = written('confirmed', t0, 0, 'dropped');
    const events = [event(t0, 'appointment.book', {}, null), event(after(1), 'appointment.void')];
    const visit = aVisit({ sequence: 1, status: 'entered-in-error', events });
    const message = written('cancelled', after(1), 1);
    expect(visitMessage(message, visit, [confirmed], after(4))).toEqual({ drop: 'undone' });
    // Cancelled it was meant: whoever was booked in person must hear of it.
    expect(visitMessage(message, { ...visit, status: 'cancelled' }, [confirmed], after(4))).toEqual({
      kind: 'cancelled',
      before: null,
    });
    expect(visitMessage(message, visit, [{ ...confirmed, state: 'sent' }], after(4))).toMatchObject({
      kind: 'cancelled',
    });
  });
});

test('a move that the timeline does not tell of is told without what was before', () => {
  const visit = aVisit({ sequence: 1, events: [] });
  expect(visitMessage(written('moved', t0, 1), visit, [], after(4))).toEqual({ kind: 'moved', before: null });
});

test.each<[Notification['kind'], Appointment['status'], boolean]>([
  ['requested', 'pending', true],
  ['requested', 'booked', false],
  ['requested', 'proposed', false],
  ['confirmed', 'booked', true],
  ['confirmed', 'cancelled', false],
  ['confirmed', 'arrived', false],
  ['declined', 'cancelled', true],
  ['declined', 'booked', false],
  ['cancelled', 'cancelled', true],
  ['cancelled', 'booked', false],
  ['moved', 'cancelled', false],
])('a message %s about a visit that is %s is worth sending: %s', (kind, status, worth) => {
  const verdict = visitMessage(written(kind, t0, 0), aVisit({ status }), [], after(4));
  expect('kind' in verdict).toBe(worth);
});

test('a visit that is gone, or has begun, is not written about', () => {
  const message = written('confirmed', t0, 0);
  expect(visitMessage(message, undefined, [], t0)).toEqual({ drop: 'visit is gone' });
  expect(visitMessage(message, aVisit({}), [], start)).toEqual({ drop: 'visit has begun' });
  expect('kind' in visitMessage(message, aVisit({}), [], instant(start - 1))).toBe(true);
});

test('a suggestion is a request the other way round', () => {
  const message = { ...written('requested', t0, 0), payload: { proposed: true } };
  expect(visitMessage(message, aVisit({ status: 'proposed' }), [], t0)).toEqual({
    kind: 'proposed',
    before: null,
  });
});

test('without consent only what patients did themselves is answered', () => {
  const message = { createdAt: t0, payload: {} };
  const silent = aPatient({ email: 'anna@home.example', consentEmail: false });
  const own = { ...event(t0, 'appointment.cancel'), actorKind: 'patient' as const };
  expect(recipientOf(message, silent, [event(t0, 'appointment.cancel')])).toEqual({
    drop: 'no consent',
  });
  expect(recipientOf(message, silent, [{ ...own, occurredAt: after(1) }])).toEqual({
    drop: 'no consent',
  });
  const heard = { address: silent.email };
  expect(recipientOf(message, silent, [own])).toMatchObject(heard);
  expect(recipientOf(message, { ...silent, consentEmail: true }, [])).toMatchObject(heard);
  const typed = { ...message, payload: { email: 'typed@example.org' } };
  expect(recipientOf(typed, { ...silent, email: null }, [own])).toMatchObject({
    address: 'typed@example.org',
  });
  expect(recipientOf(message, { ...silent, email: null }, [own])).toEqual({ drop: 'no address' });
  expect(recipientOf(message, { ...silent, deleted: true }, [own])).toEqual({ drop: 'patient is gone' });
  expect(recipientOf(message, undefined, [own])).toEqual({ drop: 'patient is gone' });
});

test('what has waited for more than three days is told no more', () => {
  expect(isTooLate({ createdAt: t0 }, instant(t0 + 3 * dayMs))).toBe(false);
  expect(isTooLate({ createdAt: t0 }, instant(t0 + 3 * dayMs + 1))).toBe(true);
});

test('a request or a suggestion that moves is one still, at its new time', () => {
  const events = [bookedLongAgo, event(t0, 'appointment.reschedule', moveTo(plusMinutes(start, -60), start))];
  for (const [status, kind] of [
    ['pending', 'requested'],
    ['proposed', 'proposed'],
    ['booked', 'moved'],
  ] as const)
    expect(
      visitMessage(written('moved', t0, 1), aVisit({ status, sequence: 1, events }), [], after(4)),
    ).toMatchObject({
      kind,
    });
});
