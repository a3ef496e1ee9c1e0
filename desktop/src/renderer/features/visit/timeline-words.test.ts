import { Facts } from '@medic/shared/acts/facts';
import type { AppointmentEvent } from '@medic/shared/model/appointment';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  at,
  idOf,
} from '@medic/shared/testing/builders';
import { describe, expect, test } from 'vitest';
import { timelineWords } from './timeline-words';

const was = at('2026-11-24 10:00');
const is = at('2026-11-24 11:00');

function wordOf(event: Partial<AppointmentEvent>): string | undefined {
  const facts = new Facts();
  facts.put('clinic', aClinic());
  facts.put('location', aLocation());
  facts.put('doctor', aDoctor({ id: idOf('doctor', 2), name: 'Tomasz Keller' }));
  facts.put('appointmentType', anAppointmentType({ id: idOf('appointmentType', 4), name: 'Consultation' }));
  const visit = anAppointment();
  const whole: AppointmentEvent = {
    id: idOf('appointment', 90),
    clinicId: visit.clinicId,
    appointmentId: visit.id,
    occurredAt: is,
    act: 'appointment.reschedule',
    actorKind: 'staff',
    actorId: null,
    actorName: 'Ewa Lis',
    fromStatus: 'booked',
    toStatus: 'booked',
    changed: {},
    reason: '',
    ...event,
  };
  return timelineWords({ ...visit, events: [whole] }, facts)[0]?.what;
}

describe('the timeline in words', () => {
  test.each<[string, Partial<AppointmentEvent>]>([
    ['Requested', { act: 'appointment.book-online', fromStatus: null, toStatus: 'pending' }],
    [
      'Suggested to the patient, not held',
      { act: 'appointment.propose', fromStatus: null, toStatus: 'proposed' },
    ],
    ['Booked over other visits', { act: 'appointment.overbook', fromStatus: null }],
    ['Booked as one of a series', { act: 'series.book', fromStatus: null }],
    ['Booked from the waitlist', { act: 'waitlist.accept', fromStatus: null }],
    ['Accepted', { act: 'appointment.accept', fromStatus: 'pending' }],
    ['Declined', { act: 'appointment.decline', fromStatus: 'pending', toStatus: 'cancelled' }],
    ['Cancelled', { act: 'appointment.cancel', toStatus: 'cancelled' }],
    ['Patient says they come', { act: 'appointment.confirm', changed: { confirmedAt: [null, is] } }],
    [
      'Links sent to the patient stopped',
      { act: 'appointment.revoke-link', changed: { linkVersion: [1, 2] } },
    ],
    ['Taken out, entered in error', { act: 'appointment.void', toStatus: 'entered-in-error' }],
    ['Moved from 24 Nov 10:00', { changed: { startsAt: [was, is], confirmedAt: [was, null] } }],
    [
      'Moved from 24 Nov 10:00, Tomasz Keller',
      { changed: { startsAt: [was, is], doctorId: [idOf('doctor', 2), ''] } },
    ],
    [
      'Was Consultation',
      { changed: { appointmentTypeId: [idOf('appointmentType', 4), ''], endsAt: [was, is] } },
    ],
    [
      'Swapped with a neighbour, from 24 Nov 10:00',
      { act: 'appointment.swap', changed: { startsAt: [was, is] } },
    ],
    ['Shifted from 24 Nov 10:00', { act: 'appointment.shift', changed: { startsAt: [was, is] } }],
    [
      'Moved from 24 Nov 10:00, no longer overbooked',
      { changed: { startsAt: [was, is], overbooked: [true, false], overbookReason: ['Urgent', ''] } },
    ],
    ['Room changed', { changed: { roomId: [null, idOf('location', 1)] } }],
    [
      'Moved from 24 Nov 10:00, waits for an answer again',
      { toStatus: 'pending', changed: { startsAt: [was, is] } },
    ],
    [
      'Taken back: at 24 Nov 10:00 again',
      { act: 'appointment.undo', reason: 'undo', changed: { startsAt: [is, was] } },
    ],
    [
      'Taken back: to answer again',
      { act: 'appointment.undo', reason: 'undo', fromStatus: 'booked', toStatus: 'pending' },
    ],
  ])('%s', (words, event) => {
    expect(wordOf(event)).toBe(words);
  });
});
