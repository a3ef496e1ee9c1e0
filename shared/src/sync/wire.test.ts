import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { acts } from '../acts/registry';
import type { RecordDefinition } from '../model/record';
import { collections, syncedRecords } from '../model/records';
import { replicaSchema } from '../model/replica-schema';
import {
  checkpoint,
  firstLook,
  firstLookRequest,
  oldestWireVersion,
  pullAnswers,
  pullRequest,
  pushAnswer,
  pushRequest,
  wake,
  wakeRequest,
  wireVersion,
} from './wire';

/** What the wire looked like at each version. A new shape is a new version with a new line here. */
const fingerprints: Record<number, string> = {
  1: 'a4fb50e82a4b8167df7d6cf666a9a00f',
  2: '6a774de60bd880f510cc59407b45706d',
  3: 'd544bff2993a55d274cccab8707c68ce',
  4: '344473d85fe672ec718dd0022420fedf',
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
    asked: [checkpoint, pullRequest, pushRequest, firstLookRequest, wakeRequest].map(json),
    answered: [pullAnswers.documents, pullAnswers.reset, pushAnswer, wake, firstLook].map(json),
    acts: Object.values(acts).map((act) => [act.name, act.version, json(act.args)]),
  });
}

it('raises wireVersion whenever a record, a message or the arguments of an act change shape', () => {
  const fingerprint = createHash('sha256').update(shapeOfTheWire()).digest('hex').slice(0, 32);
  expect(
    fingerprint,
    `The wire has another shape than version ${wireVersion} had. Raise wireVersion in wire.ts, keep serving the version before, and add the new fingerprint here`,
  ).toBe(fingerprints[wireVersion]);
});

it('reads what a client of the version before sends', () => {
  expect(oldestWireVersion).toBe(wireVersion - 1);
  const history = { position: 3, hash: 'x' };
  const before = {
    epoch: crypto.randomUUID(),
    scope: 'x',
    base: 7,
    seq: 5,
    id: crypto.randomUUID(),
    history,
  };
  expect(checkpoint.parse(before)).toEqual(before);
  expect(
    pullRequest.parse({ wireVersion: 3, collection: 'patients', checkpoint: before, limit: 500 }),
  ).toMatchObject({ checkpoint: before });
  const push = { wireVersion: 3, intents: [], epoch: before.epoch, history };
  expect(pushRequest.parse(push)).toEqual(push);
  expect(wakeRequest.parse({ lastEventId: 'x' })).toEqual({ lastEventId: 'x' });
});
