/**
 * What an act is: a pure function from facts and arguments to changes. A desk runs it to show, the server runs it
 * to decide; both run this code.
 */
import type { z } from 'zod';
import type { Slot } from '../availability/query';
import type { Reason } from '../availability/reason';
import type { ActorKind, AppointmentEvent, AppointmentStatus } from '../model/appointment';
import type { Notification } from '../model/notification';
import type { RecordKind } from '../model/records';
import type { Right, Role } from '../model/user';
import type { Instant } from '../time/instant';
import type { Change, Facts } from './facts';
import type { PatientIdentity } from './patient/duplicates';

/** Who acts. Decided by the session at the server; never by what a client says. */
export interface Actor {
  kind: ActorKind;
  /** The user or patient, where there is one. */
  id: string | null;
  name: string;
  roles: readonly Role[];
  rights: readonly Right[];
  /** The doctor whose own agenda this is. */
  doctorId: string | null;
  /** Hash of a visitor's secret, whose holds do not block the visitor. */
  holder?: string;
}

export interface ActContext {
  clinicId: string;
  actor: Actor;
  /** When it is decided. */
  now: Instant;
  /**
   * When the person did it: earlier than `now` for what waited offline. Rules about the past look at this, so that
   * a walk-in of the morning is not refused at noon.
   */
  madeAt: Instant;
  /** Ids for what the act makes besides what its arguments name. */
  newId(): string;
}

/** A timeline entry before it has an id, a clinic and a place in the table. */
export type EventDraft = Pick<
  AppointmentEvent,
  'appointmentId' | 'fromStatus' | 'toStatus' | 'changed' | 'reason'
>;

export type NotificationDraft = Pick<
  Notification,
  | 'appointmentId'
  | 'patientId'
  | 'userId'
  | 'kind'
  | 'offsetMinutes'
  | 'channel'
  | 'sequence'
  | 'dueAt'
  | 'payload'
>;

export interface Done {
  kind: 'done';
  changes: Change[];
  events: EventDraft[];
  notifications: NotificationDraft[];
}

/** Why an act cannot be done: a rule of time and place, or one of the act itself. */
export type RefusalReason =
  | { code: 'slot'; reason: Reason; timeZone: string }
  | { code: 'not-allowed'; needs: string }
  | { code: 'unknown'; what: string; id: string }
  | { code: 'exists'; what: string; id: string }
  | { code: 'status'; from: AppointmentStatus; to: AppointmentStatus }
  | { code: 'invalid'; field: string; message: string }
  | { code: 'stale'; field: string; yours: unknown; theirs: unknown }
  /** The database refused what the rules allowed: somebody else has the slot. */
  | { code: 'taken' }
  /** The patient has another visit then. A warning: with `same-patient` among the overrides it is booked. */
  | { code: 'same-patient'; appointmentId: string; startsAt: Instant; timeZone: string }
  /** Too close to the start to be changed online. */
  | { code: 'window'; minutes: number; latestAt: Instant; timeZone: string; phone: string | null }
  /** The kept time ran out, or was kept as long as it may be. */
  | { code: 'hold-ended'; why: 'expired' | 'extended-enough' }
  /** Too many of the day's free times are kept by visitors already. */
  | { code: 'hold-limit' }
  /** Somebody else took the offered time, or it was answered, withdrawn or is over. */
  | { code: 'offer-ended'; why: 'accepted' | 'declined' | 'withdrawn' | 'expired' | 'taken' }
  /** Records that may be the same person. A warning: with `duplicate` among the overrides it is made. */
  | { code: 'duplicate'; patientIds: string[] }
  /** Times of a series that cannot be booked, each with its own reasons. */
  | { code: 'series'; startsAt: Instant; reasons: Reason[]; timeZone: string };

/** What the person was warned of and goes ahead with. */
export const overrides = ['hold', 'same-patient', 'duplicate'] as const;
export type Override = (typeof overrides)[number];

export interface Refused {
  kind: 'refused';
  reasons: RefusalReason[];
  /** The nearest free slots, where the refusal is about a time. */
  alternatives: Slot[];
}

export type Decision = Done | Refused;

/**
 * Records that `decide` reads besides those every act has: the directory, plans, what takes time from now on, and
 * waiting waitlist entries. By id, or all that belong to a patient or a series.
 */
export type Needs = { [K in RecordKind]?: readonly string[] } & {
  /** Every visit (of whatever status and time) and waitlist entry of these patients. */
  ofPatients?: readonly string[];
  /** Open attention items of these patients, and nothing else of theirs. */
  itemsOf?: readonly string[];
  /** Those who may be the same person as one of these. */
  likePatients?: readonly PatientIdentity[];
  /** Every visit of these series. */
  ofSeries?: readonly string[];
};

export interface Act<Name extends string = string, Args = unknown, Input = unknown> {
  name: Name;
  /**
   * Raised when the arguments change. The server runs this one and the one before, so `args` reads both: what is new
   * has a default under which the act does what it did.
   */
  version: number;
  args: z.ZodType<Args, Input>;
  /** What the actor lacks, in words for the person; null when nothing. */
  forbids(actor: Actor, args: Args, facts: Facts): string | null;
  needs(args: Args): Needs;
  decide(facts: Facts, args: Args, context: ActContext): Decision;
}

export function defineAct<const Name extends string, Args, Input>(
  act: Act<Name, Args, Input>,
): Act<Name, Args, Input> {
  return act;
}

export function done(
  changes: Change[],
  events: EventDraft[] = [],
  notifications: NotificationDraft[] = [],
): Done {
  return { kind: 'done', changes, events, notifications };
}

export function refused(reasons: RefusalReason[], alternatives: Slot[] = []): Refused {
  return { kind: 'refused', reasons, alternatives };
}
