/**
 * Whether a message in the outbox is still worth sending, and as what. The act wrote it when it was decided; by now
 * the visit may have moved on, been taken back, or begun. Pure.
 */
import type { Appointment, AppointmentEvent, AppointmentStatus } from '@medic/shared/model/appointment';
import { email } from '@medic/shared/model/fields';
import type { Notification } from '@medic/shared/model/notification';
import type { Patient } from '@medic/shared/model/patient';
import { dayMs, type Instant } from '@medic/shared/time/instant';
import { z } from 'zod';
import type { VisitMessageKind } from '../../messages/message';

/** Nobody wants to hear days later what was so then: after an outage, say. */
const oldestMs = 3 * dayMs;

export interface Drop {
  drop: string;
}

/** What a visit was like before the changes that a message is about. */
export type Before = Pick<Appointment, 'startsAt' | 'endsAt' | 'doctorId' | 'locationId'>;

/** What a message says, as it stands now. */
export interface Standing {
  kind: VisitMessageKind;
  before: Before | null;
  /** The patient said no to a suggested time, and not the clinic to a request. */
  byPatient?: boolean;
}

/** The address in the form that this message answers, where it is not the record's. */
const answerPayload = z.object({ email: email() });

/** Who is written to at which address; or why nobody can or may be. */
export function recipientOf(
  message: Pick<Notification, 'createdAt' | 'payload'>,
  patient: Patient | undefined,
  events: readonly AppointmentEvent[],
): { patient: Patient; address: string } | Drop {
  if (!patient || patient.deleted) return { drop: 'patient is gone' };
  const typed = answerPayload.safeParse(message.payload).data?.email;
  if (typed) return { patient, address: typed };
  if (!patient.email) return { drop: 'no address' };
  // Who books, moves or cancels online is answered, whatever else they want to hear.
  const isAnswer = events.some(
    (event) => event.occurredAt === message.createdAt && event.actorKind === 'patient',
  );
  return patient.consentEmail || isAnswer ? { patient, address: patient.email } : { drop: 'no consent' };
}

export function isTooLate({ createdAt }: Pick<Notification, 'createdAt'>, now: Instant): boolean {
  return now - createdAt > oldestMs;
}

const fitting: Record<VisitMessageKind, readonly AppointmentStatus[]> = {
  requested: ['pending'],
  proposed: ['proposed'],
  confirmed: ['booked'],
  moved: ['booked', 'pending', 'proposed'],
  declined: ['cancelled'],
  cancelled: ['cancelled', 'entered-in-error'],
};

/**
 * `earlier`: messages about the visit on the same channel that were written before this one, in their order.
 *
 * Of what staff change within the minutes that their messages wait, the patient hears the sum: the last change counts,
 * compared with what the patient knew. Where that is the same, nothing is sent.
 */
export function visitMessage(
  message: Notification,
  visit: Appointment | undefined,
  earlier: readonly Notification[],
  now: Instant,
): Standing | Drop {
  if (!visit || visit.deleted) return { drop: 'visit is gone' };
  if (visit.sequence !== message.sequence) return { drop: 'superseded' };
  const kind = writtenKind(message);
  if (!fitting[kind].includes(visit.status)) return { drop: `visit is ${visit.status}` };
  if (visit.startsAt <= now) return { drop: 'visit has begun' };

  const since = unheardSince(message, earlier);
  const changes = visit.events.filter((event) => event.occurredAt >= since);
  const isNew = changes.some((event) => event.fromStatus === null);
  if (kind === 'cancelled' && isNew && visit.status === 'entered-in-error') return { drop: 'undone' };
  // A suggestion that was taken back before it went out never was.
  if (isNew && visit.status === 'cancelled' && visit.events.at(-1)?.fromStatus === 'proposed')
    return { drop: 'undone' };
  if (kind !== 'moved') {
    const byPatient = kind === 'declined' && visit.events.at(-1)?.actorKind === 'patient';
    return { kind, before: null, ...(byPatient ? { byPatient } : {}) };
  }
  const anew: Standing = { kind: firstKind(visit.status), before: null };
  if (isNew) return anew;
  const before = placeBefore(visit, changes);
  if (before && isSame(before, visit)) return { drop: 'undone' };
  // What is not booked yet has not moved, but is asked for or suggested anew.
  return visit.status === 'booked' ? { kind, before } : anew;
}

/** Kinds of the outbox that speak of one visit. */
function writtenKind({ kind, payload }: Notification): VisitMessageKind {
  switch (kind) {
    case 'requested':
      // As the version before wrote a suggestion.
      return payload.proposed === true ? 'proposed' : 'requested';
    case 'proposed':
    case 'confirmed':
    case 'declined':
    case 'moved':
    case 'cancelled':
      return kind;
    default:
      throw new Error(`Broken invariant: a message of the kind ${kind} is not about one visit`);
  }
}

function firstKind(status: AppointmentStatus): VisitMessageKind {
  if (status === 'pending') return 'requested';
  return status === 'proposed' ? 'proposed' : 'confirmed';
}

/** Of a series that moved: whether this visit is where the patient knows it to be, there and back within the minutes. */
export function standsAsHeard(
  message: Notification,
  visit: Appointment,
  earlier: readonly Notification[],
): boolean {
  const since = unheardSince(message, earlier);
  const before = placeBefore(
    visit,
    visit.events.filter((event) => event.occurredAt >= since),
  );
  return before !== null && isSame(before, visit);
}

/** When the first change was made of which the patient has not heard. */
function unheardSince(message: Notification, earlier: readonly Notification[]): Instant {
  let since = message.createdAt;
  for (const before of earlier.toReversed()) {
    if (!unheard.includes(before.state)) break;
    since = before.createdAt;
  }
  return since;
}

/** A message that still waits is superseded by the one that is looked at. */
const unheard: readonly Notification['state'][] = ['due', 'dropped', 'failed'];

type PlaceField = keyof Before | 'appointmentTypeId';
const placeFields: readonly PlaceField[] = [
  'startsAt',
  'endsAt',
  'doctorId',
  'locationId',
  'appointmentTypeId',
];

/** Null where the timeline does not tell. */
function placeBefore(
  visit: Appointment,
  changes: readonly AppointmentEvent[],
): Pick<Appointment, PlaceField> | null {
  const { startsAt, endsAt, doctorId, locationId, appointmentTypeId } = visit;
  const before = { startsAt, endsAt, doctorId, locationId, appointmentTypeId };
  let told = false;
  for (const { changed } of changes.toReversed()) {
    for (const field of placeFields) {
      const change = changed[field];
      if (!change) continue;
      Object.assign(before, { [field]: change[0] });
      told = true;
    }
  }
  return told ? before : null;
}

function isSame(before: Pick<Appointment, PlaceField>, visit: Appointment): boolean {
  return placeFields.every((field) => before[field] === visit[field]);
}
