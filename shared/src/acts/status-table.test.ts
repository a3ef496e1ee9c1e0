import { expect, it } from 'vitest';
import { appointmentStatuses } from '../model/appointment';
import { legalChanges, mayChange, mayUndo, movableStatuses, undoableChanges } from './status-table';

it('names all ten statuses of FHIR on both sides', () => {
  expect(Object.keys(legalChanges).sort()).toEqual([...appointmentStatuses].sort());
  expect(Object.keys(undoableChanges).sort()).toEqual([...appointmentStatuses].sort());
});

it('undoes only what was a legal change, the other way round', () => {
  for (const from of appointmentStatuses) {
    for (const to of appointmentStatuses) {
      if (mayUndo(from, to)) expect(mayChange(to, from), `${to} -> ${from}`).toBe(true);
    }
  }
});

it('leads back by a legal change in two ways only', () => {
  const reach = (from: (typeof appointmentStatuses)[number], seen = new Set<string>()): Set<string> => {
    for (const to of legalChanges[from]) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  // A no-show who turns up late, and a visit that its patient moved to where it must be accepted.
  const round = ['arrived', 'noshow', 'booked', 'pending'];
  for (const status of appointmentStatuses)
    expect(reach(status).has(status), status).toBe(round.includes(status));
});

it('ends with a cancelled visit and with one entered in error', () => {
  expect(legalChanges.cancelled).toEqual([]);
  expect(legalChanges['entered-in-error']).toEqual([]);
});

it('moves no visit whose patient is in the house', () => {
  expect(movableStatuses).not.toContain('arrived');
});
