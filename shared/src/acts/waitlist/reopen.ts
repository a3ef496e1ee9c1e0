import { z } from 'zod';
import { holdsSlot } from '../../model/appointment';
import { uuid } from '../../model/fields';
import type { WaitlistEntry, WaitlistOffer } from '../../model/waitlist';
import { defineAct, done, type RefusalReason, refused } from '../act';
import type { Facts } from '../facts';
import { survivorOf } from '../patient/survivor';
import { forbidsStaffOnly } from '../permissions';
import { isWaiting, standing } from './standing';

/**
 * Somebody who was taken off the list, or booked from it by mistake, waits again, in the place in line that they had.
 * Offers stay ended: a time that is still free is offered again. Nobody is told; they never heard that they were off.
 */
export const reopenWaitlistEntry = defineAct({
  name: 'waitlist.reopen',
  version: 1,
  /** The patient is named, so that their other entries and visits can be read before it is decided. */
  args: z.object({ entryId: uuid(), patientId: uuid() }),
  forbids: forbidsStaffOnly,
  needs: ({ entryId, patientId }) => ({ waitlistEntry: [entryId], ofPatients: [patientId] }),
  decide: (facts, { entryId, patientId }, context) => {
    const entry = facts.get('waitlistEntry', entryId);
    if (!entry || entry.patientId !== patientId)
      return refused([{ code: 'unknown', what: 'waitlist entry', id: entryId }]);
    // Done already, by somebody else or by a request that was sent twice.
    if (isWaiting(entry)) return done([]);
    if (!survivorOf(facts, patientId)) return refused([{ code: 'unknown', what: 'patient', id: patientId }]);
    for (const other of facts.all('waitlistEntry')) {
      if (
        other.id !== entry.id &&
        isWaiting(other) &&
        other.patientId === patientId &&
        other.appointmentTypeId === entry.appointmentTypeId
      )
        return refused([{ code: 'exists', what: 'waitlist entry', id: other.id }]);
    }
    const accepted = entry.offers.find(({ status }) => status === 'accepted');
    if (accepted && stillStands(facts, entry, accepted)) return refused([stillBooked]);
    const offers = entry.offers.map(
      (offer): WaitlistOffer => (offer === accepted ? { ...offer, status: 'withdrawn' } : offer),
    );
    const record = standing({ ...entry, status: 'waiting', closeReason: '', offers }, context.now);
    return done([{ kind: 'waitlistEntry', record }]);
  },
});

const stillBooked: RefusalReason = {
  code: 'invalid',
  field: 'entryId',
  message: 'The visit that was booked from this entry still stands; cancel it first',
};

function stillStands(facts: Facts, entry: WaitlistEntry, accepted: WaitlistOffer): boolean {
  return facts
    .visitsOfPatient(entry.patientId)
    .some(
      (visit) =>
        holdsSlot(visit.status) &&
        visit.appointmentTypeId === accepted.appointmentTypeId &&
        visit.startsAt === accepted.startsAt,
    );
}
