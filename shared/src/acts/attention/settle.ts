import { z } from 'zod';
import { freeText, uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import type { Change } from '../facts';
import { differsData, type PublicDetails, publicFields } from '../patient/differences';
import { decideEdit } from '../patient/edit';
import { forbidsStaffOnly } from '../permissions';

/**
 * A person has dealt with an item. Settling it twice is no harm: the first stands. Of what a patient said about
 * themselves, the fields named in `take` are taken into the record in the same commit, as an edit is: what somebody has
 * changed there since stays, and waits as an item of its own.
 */
export const settleAttention = defineAct({
  name: 'attention.settle',
  version: 1,
  args: z.object({
    itemId: uuid(),
    resolution: freeText(500),
    take: z
      .object({ patientId: uuid(), fields: z.array(z.enum(publicFields)).max(publicFields.length) })
      .optional(),
  }),
  forbids: forbidsStaffOnly,
  needs: (args) => ({
    attentionItem: [args.itemId],
    ...(args.take ? { patient: [args.take.patientId] } : {}),
  }),
  decide: (facts, args, context) => {
    const item = facts.get('attentionItem', args.itemId);
    if (!item) return refused([{ code: 'unknown', what: 'item', id: args.itemId }]);
    if (item.status === 'done') return done([]);
    const changes: Change[] = [];
    if (args.take) {
      const data = differsData.safeParse(item.data);
      if (item.kind !== 'patient-differs' || !data.success || item.patientId !== args.take.patientId)
        return refused([
          { code: 'invalid', field: 'take', message: 'This item has nothing to take into a record' },
        ]);
      const edit = decideEdit(
        facts,
        {
          patientId: item.patientId,
          changes: only(data.data.proposed, args.take.fields),
          base: only(data.data.current, args.take.fields),
        },
        context,
      );
      if (edit.kind === 'refused') return edit;
      changes.push(...edit.changes);
    }
    changes.push({
      kind: 'attentionItem',
      record: {
        ...item,
        status: 'done',
        settledAt: context.now,
        settledBy: context.actor.id,
        resolution: args.resolution,
      },
    });
    return done(changes);
  },
});

function only(details: PublicDetails, fields: readonly string[]): PublicDetails {
  return Object.fromEntries(Object.entries(details).filter(([field]) => fields.includes(field)));
}
