import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import { idOf } from '@medic/shared/testing/builders';
import type { DetailName, Details } from '../plain/clinic';
import * as plain from '../plain/patients';
import { typedBy } from './people';
import { type Maker, nobody, patientId, pick, requested } from './step';

const fields: readonly DetailName[] = ['phone', 'email', 'notes', 'familyName', 'language', 'consentEmail'];

function some(details: Details, names: readonly DetailName[]): Partial<Details> {
  return Object.fromEntries(names.map((name) => [name, details[name]]));
}

type EditChanges = ActArgs<'patient.edit'>['changes'];

export const patientSteps = {
  'patient.create': ({ step, who, actor, clinic }) => {
    const id = step.a % 25 === 0 ? step.b % clinic.patients.length : clinic.patients.length;
    const details = typedBy(step);
    const anyway = step.c % 3 === 0;
    return requested(
      'patient.create',
      actor,
      {
        ...(details as Details & Pick<ActArgs<'patient.create'>, 'birthDate' | 'language'>),
        patientId: patientId(id),
        overrides: anyway ? ['duplicate'] : [],
      },
      (now) => plain.create(now, who, id, details, anyway),
    );
  },
  /** Of one or two fields; somebody may have changed what the editor saw. */
  'patient.edit': ({ step, who, actor, clinic, patient }) => {
    const { b, c, d } = step;
    const names = [pick(fields, b) as DetailName, pick(fields, b + 1 + (c % 3)) as DetailName];
    const whose = step.a % 40 === 0 ? nobody : patient;
    const record = clinic.patients[clinic.survivor(patient)] as Details;
    const typed = typedBy(step);
    const seen = d % 3 === 0 ? typedBy({ ...step, a: d, c: b, e: c }) : record;
    const changes = some(typed, names);
    const base = d % 7 === 0 ? {} : some(seen, names);
    return requested(
      'patient.edit',
      actor,
      { patientId: patientId(whose), changes: changes as EditChanges, base: base as EditChanges },
      (now) => plain.edit(now, who, whose, changes, base),
    );
  },
  'patient.set-consent': ({ step, who, actor, patient }) => {
    const whose = step.b % 8 === 0 ? patient : (who.patient ?? patient);
    const consent = { consentSms: step.c % 2 === 0, consentEmail: step.d % 2 === 0 };
    return requested('patient.set-consent', actor, { patientId: patientId(whose), ...consent }, (now) =>
      plain.setConsent(now, who, whose, consent),
    );
  },
  'patient.propose-changes': ({ step, who, actor, patient }) => {
    const whose = step.b % 8 === 0 ? patient : (who.patient ?? patient);
    const names = plain.toldByPatients.filter((_, i) => (step.c >> i) % 2 === 0);
    const changes = some(typedBy(step), names);
    return requested(
      'patient.propose-changes',
      actor,
      {
        patientId: patientId(whose),
        changes: changes as ActArgs<'patient.propose-changes'>['changes'],
      },
      (now) => plain.proposeChanges(now, who, whose, changes),
    );
  },
  'attention.settle': ({ step, who, actor, clinic }) => {
    const { a, b, c, d } = step;
    const open = clinic.items.filter((item) => item.open);
    const item = a % 30 === 7 ? undefined : pick(open.length > 0 && b % 6 !== 0 ? open : clinic.items, a);
    const whose = c % 9 === 0 ? c % clinic.patients.length : item?.patient;
    const isQuestion = item?.kind === 'patient-differs' || d % 12 === 0;
    const take =
      isQuestion && d % 4 !== 3 && typeof whose === 'number'
        ? { patient: whose, fields: plain.toldByPatients.filter((_, i) => (b >> i) % 3 !== 0) }
        : null;
    return requested(
      'attention.settle',
      actor,
      {
        itemId: item?.id ?? idOf('attentionItem', nobody),
        resolution: '',
        ...(take ? { take: { patientId: patientId(take.patient), fields: [...take.fields] } } : {}),
      },
      (now) => plain.settle(now, who, item, take),
    );
  },
  'patient.merge': ({ step: { a, b, c }, who, actor, clinic, ids }) => {
    const id = ids.merge++;
    const [kept, merged] = [a % clinic.patients.length, b % clinic.patients.length];
    const fromMerged = (['phone', 'email', 'notes', 'consentEmail'] as const).filter(
      (_, i) => (c >> i) % 3 === 0,
    );
    return requested(
      'patient.merge',
      actor,
      {
        mergeId: idOf('merge', id),
        keptId: patientId(kept),
        mergedId: patientId(merged),
        fields: Object.fromEntries(fromMerged.map((name) => [name, 'merged' as const])),
      },
      (now) => plain.merge(now, who, id, kept, merged, fromMerged),
    );
  },
  'patient.unmerge': ({ step: { a }, who, actor, clinic }) => {
    const merge = pick(clinic.merges, a);
    return requested(
      'patient.unmerge',
      actor,
      {
        mergeId: idOf('merge', merge?.id ?? nobody),
        keptId: patientId(merge?.kept ?? 0),
        mergedId: patientId(merge?.merged ?? 1),
      },
      (now) => plain.unmerge(now, who, merge?.id ?? nobody),
    );
  },
} satisfies Partial<Record<ActName, Maker>>;
