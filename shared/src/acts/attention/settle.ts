import { z } from 'zod';
import { freeText, uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsStaffOnly } from '../permissions';

/** A person has dealt with an item. Settling it twice is no harm: the first stands. */
export const settleAttention = defineAct({
  name: 'attention.settle',
  version: 1,
  args: z.object({ itemId: uuid(), resolution: freeText(500) }),
  forbids: forbidsStaffOnly,
  needs: (args) => ({ attentionItem: [args.itemId] }),
  decide: (facts, args, context) => {
    const item = facts.get('attentionItem', args.itemId);
    if (!item) return refused([{ code: 'unknown', what: 'item', id: args.itemId }]);
    if (item.status === 'done') return done([]);
    return done([
      {
        kind: 'attentionItem',
        record: {
          ...item,
          status: 'done',
          settledAt: context.now,
          settledBy: context.actor.id,
          resolution: args.resolution,
        },
      },
    ]);
  },
});
