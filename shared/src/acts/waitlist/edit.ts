import { z } from 'zod';
import { uuid } from '../../model/fields';
import { defineAct, done, type RefusalReason, refused } from '../act';
import { forbidsEntry, refuseWishes, waitlistWishes } from './add';
import { isWaiting, standing } from './standing';

/** Changes what an entry waits for. Offers that are open stay open: the patient was asked. */
export const editWaitlistEntry = defineAct({
  name: 'waitlist.edit',
  version: 1,
  args: z.object({ entryId: uuid(), changes: waitlistWishes.partial() }),
  forbids: (actor, args, facts) => forbidsEntry(actor, facts.get('waitlistEntry', args.entryId)?.patientId),
  needs: (args) => ({ waitlistEntry: [args.entryId] }),
  decide: (facts, { entryId, changes }, context) => {
    const entry = facts.get('waitlistEntry', entryId);
    if (!entry) return refused([{ code: 'unknown', what: 'waitlist entry', id: entryId }]);
    if (!isWaiting(entry)) return refused([entryOver]);
    const edited = { ...entry, ...given(changes) };
    // What staff marked as urgent stays so when its patient changes something else.
    const judged = changes.urgency === undefined ? { ...edited, urgency: 'routine' as const } : edited;
    return (
      refuseWishes(facts, judged, context) ??
      done([{ kind: 'waitlistEntry', record: standing(edited, context.now) }])
    );
  },
});

export const entryOver: RefusalReason = {
  code: 'invalid',
  field: 'entryId',
  message: 'This waitlist entry is closed already',
};

/** A field that is named without a value is not changed. */
function given<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
