import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { acts } from '../acts/registry';
import type { RecordDefinition } from '../model/record';
import { collections, syncedRecords } from '../model/records';
import { replicaSchema } from '../model/replica-schema';
import { checkpoint, pullRequest, pushRequest, wireVersion } from './wire';

/** What the wire looked like at each version. A new shape is a new version with a new line here. */
const fingerprints: Record<number, string> = {
  1: 'a4fb50e82a4b8167df7d6cf666a9a00f',
  2: '6a774de60bd880f510cc59407b45706d',
};

function shapeOfTheWire(): string {
  const json = (schema: z.ZodType) =>
    z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any', io: 'input' });
  return JSON.stringify({
    collections,
    records: Object.values(syncedRecords).map((record) => [
      record.name,
      replicaSchema(record as unknown as RecordDefinition),
    ]),
    messages: [checkpoint, pullRequest, pushRequest].map((schema) => json(schema).properties ?? json(schema)),
    acts: Object.values(acts).map((act) => [act.name, act.version, json(act.args)]),
  });
}

it('raises wireVersion whenever a record, a message or the arguments of an act change shape', () => {
  const shape = JSON.parse(shapeOfTheWire()) as { messages: { wireVersion?: unknown }[] };
  const fingerprint = createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 32);
  expect(
    fingerprint,
    `The wire has another shape than version ${wireVersion} had. Raise wireVersion in wire.ts, keep serving the version before, and add the new fingerprint here`,
  ).toBe(fingerprints[wireVersion]);
});
