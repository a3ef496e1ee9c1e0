import { z } from 'zod';
import { bigint, instantField, integer, json, oneOf, text, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

export const intentStatuses = ['pending', 'done', 'refused', 'failed'] as const;

/**
 * What somebody asked for, and what came of it: once and for ever. A desk makes it `pending`; the server's answer
 * is the same record with its outcome. Requests that come from elsewhere (public pages) have no device.
 */
export const intent = defineRecord({
  name: 'intent',
  table: 'intents',
  schema: z.object({
    ...syncedFields,
    deviceId: uuid().nullable(),
    /** Counts a device's intents from 1, without repeats. */
    n: bigint().nullable(),
    userId: uuid().nullable(),
    act: text(60),
    actVersion: integer(1, 1000),
    args: json(z.record(z.string(), z.unknown())),
    /** The clinic's clock as the desk knew it. */
    baseSeq: bigint(),
    /** The desk's clock; only a hint, it may be wrong by hours. */
    madeAt: instantField(),
    status: oneOf(intentStatuses),
    /** The clinic's clock at the decision. */
    outcomeSeq: bigint().nullable(),
    decidedAt: instantField().nullable(),
    /** `{ reasons, alternatives }` of a refusal, `{ code, message }` of a failure, `{}` when done. */
    outcome: json(z.record(z.string(), z.unknown())),
  }),
});
export type Intent = z.infer<typeof intent.schema>;
