import { z } from 'zod';
import { instantField, uuid } from '../../model/fields';
import type { WaitlistOffer } from '../../model/waitlist';
import { defineAct, done, type NotificationDraft, type RefusalReason, refused } from '../act';
import { missingOf, place } from '../appointment/placing';
import type { Change } from '../facts';
import { forbidsAgenda } from '../permissions';
import { entryOver } from './edit';
import { offerMessages } from './offer-messages';
import { isOpen, isWaiting, standing } from './standing';

/**
 * Offers one time to several who wait. An offer keeps the time for nobody: it stays free to all, and the first to
 * accept gets it. Each is offered their own kind of visit; one that can't be booked there refuses the whole.
 */
export const offerToWaitlist = defineAct({
  name: 'waitlist.offer',
  version: 1,
  args: z.object({
    offers: z
      .array(z.object({ offerId: uuid(), entryId: uuid() }))
      .min(1)
      .max(10),
    slot: z.object({ doctorId: uuid(), locationId: uuid(), startsAt: instantField() }),
    expiresAt: instantField(),
  }),
  forbids: (actor, args) => forbidsAgenda(actor, args.slot.doctorId),
  needs: (args) => ({ waitlistEntry: args.offers.map(({ entryId }) => entryId) }),
  decide: (facts, { offers, slot, expiresAt }, context) => {
    if (expiresAt <= context.now) return invalid('expiresAt', 'An offer has to stay open for a while');
    if (expiresAt > slot.startsAt) return invalid('expiresAt', 'An offer ends before the visit would begin');
    if (new Set(offers.map(({ entryId }) => entryId)).size < offers.length)
      return invalid('offers', 'One person is among them twice');
    const changes: Change[] = [];
    const notifications: NotificationDraft[] = [];
    for (const { offerId, entryId } of offers) {
      const entry = facts.get('waitlistEntry', entryId);
      if (!entry) return refused([{ code: 'unknown', what: 'waitlist entry', id: entryId }]);
      if (!isWaiting(entry)) return refused([entryOver]);
      const { appointmentTypeId } = entry;
      const where = { ...slot, appointmentTypeId };
      const missing = missingOf(facts, where);
      if (missing) return missing;
      const known = entry.offers.find(
        (offer) => offer.id === offerId || (isOpen(offer, context.now) && isSameTime(offer, slot)),
      );
      if (known) return refused([{ code: 'exists', what: 'offer', id: known.id }]);
      const placed = place(facts, where, context);
      if ('refusal' in placed) return placed.refusal;
      const offer: WaitlistOffer = {
        id: offerId,
        clinicId: context.clinicId,
        entryId,
        doctorId: slot.doctorId,
        locationId: slot.locationId,
        appointmentTypeId,
        startsAt: placed.slot.startsAt,
        endsAt: placed.slot.endsAt,
        status: 'open',
        offeredAt: context.now,
        expiresAt,
        answeredAt: null,
      };
      changes.push({
        kind: 'waitlistEntry',
        record: standing({ ...entry, offers: [...entry.offers, offer] }, context.now),
      });
      notifications.push(...offerMessages(facts.get('patient', entry.patientId), offer, context));
    }
    return done(changes, [], notifications);
  },
});

function isSameTime(
  offer: WaitlistOffer,
  slot: Pick<WaitlistOffer, 'doctorId' | 'locationId' | 'startsAt'>,
): boolean {
  return (
    offer.doctorId === slot.doctorId &&
    offer.locationId === slot.locationId &&
    offer.startsAt === slot.startsAt
  );
}

function invalid(field: string, message: string) {
  const reason: RefusalReason = { code: 'invalid', field, message };
  return refused([reason]);
}
