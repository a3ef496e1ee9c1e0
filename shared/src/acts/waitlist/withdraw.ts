import { z } from 'zod';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { withdrawalMessages } from './offer-messages';
import { answered, isOpen, offerStatusAt } from './standing';

/**
 * The clinic takes one offer back; the entry goes on waiting, and its other offers stay. The patient hears of it where
 * the offer can have gone out.
 */
export const withdrawOffer = defineAct({
  name: 'waitlist.withdraw',
  version: 1,
  args: z.object({ entryId: uuid(), offerId: uuid() }),
  forbids: (actor, { entryId, offerId }, facts) =>
    forbidsAgenda(
      actor,
      facts.get('waitlistEntry', entryId)?.offers.find(({ id }) => id === offerId)?.doctorId,
    ),
  needs: ({ entryId }) => ({ waitlistEntry: [entryId] }),
  decide: (facts, { entryId, offerId }, context) => {
    const entry = facts.get('waitlistEntry', entryId);
    if (!entry) return refused([{ code: 'unknown', what: 'waitlist entry', id: entryId }]);
    const offer = entry.offers.find(({ id }) => id === offerId);
    if (!offer) return refused([{ code: 'unknown', what: 'offer', id: offerId }]);
    const status = offerStatusAt(offer, context.now);
    if (!isOpen(offer, context.now))
      return refused([{ code: 'offer-ended', why: status === 'open' ? 'expired' : status }]);
    const record = answered(entry, offerId, 'withdrawn', null, context.now);
    return done(
      [{ kind: 'waitlistEntry', record }],
      [],
      withdrawalMessages(facts.get('patient', entry.patientId), offer, context),
    );
  },
});
