import { z } from 'zod';
import { uuid } from '../../model/fields';
import { defineAct, done } from '../act';
import { forbidsSystemOnly } from '../permissions';
import { openFailuresOf } from './failures';

/** A message was taken after others had failed: the patient can be reached again, and nobody has to do anything. */
export const messageArrived = defineAct({
  name: 'message.arrived',
  version: 1,
  args: z.object({ patientId: uuid() }),
  forbids: forbidsSystemOnly,
  needs: ({ patientId }) => ({ itemsOf: [patientId] }),
  decide: (facts, { patientId }, context) => {
    const open = openFailuresOf(facts, patientId);
    if (!open) return done([]);
    return done([
      {
        kind: 'attentionItem',
        record: {
          ...open,
          status: 'done',
          settledAt: context.now,
          settledBy: null,
          resolution: 'A later message arrived',
        },
      },
    ]);
  },
});
