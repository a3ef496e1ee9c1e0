import { Facts } from '@medic/shared/acts/facts';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  aPatient,
  at,
  idOf,
} from '@medic/shared/testing/builders';
import { describe, expect, test } from 'vitest';
import { cardNote, cardSize, visitViews } from './visit-view';

function factsWith(): Facts {
  const facts = new Facts();
  facts.put('clinic', aClinic());
  facts.put('location', aLocation());
  facts.put('doctor', aDoctor());
  facts.put('appointmentType', anAppointmentType({ name: 'Consultation' }));
  facts.put('patient', aPatient({ givenName: 'Anna', familyName: 'Polańska' }));
  return facts;
}

const place = () => ({ from: 600, until: 630, clock: '10:00' as never, outsideHours: false });

describe('visit cards', () => {
  test('a cancelled visit leaves the grid, a no-show stays', () => {
    const facts = factsWith();
    const visits = [
      anAppointment({ id: idOf('appointment', 1), status: 'cancelled' }),
      anAppointment({ id: idOf('appointment', 2), status: 'noshow' }),
    ];
    expect(visitViews(facts, visits, new Set(), place).map((v) => v.state)).toEqual(['no-show']);
  });

  test('the seats of a group are one card with its meter, and a no-show leaves its seat', () => {
    const facts = factsWith();
    const type = anAppointmentType({ id: idOf('appointmentType', 7), name: 'Back class', capacity: 8 });
    facts.put('appointmentType', type);
    const startsAt = at('2026-11-24 08:30');
    const seats = [1, 2, 3].map((n) =>
      anAppointment({
        id: idOf('appointment', n),
        appointmentTypeId: type.id,
        capacity: 8,
        seat: n,
        startsAt,
        status: n === 3 ? 'noshow' : 'booked',
      }),
    );
    const views = visitViews(facts, seats, new Set(), place);
    expect(views).toHaveLength(1);
    expect(views[0]?.shortName).toBe('Back class');
    expect(views[0]?.seats).toEqual({ taken: 2, capacity: 8 });
    expect(views[0] && cardNote(views[0])).toBe('2/8 seats');
  });

  test('what is not sent says so, and what waits for an answer says that first', () => {
    const facts = factsWith();
    const id = idOf('appointment', 1);
    const note = (status: 'booked' | 'pending' | 'checked-in') => {
      const view = visitViews(facts, [anAppointment({ id, status })], new Set([id]), place)[0];
      return view && cardNote(view);
    };
    expect(note('booked')).toBe('Not sent');
    expect(note('pending')).toBe('To answer');
  });

  test('a visit whose patient has not arrived yet is drawn all the same', () => {
    const facts = factsWith();
    const view = visitViews(facts, [anAppointment({ patientId: idOf('patient', 99) })], new Set(), place)[0];
    expect(view?.shortName).toBe('Loading…');
  });

  test('a card drops lines before it drops the name', () => {
    expect([16, 18, 24, 36, 48, 72].map(cardSize)).toEqual([
      'tiny',
      'short',
      'short',
      'normal',
      'normal',
      'tall',
    ]);
  });
});
