import { z } from 'zod';
import { freeText, instantField, oneOf, uuid } from '../../model/fields';
import { channels, notificationKinds } from '../../model/notification';
import { defineAct, done, refused } from '../act';
import { survivorOf } from '../patient/survivor';
import { forbidsSystemOnly } from '../permissions';
import { openFailuresOf } from './failures';

/** What became of one message, as far as whoever reads the item needs it. */
export const failedMessage = z.object({
  notificationId: uuid(),
  kind: oneOf(notificationKinds),
  channel: oneOf(channels),
  appointmentId: uuid().nullable(),
  /** Where it went; empty where it never got so far. */
  address: freeText(320),
  /** What the mail server said, or what else went wrong. */
  why: freeText(1000),
  at: instantField(),
});
export type FailedMessage = z.infer<typeof failedMessage>;

export const failuresData = z.object({ messages: z.array(failedMessage) });

/** The last ones tell what to do; the others stand in the outbox. */
const mostKept = 10;

/**
 * A message did not arrive and will not be sent again: the patient does not know what it says. A person has to correct
 * the address, or ring. A patient has one such item at most, which gathers what else fails until one arrives.
 */
export const messageFailed = defineAct({
  name: 'message.failed',
  version: 1,
  args: failedMessage.omit({ at: true }).extend({ patientId: uuid() }),
  forbids: forbidsSystemOnly,
  needs: ({ patientId, appointmentId }) => ({
    patient: [patientId],
    itemsOf: [patientId],
    appointment: appointmentId === null ? [] : [appointmentId],
  }),
  decide: (facts, { patientId, ...message }, context) => {
    const patient = survivorOf(facts, patientId);
    if (!patient) return refused([{ code: 'unknown', what: 'patient', id: patientId }]);
    const visit =
      message.appointmentId === null ? undefined : facts.get('appointment', message.appointmentId);
    const open = openFailuresOf(facts, patientId) ?? openFailuresOf(facts, patient.id);
    const before = open ? failuresData.safeParse(open.data) : null;
    const messages = [
      ...(before?.success ? before.data.messages : []),
      { ...message, at: context.now },
    ].slice(-mostKept);
    const about = { doctorId: visit?.doctorId ?? null, appointmentId: visit?.id ?? null };
    if (open)
      return done([
        { kind: 'attentionItem', record: { ...open, ...about, data: { ...open.data, messages } } },
      ]);
    return done([
      {
        kind: 'attentionItem',
        record: {
          id: context.newId(),
          clinicId: context.clinicId,
          seq: 0,
          deleted: false,
          kind: 'message-failed',
          status: 'open',
          intentId: null,
          deviceId: null,
          userId: null,
          patientId: patient.id,
          ...about,
          data: { messages },
          createdAt: context.now,
          settledAt: null,
          settledBy: null,
          resolution: '',
        },
      },
    ]);
  },
});
