/**
 * What a public form says about a patient who is here already. It never changes the record: where it differs, both
 * versions wait for a person at the desk.
 */
import { z } from 'zod';
import type { AttentionItem } from '../../model/attention-item';
import type { Patient } from '../../model/patient';
import type { ActContext } from '../act';
import type { Change, Facts } from '../facts';
import { patientDetails } from './create';

/** What a patient may say about themselves. Consent is not among it: that they give and take back themselves. */
export const publicDetails = patientDetails
  .pick({ givenName: true, familyName: true, birthDate: true, phone: true, email: true, language: true })
  .partial();
export type PublicDetails = z.infer<typeof publicDetails>;
export type PublicField = keyof PublicDetails;
export const publicFields = Object.keys(publicDetails.shape) as PublicField[];

export const differsData = z.object({
  patientId: z.uuid(),
  current: publicDetails,
  proposed: publicDetails,
  from: z.enum(['portal', 'booking']),
});
export type DiffersData = z.infer<typeof differsData>;

/**
 * The fields in which what was typed differs from the record. An empty field of a booking form says nothing; in the
 * portal, where the record's value stood in it, it asks to take the value out.
 */
export function differencesOf(
  record: Patient,
  typed: PublicDetails,
  from: DiffersData['from'],
): Pick<DiffersData, 'current' | 'proposed'> | null {
  const current: Record<string, unknown> = {};
  const proposed: Record<string, unknown> = {};
  for (const field of publicFields) {
    const value = typed[field];
    if (value === undefined || (value === null && from === 'booking')) continue;
    if (sameValue(field, value, record[field])) continue;
    current[field] = record[field];
    proposed[field] = value;
  }
  return Object.keys(proposed).length === 0 ? null : { current, proposed };
}

/** An address is the same in capitals; a name is not the same without its accents, and only a person knows which is right. */
function sameValue(field: PublicField, a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return field === 'email' ? a.toLowerCase() === b.toLowerCase() : a.trim() === b.trim();
}

/**
 * The item that asks a person, or null where nothing differs. A patient has one open item at most (of those in the
 * facts): what is typed later is laid over it, so that a form sent again and again leaves one question.
 */
export function differencesItem(
  facts: Facts,
  patient: Patient,
  typed: PublicDetails,
  from: DiffersData['from'],
  context: ActContext,
): Change | null {
  const differences = differencesOf(patient, typed, from);
  if (!differences) return null;
  const open = openItemOf(facts, patient.id);
  const before = open && differsData.safeParse(open.data);
  const earlier = before?.success ? before.data : { current: {}, proposed: {} };
  const data: DiffersData = {
    patientId: patient.id,
    current: { ...earlier.current, ...differences.current },
    proposed: { ...earlier.proposed, ...differences.proposed },
    from,
  };
  if (open) return { kind: 'attentionItem', record: { ...open, data } };
  return {
    kind: 'attentionItem',
    record: {
      id: context.newId(),
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      kind: 'patient-differs',
      status: 'open',
      intentId: null,
      deviceId: null,
      userId: null,
      doctorId: null,
      patientId: patient.id,
      appointmentId: null,
      data,
      createdAt: context.now,
      settledAt: null,
      settledBy: null,
      resolution: '',
    },
  };
}

/** The oldest: after a merge there may be one of each record, and facts come in no order. */
function openItemOf(facts: Facts, patientId: string): AttentionItem | undefined {
  return [...facts.all('attentionItem')]
    .filter(
      (item) => item.kind === 'patient-differs' && item.status === 'open' && item.patientId === patientId,
    )
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))[0];
}
