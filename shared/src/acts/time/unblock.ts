import { z } from 'zod';
import { uuid } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda, runsAgendas } from '../permissions';

export const unblockTime = defineAct({
  name: 'time.unblock',
  version: 1,
  args: z.object({ exceptionId: uuid() }),
  forbids: (actor, args, facts) => {
    if (runsAgendas(actor)) return null;
    return forbidsAgenda(actor, facts.get('availabilityException', args.exceptionId)?.doctorId ?? undefined);
  },
  needs: (args) => ({ availabilityException: [args.exceptionId] }),
  decide: (facts, args) => {
    const block = facts.get('availabilityException', args.exceptionId);
    if (!block) return refused([{ code: 'unknown', what: 'block', id: args.exceptionId }]);
    if (block.kind !== 'block')
      return refused([
        { code: 'invalid', field: 'exceptionId', message: 'Only a block can be taken away here' },
      ]);
    return done([{ kind: 'availabilityException', record: { ...block, deleted: true } }]);
  },
});
