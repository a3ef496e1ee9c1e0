import { z } from 'zod';
import { boolean, uuid } from '../../model/fields';
import type { Patient } from '../../model/patient';
import { defineAct, done, refused } from '../act';
import type { Change } from '../facts';
import { forbidsMerging, invalid } from './merge';
import { survivorOf } from './survivor';

/** What a record may name; the oldest make way, since a record that looks like so many others is a bad record. */
const mostApart = 200;

/**
 * A person says of two records that look alike that they are of two people: they are not shown as duplicates again.
 * Kept on both, so that whoever holds one of them knows; with `apart` false it is taken back.
 */
export const tellApart = defineAct({
  name: 'patient.tell-apart',
  version: 1,
  args: z.object({ patientId: uuid(), otherId: uuid(), apart: boolean() }),
  forbids: forbidsMerging,
  needs: ({ patientId, otherId }) => ({ patient: [patientId, otherId] }),
  decide: (facts, { patientId, otherId, apart }) => {
    const one = survivorOf(facts, patientId);
    const other = survivorOf(facts, otherId);
    if (!one) return refused([{ code: 'unknown', what: 'patient', id: patientId }]);
    if (!other) return refused([{ code: 'unknown', what: 'patient', id: otherId }]);
    if (one.id === other.id) return refused([invalid('otherId', 'These two have become one record')]);
    // Under whatever id a record was named before it was merged into another.
    return done([
      ...changed(one, [otherId, other.id], apart, other.id),
      ...changed(other, [patientId, one.id], apart, one.id),
    ]);
  },
});

function changed(record: Patient, names: readonly string[], apart: boolean, id: string): Change[] {
  const others = record.apartFrom.filter((known) => !names.includes(known));
  const apartFrom = apart ? [...others, id].slice(-mostApart) : others;
  const isSame =
    apartFrom.length === record.apartFrom.length &&
    apartFrom.every((each) => record.apartFrom.includes(each));
  return isSame ? [] : [{ kind: 'patient', record: { ...record, apartFrom } }];
}
