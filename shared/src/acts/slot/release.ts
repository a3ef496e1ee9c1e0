import { z } from 'zod';
import { uuid } from '../../model/fields';
import { defineAct, done } from '../act';

/** The visitor goes elsewhere. Releasing what is gone, or is another's, changes nothing and says nothing. */
export const releaseSlot = defineAct({
  name: 'slot.release',
  version: 1,
  args: z.object({ holdId: uuid() }),
  forbids: (actor) => (actor.kind === 'patient' ? null : 'This is for the public page'),
  needs: ({ holdId }) => ({ slotHold: [holdId] }),
  decide: (facts, { holdId }, { actor }) => {
    const hold = facts.get('slotHold', holdId);
    if (!hold || hold.holder !== actor.holder) return done([]);
    return done([{ kind: 'slotHold', record: { ...hold, deleted: true } }]);
  },
});
