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
  | { code: 'same-patient'; appointmentId: string; startsAt: Instant };

export interface Refused {
  kind: 'refused';
  reasons: RefusalReason[];
  /** The nearest free slots, where the refusal is about a time. */
  alternatives: Slot[];
}

export type Decision = Done | Refused;

/** Records that `decide` reads besides those every act has (directory, plans, busy times from now on). */
export type Needs = { [K in RecordKind]?: readonly string[] };

export interface Act<Name extends string = string, Args = unknown> {
  name: Name;
  /** Raised when the meaning of the arguments changes; the server runs this one and the one before. */
  version: number;
  args: z.ZodType<Args>;
  /** What the actor lacks, in words for the person; null when nothing. */
  forbids(actor: Actor, args: Args, facts: Facts): string | null;
  needs(args: Args): Needs;
  decide(facts: Facts, args: Args, context: ActContext): Decision;
}

export function defineAct<const Name extends string, Args>(act: Act<Name, Args>): Act<Name, Args> {
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
