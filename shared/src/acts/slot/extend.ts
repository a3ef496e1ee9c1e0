import { z } from 'zod';
import { uuid } from '../../model/fields';
import { plusMinutes } from '../../time/instant';
import { defineAct, done, refused } from '../act';
import { forbidsVisitorsOnly } from '../permissions';
import { holdMinutes } from './hold';

export const extensionsAllowed = 3;

/** Ten minutes more, three times at most, while the hold lives: afterwards somebody else may have the time. */
export const extendHold = defineAct({
  name: 'slot.extend',
  version: 1,
  args: z.object({ holdId: uuid() }),
  forbids: (actor, _args, facts) => forbidsVisitorsOnly(actor, facts),
  needs: ({ holdId }) => ({ slotHold: [holdId] }),
  decide: (facts, { holdId }, { actor, now }) => {
    const hold = facts.get('slotHold', holdId);
    // Somebody else's is as good as none; one that is gone was released, booked over or has ended.
    if (!hold || hold.holder !== actor.holder || hold.expiresAt <= now)
      return refused([{ code: 'hold-ended', why: 'expired' }]);
    if (hold.extensions >= extensionsAllowed)
      return refused([{ code: 'hold-ended', why: 'extended-enough' }]);
    return done([
      {
        kind: 'slotHold',
        record: {
          ...hold,
          extensions: hold.extensions + 1,
          expiresAt: plusMinutes(hold.expiresAt, holdMinutes),
        },
      },
    ]);
  },
});
