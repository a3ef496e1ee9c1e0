import { describe, expect, it } from 'vitest';
import {
  aBusyTime,
  aClinic,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  anOffer,
  aPatient,
  aRoom,
  aTemplate,
  aTimeOff,
  at,
  aWaitlistEntry,
  date,
  idOf,
  time,
} from '../testing/builders';
import { done } from './act';
import { consequences } from './consequences';
import type { Change, Facts } from './facts';
import { clinicOf, contextOf, on } from './testing/acting';

const entryId = idOf('waitlistEntry', 1);
const jan = idOf('patient', 2);

/** Anna is offered ten o'clock. */
function offering(parts: Parameters<typeof clinicOf>[0] = {}): Facts {
  return clinicOf({
    waitlist: [
      aWaitlistEntry({ id: entryId, status: 'offered', offers: [anOffer({ startsAt: on('10:00') })] }),
    ],
    ...parts,
  });
}

function withdrawnBy(change: Change, facts = offering()): boolean {
  const { changes } = consequences(facts, done([change]), contextOf());
  return changes.some(
    (other) => other.kind === 'waitlistEntry' && other.record.offers[0]?.status === 'withdrawn',
  );
}

const elsewhere = idOf('doctor', 2);

describe('an open offer is withdrawn by what makes its time impossible', () => {
  it.each<[string, Change, boolean]>([
    ['a visit then', { kind: 'appointment', record: anAppointment({ startsAt: on('10:15') }) }, true],
    [
      'a visit whose buffer reaches it',
      { kind: 'appointment', record: anAppointment({ startsAt: on('09:30'), buffers: [0, 5] }) },
      true,
    ],
    [
      'a visit that the offered one’s own buffer would reach',
      { kind: 'appointment', record: anAppointment({ startsAt: on('10:30') }) },
      true,
    ],
    [
      'a visit that ends when it begins',
      { kind: 'appointment', record: anAppointment({ startsAt: on('09:30') }) },
      false,
    ],
    [
      'a request then',
      { kind: 'appointment', record: anAppointment({ startsAt: on('10:00'), status: 'pending' }) },
      true,
    ],
    [
      'a suggested time, which holds nothing',
      { kind: 'appointment', record: anAppointment({ startsAt: on('10:00'), status: 'proposed' }) },
      false,
    ],
    [
      'a visit that was cancelled',
      { kind: 'appointment', record: anAppointment({ startsAt: on('10:00'), status: 'cancelled' }) },
      false,
    ],
    [
      'an overbooked visit',
      { kind: 'appointment', record: anAppointment({ startsAt: on('10:00'), overbooked: true }) },
      true,
    ],
    [
      'another doctor’s visit',
      { kind: 'appointment', record: anAppointment({ startsAt: on('10:00'), doctorId: elsewhere }) },
      false,
    ],
    ['a visitor’s hold', { kind: 'slotHold', record: aHold({ startsAt: on('10:00') }) }, false],
    [
      'a calendar elsewhere',
      { kind: 'externalBusyTime', record: aBusyTime({ startsAt: on('09:00'), endsAt: on('10:05') }) },
      true,
    ],
    [
      'time off',
      { kind: 'timeOffRequest', record: aTimeOff({ startsAt: on('00:00'), endsAt: at('2026-11-25 00:00') }) },
      true,
    ],
    [
      'time off that is only asked for',
      {
        kind: 'timeOffRequest',
        record: aTimeOff({ startsAt: on('00:00'), endsAt: at('2026-11-25 00:00'), status: 'requested' }),
      },
      false,
    ],
    [
      'a closure of all',
      { kind: 'availabilityException', record: anException({ kind: 'closure', date: date('2026-11-24') }) },
      true,
    ],
    [
      'a closure of another day',
      { kind: 'availabilityException', record: anException({ kind: 'closure', date: date('2026-11-23') }) },
      false,
    ],
    ['a doctor who leaves', { kind: 'doctor', record: aDoctor({ active: false }) }, true],
    ['a doctor who is renamed', { kind: 'doctor', record: aDoctor({ name: 'Nowak-Lis' }) }, false],
    ['a place that closes', { kind: 'location', record: aLocation({ active: false }) }, true],
    [
      'a kind of visit that is given up',
      { kind: 'appointmentType', record: anAppointmentType({ slotStepMinutes: 15, active: false }) },
      true,
    ],
    ['the clinic’s new name', { kind: 'clinic', record: aClinic({ name: 'Hillside' }) }, false],
  ])('%s', (_name, change, withdrawn) => {
    expect(withdrawnBy(change)).toBe(withdrawn);
  });

  it('shorter hours', () => {
    const hours = aTemplate({
      id: idOf('scheduleTemplate', 1),
      weekday: 2,
      opensAt: time('08:00'),
      closesAt: time('16:00'),
    });
    const facts = offering({ templates: [hours] });
    const change = (opensAt: string): Change => ({
      kind: 'scheduleTemplate',
      record: { ...hours, opensAt: time(opensAt) },
    });
    expect(withdrawnBy(change('10:00'), facts)).toBe(false);
    expect(withdrawnBy(change('11:00'), facts)).toBe(true);
  });

  it('the last room, taken by another doctor', () => {
    const room = aRoom();
    const facts = offering({
      doctors: [aDoctor(), aDoctor({ id: elsewhere })],
      locations: [aLocation({ rooms: [room] })],
      type: { needsRoom: true },
    });
    const change: Change = {
      kind: 'appointment',
      record: anAppointment({ doctorId: elsewhere, roomId: room.id, startsAt: on('10:00') }),
    };
    expect(withdrawnBy(change, facts)).toBe(true);
  });

  it('the last seat of a group, not the one before', () => {
    const group = (seat: number): Change => ({
      kind: 'appointment',
      record: anAppointment({ startsAt: on('10:00'), capacity: 2, seat, patientId: jan, buffers: [0, 5] }),
    });
    const facts = offering({ type: { capacity: 2 } });
    expect(withdrawnBy(group(1), facts)).toBe(false);
    facts.apply(group(1));
    expect(withdrawnBy(group(2), facts)).toBe(true);
  });
});

it('a visit that changes where it stands takes nothing new', () => {
  const visit = anAppointment({ id: idOf('appointment', 1), startsAt: on('10:00') });
  const facts = offering({ appointments: [visit] });
  // The offer is impossible already; an arrival is not what made it so.
  expect(withdrawnBy({ kind: 'appointment', record: { ...visit, status: 'arrived' } }, facts)).toBe(false);
  expect(withdrawnBy({ kind: 'appointment', record: { ...visit, roomId: idOf('room', 1) } }, facts)).toBe(
    true,
  );
});

it('an entry that the decision itself writes is written once, as both leave it', () => {
  const facts = offering();
  const entry = facts.get('waitlistEntry', entryId);
  if (!entry) throw new Error('no entry');
  const decision = done([
    { kind: 'waitlistEntry', record: { ...entry, note: 'changed' } },
    { kind: 'appointment', record: anAppointment({ startsAt: on('10:00'), patientId: jan }) },
  ]);
  const { changes } = consequences(facts, decision, contextOf());
  expect(changes.flatMap((change) => (change.kind === 'waitlistEntry' ? [change.record] : []))).toMatchObject(
    [{ note: 'changed', status: 'waiting', offers: [{ status: 'withdrawn' }] }],
  );
});

it('a decision without consequences comes back as it was, and the facts stay as they are', () => {
  const facts = offering({ patients: [aPatient()] });
  const far = done([{ kind: 'appointment', record: anAppointment({ startsAt: on('13:00') }) }]);
  expect(consequences(facts, far, contextOf())).toBe(far);
  const near = done([{ kind: 'appointment', record: anAppointment({ startsAt: on('10:00') }) }]);
  expect(consequences(facts, near, contextOf())).not.toBe(near);
  expect(near.changes).toHaveLength(1);
  expect(facts.get('waitlistEntry', entryId)?.status).toBe('offered');
});

it('an answered offer stays as it was answered, beside one that is open', () => {
  const facts = offering({
    waitlist: [
      aWaitlistEntry({
        id: entryId,
        status: 'offered',
        offers: [anOffer({ startsAt: on('10:00'), status: 'declined' }), anOffer({ startsAt: on('13:00') })],
      }),
    ],
  });
  const decision = done([{ kind: 'appointment', record: anAppointment({ startsAt: on('10:00') }) }]);
  expect(consequences(facts, decision, contextOf())).toBe(decision);
});
