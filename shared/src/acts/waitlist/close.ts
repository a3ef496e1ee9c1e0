import { z } from 'zod';
import { freeText, uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsEntry } from './add';
import { entryOver } from './edit';
import { withdrawalMessages } from './offer-messages';
import { ended, isWaiting } from './standing';

/** Takes an entry off the waitlist. Offers that are open are withdrawn; the patient who closes it need not be told. */
export const closeWaitlistEntry = defineAct({
  name: 'waitlist.close',
  version: 1,
  args: z.object({ entryId: uuid(), reason: freeText(500) }),
  forbids: (actor, args, facts) => forbidsEntry(actor, facts.get('waitlistEntry', args.entryId)?.patientId),
  needs: (args) => ({ waitlistEntry: [args.entryId] }),
  decide: (facts, { entryId, reason }, context) => {
    const entry = facts.get('waitlistEntry', entryId);
    if (!entry) return refused([{ code: 'unknown', what: 'waitlist entry', id: entryId }]);
    if (!isWaiting(entry)) return refused([entryOver]);
    const closed = ended(entry, 'closed', context.now);
    const patient = facts.get('patient', entry.patientId);
    return done(
      [{ kind: 'waitlistEntry', record: { ...closed.entry, closeReason: reason } }],
      [],
      context.actor.kind === 'patient'
        ? []
        : closed.withdrawn.flatMap((offer) => withdrawalMessages(patient, offer, context)),
    );
  },
});
