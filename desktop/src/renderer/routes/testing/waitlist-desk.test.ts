import { uuidv7 } from '@medic/shared/model/id';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointmentType,
  aPatient,
  aTemplate,
  at,
  aUser,
  aWaitlistEntry,
  idOf,
} from '@medic/shared/testing/builders';
import { describe, expect, test } from 'vitest';
import { waitlistActs } from '../../features/waitlist/waitlist-acts';
import { MemoryDesk } from './memory-desk';

const now = at('2026-11-24 07:00');
const time = {
  doctorId: idOf('doctor', 1),
  locationId: idOf('location', 1),
  startsAt: at('2026-11-24 09:00'),
};

function open() {
  const desk = new MemoryDesk(
    {
      clinic: [aClinic()],
      location: [aLocation()],
      doctor: [aDoctor()],
      appointmentType: [anAppointmentType()],
      scheduleTemplate: [aTemplate({ weekday: 2, breaks: [] })],
      patient: [aPatient({ id: idOf('patient', 1) }), aPatient({ id: idOf('patient', 2) })],
      waitlistEntry: [1, 2].map((n) =>
        aWaitlistEntry({ id: idOf('waitlistEntry', n), patientId: idOf('patient', n) }),
      ),
    },
    aUser({ roles: ['reception'] }),
    () => now,
  );
  const args = (change: { notes?: string } = {}) => ({
    appointmentId: uuidv7(now, new Uint8Array(10)),
    patientId: idOf('patient', 1),
    appointmentTypeId: idOf('appointmentType', 1),
    notes: '',
    ...time,
    ...change,
  });
  const entry = (n: number) => desk.facts.get('waitlistEntry', idOf('waitlistEntry', n));
  return { desk, acts: waitlistActs(desk), args, entry };
}

describe('booking for somebody who waits', () => {
  test('takes them off the list as booked, and withdraws what others were offered for the time', async () => {
    const { acts, args, entry } = open();
    const both = [1, 2].map((n) => idOf('waitlistEntry', n));
    expect(await acts.offer(both, time, time.startsAt)).toBe(true);
    expect((await acts.bookFor(idOf('waitlistEntry', 1), args())).kind).toBe('done');
    expect(entry(1)?.status).toBe('booked');
    // The offer that was open is the one accepted: no second one is made.
    expect(entry(1)?.offers.map((offer) => offer.status)).toEqual(['accepted']);
    expect(entry(2)?.status).toBe('waiting');
    expect(entry(2)?.offers.map((offer) => offer.status)).toEqual(['withdrawn']);
  });

  test('another visit than the one waited for closes the entry with where it went', async () => {
    const { acts, args, entry } = open();
    expect((await acts.bookFor(idOf('waitlistEntry', 1), args({ notes: 'Bring the X-ray' }))).kind).toBe(
      'done',
    );
    expect(entry(1)).toMatchObject({ status: 'closed', offers: [] });
    expect(entry(1)?.closeReason).toContain('today 09:00');
  });

  test('a refusal leaves no offer behind', async () => {
    const { desk, acts, args, entry } = open();
    await desk.perform('appointment.book', { ...args(), patientId: idOf('patient', 2) });
    const result = await acts.bookFor(idOf('waitlistEntry', 1), { ...args(), appointmentId: desk.newId() });
    expect(result.kind).toBe('refused');
    expect(entry(1)).toMatchObject({ status: 'waiting', offers: [] });
  });
});
