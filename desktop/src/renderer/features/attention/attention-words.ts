/** What waits for a person, in words: what happened, to whom, what is safe. */
import type { RefusalReason, Refused } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { type FailedMessage, failuresData } from '@medic/shared/acts/message/failed';
import { patientDetails } from '@medic/shared/acts/patient/create';
import { differsData, type PublicField, publicFields } from '@medic/shared/acts/patient/differences';
import { duplicatesOf } from '@medic/shared/acts/patient/duplicates';
import { survivorOf } from '@medic/shared/acts/patient/survivor';
import { describeRefusal, fieldName } from '@medic/shared/acts/refusal-words';
import type { Slot } from '@medic/shared/availability/query';
import type { AttentionItem } from '@medic/shared/model/attention-item';
import type { Intent } from '@medic/shared/model/intent';
import { formatPhone } from '@medic/shared/model/phone';
import { type Instant, instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import type { PendingIntent } from '../../replica/desk';
import { fullDate, shortDay } from '../../ui/date-words';
import { languageName } from '../../ui/language-name';
import { doctorName, fullName, shortName } from '../../ui/person-name';
import { causesOf } from './cause-words';

export interface AttentionEntry {
  /** The item's id, or the intent's where the server has not refused it yet. */
  id: string;
  /** Settled through the item; null where the server has not answered yet, which settles it or makes an item. */
  itemId: string | null;
  /** Of a notice that only this desk has: dismissed here. */
  noticeId: string | null;
  kind: AttentionItem['kind'] | 'restored' | 'rebuilt';
  act: string;
  args: Record<string, unknown>;
  title: string;
  about: string;
  /** Each a sentence. */
  reasons: string[];
  alternatives: Slot[];
  patientId: string | null;
  appointmentTypeId: string | null;
  phone: string | null;
  /** Both versions, where two people changed one field. */
  conflicts: {
    field: string;
    yours: string;
    theirs: string;
    raw: { field: string; yours: unknown; theirs: unknown };
  }[];
  /** What a patient said about themselves, beside what the record says. */
  differences: Difference[];
  /** Records that may be the same person as the one that was to be made. */
  duplicates: { patientId: string; name: string; why: string }[];
  /** Messages that did not arrive, the oldest first. */
  failures: { id: string; what: string; about: string; address: string; why: string }[];
  createdAt: Instant;
  settled: { at: Instant; by: string; resolution: string } | null;
}

export interface Difference {
  field: PublicField;
  label: string;
  inRecord: string;
  proposed: string;
  /** Changed at the desk after the patient had said this. */
  changedSince: boolean;
}

export function entryOfItem(item: AttentionItem, facts: Facts): AttentionEntry {
  const data = item.data;
  const act = typeof data.act === 'string' ? data.act : '';
  const args = item.kind === 'message-failed' ? { appointmentId: item.appointmentId } : record(data.args);
  const reasons = Array.isArray(data.reasons) ? (data.reasons as RefusalReason[]) : [];
  const alternatives = Array.isArray(data.alternatives) ? (data.alternatives as Slot[]) : [];
  const conflicts = Array.isArray(data.conflicts)
    ? (data.conflicts as { field: string; yours: unknown; theirs: unknown }[])
    : [];
  return {
    ...common(facts, act, args, item.patientId),
    id: item.id,
    // One that this desk foresees has no number yet: the server will make its own, under an id of its own.
    itemId: item.seq === 0 ? null : item.id,
    noticeId: null,
    kind: item.kind,
    title: titleOfItem(item, act, reasons),
    reasons:
      item.kind === 'failed'
        ? [typeof data.message === 'string' ? data.message : 'The server could not do it']
        : [...words(reasons, facts), ...causesOf(reasons, facts, item.intentId, new Set())],
    alternatives,
    conflicts: conflicts.map((raw) => ({
      field: fieldName(raw.field),
      yours: shown(raw.yours),
      theirs: shown(raw.theirs),
      raw,
    })),
    differences: item.kind === 'patient-differs' ? differencesIn(item, facts) : [],
    duplicates: duplicatesIn(act, args, reasons, facts),
    failures: failuresIn(item, facts),
    createdAt: item.createdAt,
    settled:
      item.status === 'done' && item.settledAt !== null
        ? {
            at: item.settledAt,
            by: item.settledBy === null ? 'Medic' : (facts.get('user', item.settledBy)?.name ?? ''),
            resolution: item.resolution,
          }
        : null,
  };
}

/** A change that waits and that this desk refuses already: somebody else was first. */
export function entryOfPending(
  pending: PendingIntent & { decision: Refused },
  facts: Facts,
  refusedHere: ReadonlySet<string>,
): AttentionEntry {
  const { intent, decision } = pending;
  return {
    ...entryOfFailed(intent, facts),
    kind: 'refused',
    title: titleOf('refused', intent.act, decision.reasons),
    reasons: [
      ...words(decision.reasons, facts),
      ...causesOf(decision.reasons, facts, intent.id, refusedHere),
    ],
    alternatives: decision.alternatives,
    duplicates: duplicatesIn(intent.act, intent.args, decision.reasons, facts),
  };
}

/** An intent of this desk that came to nothing. */
export function entryOfFailed(intent: Intent, facts: Facts): AttentionEntry {
  return {
    ...common(facts, intent.act, intent.args, null),
    id: intent.id,
    itemId: null,
    noticeId: null,
    kind: 'failed',
    title: titleOf('failed', intent.act, []),
    reasons: [],
    alternatives: [],
    conflicts: [],
    differences: [],
    duplicates: [],
    failures: [],
    createdAt: intent.madeAt,
    settled: null,
  };
}

function titleOfItem(item: AttentionItem, act: string, reasons: readonly RefusalReason[]): string {
  if (item.kind === 'patient-differs') return differsTitle(item.data.from);
  const failed = failuresData.safeParse(item.data).data?.messages ?? [];
  if (item.kind !== 'message-failed' || failed.length === 0) return titleOf(item.kind, act, reasons);
  return failed.length === 1 ? 'An e-mail did not arrive' : `${failed.length} e-mails did not arrive`;
}

const messageWords: Partial<Record<FailedMessage['kind'], string>> = {
  requested: 'That the request has reached us',
  proposed: 'The suggested time',
  confirmed: 'The confirmation',
  declined: 'That it is not possible',
  moved: 'The new time',
  cancelled: 'The cancellation',
  reminder: 'The reminder',
  'waitlist-offer': 'The offered time',
  'series-summary': 'The visits of a series',
};

function failuresIn(item: AttentionItem, facts: Facts): AttentionEntry['failures'] {
  const failed =
    item.kind === 'message-failed' ? failuresData.safeParse(item.data).data?.messages : undefined;
  return (failed ?? []).map(({ notificationId, kind, appointmentId, address, why }) => {
    const visit = appointmentId === null ? undefined : facts.get('appointment', appointmentId);
    const zone = visit && (facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone);
    const local = visit && zone ? localTime(visit.startsAt, zone) : null;
    return {
      id: notificationId,
      what: messageWords[kind] ?? 'A message',
      about: local ? `${shortDay(local.date)} ${local.time}` : '',
      address,
      why,
    };
  });
}

function differencesIn(item: AttentionItem, facts: Facts): Difference[] {
  const data = differsData.safeParse(item.data);
  const patient = item.patientId === null ? undefined : survivorOf(facts, item.patientId);
  if (!data.success || !patient) return [];
  const { current, proposed } = data.data;
  return publicFields.flatMap((field): Difference[] =>
    proposed[field] === undefined
      ? []
      : [
          {
            field,
            label: fieldName(field),
            inRecord: fieldWords(field, patient[field]),
            proposed: fieldWords(field, proposed[field]),
            changedSince: patient[field] !== current[field],
          },
        ],
  );
}

function fieldWords(field: PublicField, value: string | null | undefined): string {
  if (!value) return 'nothing';
  if (field === 'phone') return formatPhone(value);
  if (field === 'birthDate') return fullDate(value);
  return field === 'language' ? languageName(value) : value;
}

function differsTitle(from: unknown): string {
  return from === 'booking'
    ? 'Typed at a booking, but the record says otherwise'
    : 'A patient asks to change their record';
}

/** As they are now: the records may have been changed, or merged, since the refusal. */
function duplicatesIn(
  act: string,
  args: Record<string, unknown>,
  reasons: readonly RefusalReason[],
  facts: Facts,
): AttentionEntry['duplicates'] {
  const ids = reasons.flatMap((reason) => (reason.code === 'duplicate' ? reason.patientIds : []));
  const typed = patientDetails.safeParse(args);
  if (act !== 'patient.create' || ids.length === 0 || !typed.success) return [];
  return ids.flatMap((id) => {
    const patient = survivorOf(facts, id);
    if (!patient) return [];
    const born = patient.birthDate ? `, ${fullDate(patient.birthDate)}` : '';
    const why = duplicatesOf(typed.data, [patient])[0]?.why ?? '';
    return [{ patientId: patient.id, name: `${fullName(patient)}${born}`, why }];
  });
}

function common(facts: Facts, act: string, args: Record<string, unknown>, patientOfItem: string | null) {
  const text = (name: string) => (typeof args[name] === 'string' ? (args[name] as string) : '');
  const visit = facts.get('appointment', text('appointmentId'));
  const patientId = patientOfItem ?? (text('patientId') || visit?.patientId || null);
  const patient = patientId === null ? undefined : facts.get('patient', patientId);
  const typeId = text('appointmentTypeId') || visit?.appointmentTypeId || null;
  const type = typeId === null ? undefined : facts.appointmentType(typeId);
  const doctor = facts.doctor(text('doctorId') || (visit?.doctorId ?? ''));
  const zone =
    facts.location(text('locationId') || (visit?.locationId ?? ''))?.timeZone ?? facts.clinic.timeZone;
  const startsAt = typeof args.startsAt === 'number' ? instant(args.startsAt) : visit?.startsAt;
  const local = startsAt === undefined ? null : localTime(startsAt, zone);
  const about = [
    patient ? fullName(patient) : text('familyName') ? `${text('familyName')} ${text('givenName')}` : '',
    type?.name ?? '',
    doctor ? `${doctorName(doctor)}${local ? `, ${shortDay(local.date)} ${local.time}` : ''}` : '',
  ].filter(Boolean);
  return {
    act,
    args,
    about: about.join(' · '),
    patientId,
    appointmentTypeId: typeId,
    phone: patient?.phone ?? null,
  };
}

function titleOf(kind: AttentionItem['kind'], act: string, reasons: readonly RefusalReason[]): string {
  if (kind === 'conflict') return 'Two people changed the same field';
  if (kind === 'google-moved') return 'Moved in Google, but the new time isn’t free';
  if (kind === 'message-failed') return 'A message did not arrive';
  if (kind === 'patient-differs') return 'A patient gave other details online';
  const taken =
    reasons.some(
      (reason) =>
        reason.code === 'slot' &&
        ['visit', 'buffer', 'hold', 'full', 'room-taken'].includes(reason.reason.code),
    ) || reasons.some((reason) => reason.code === 'taken');
  switch (act) {
    case 'appointment.book':
      return taken
        ? 'Booked on a desk, but the slot was taken first'
        : 'Booked on a desk, but it isn’t possible';
    case 'appointment.reschedule':
      return taken
        ? 'Moved on a desk, but the new time was taken first'
        : 'Moved on a desk, but it isn’t possible';
    case 'appointment.overbook':
      return 'Overbooked on a desk, but it isn’t possible';
    case 'series.book':
      return 'A series booked on a desk, but some of its times were taken first';
    case 'waitlist.offer':
      return taken
        ? 'Offered to the waitlist on a desk, but the time was taken first'
        : 'Offered to the waitlist on a desk, but it isn’t possible';
    case 'waitlist.accept':
      return 'Booked from the waitlist on a desk, but it isn’t possible';
    case 'waitlist.add':
    case 'waitlist.edit':
    case 'waitlist.close':
    case 'waitlist.decline':
      return 'A change of the waitlist could not be kept';
    case 'appointment.cancel':
      return 'Cancelled on a desk, but it isn’t possible';
    case 'patient.create':
      return reasons.some((reason) => reason.code === 'duplicate')
        ? 'A new patient may be here already'
        : 'A new patient could not be kept';
    case 'patient.edit':
      return 'A change of a patient could not be kept';
    case 'time.block':
    case 'time.unblock':
      return 'A block could not be changed';
    default:
      return 'A change could not be kept';
  }
}

function words(reasons: readonly RefusalReason[], facts: Facts): string[] {
  const names = {
    patientName: (id: string) => {
      const patient = facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  return reasons.map((reason) => describeRefusal(reason, names));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  return String(value);
}
