import {
  type MessageTemplate,
  messageTemplate,
  type Notification,
  notification,
} from '@medic/shared/model/notification';
import type { WaitlistOffer } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import type { Queryable } from './pool';
import { clinicHere, selectList, sendRows } from './records';
import type { Transaction } from './transaction';

type Channel = Notification['channel'];

/** A message that is there already, for the same visit, kind, offset, channel and SEQUENCE, is not written again. */
export function insertNotifications(tx: Transaction, notifications: readonly Notification[]): void {
  sendRows(tx, notification, notifications, { orIgnore: true });
}

/** Clinics that have something to send by then, the longest overdue first. Needs no clinic to be set. */
export async function clinicsWithUnsent(
  db: Queryable,
  channel: Channel,
  until: Instant,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT id FROM clinics_with_unsent($1, to_timestamp($2::float8 / 1000), $3) AS id',
    [channel, until, limit],
  );
  return rows.map((row) => row.id);
}

export interface Claimed {
  notification: Notification;
  /** It was being sent when whoever sent it vanished: it may have gone out. */
  inDoubt: boolean;
}

/**
 * Takes messages that are due, so that nobody else does. A message that is being sent is due again at `leaseUntil`,
 * should its sender vanish. In the order in which they were written.
 */
export async function claimDue(
  tx: Transaction,
  options: {
    channel: Channel;
    kinds: readonly Notification['kind'][];
    now: Instant;
    leaseUntil: Instant;
    limit: number;
  },
): Promise<Claimed[]> {
  const { rows } = await tx.prepared<Notification & { before: string }>(
    'claim notifications',
    `WITH due AS (
       SELECT id, state FROM notifications
        WHERE clinic_id = ${clinicHere} AND channel = $1 AND kind = ANY($2::text[])
          AND state IN ('due', 'sending') AND due_at <= to_timestamp($3::float8 / 1000)
        ORDER BY due_at, id LIMIT $5::integer FOR UPDATE SKIP LOCKED)
     UPDATE notifications n
        SET state = 'sending', attempts = n.attempts + 1, due_at = to_timestamp($4::float8 / 1000)
       FROM due WHERE n.clinic_id = ${clinicHere} AND n.id = due.id
     RETURNING ${selectList(notification, 'n')}, due.state AS before`,
    [options.channel, options.kinds, options.now, options.leaseUntil, options.limit],
  );
  return rows
    .map(({ before, ...claimed }) => ({ notification: claimed, inDoubt: before === 'sending' }))
    .sort((a, b) => inOrder(a.notification, b.notification));
}

/** What happened to a message that was claimed. */
export interface Outcome {
  state: Notification['state'];
  detail: string;
  providerId?: string | null;
  sentAt?: Instant | null;
  /** When to try again. */
  dueAt?: Instant;
}

/** False where somebody else has claimed it meanwhile: what became of it is theirs to say. */
export async function settleClaimed(
  tx: Transaction,
  { id, attempts }: Pick<Notification, 'id' | 'attempts'>,
  { state, detail, providerId = null, sentAt = null, dueAt }: Outcome,
): Promise<boolean> {
  const { rowCount } = await tx.prepared(
    'settle notification',
    `UPDATE notifications
        SET state = $3, detail = $4, provider_id = $5, sent_at = to_timestamp($6::float8 / 1000),
            due_at = coalesce(to_timestamp($7::float8 / 1000), due_at)
      WHERE clinic_id = ${clinicHere} AND id = $1 AND state = 'sending' AND attempts = $2`,
    [id, attempts, state, detail.slice(0, 1000), providerId, sentAt, dueAt ?? null],
  );
  return rowCount === 1;
}

/** All messages of a channel about these visits, in the order in which they were written. */
export async function messagesOfVisits(
  tx: Transaction,
  channel: Channel,
  visitIds: readonly string[],
): Promise<Notification[]> {
  const { rows } = await tx.prepared<Notification>(
    'messages of visits',
    `SELECT ${selectList(notification)} FROM notifications
      WHERE clinic_id = ${clinicHere} AND appointment_id = ANY($1::uuid[]) AND channel = $2`,
    [visitIds, channel],
  );
  return rows.sort(inOrder);
}

/** All messages of a channel about one offer, in the order in which they were written. */
export async function messagesOfOffer(
  tx: Transaction,
  channel: Channel,
  patientId: string,
  offerId: WaitlistOffer['id'],
): Promise<Notification[]> {
  const { rows } = await tx.prepared<Notification>(
    'messages of an offer',
    `SELECT ${selectList(notification)} FROM notifications
      WHERE clinic_id = ${clinicHere} AND patient_id = $1 AND channel = $2 AND payload ->> 'offerId' = $3`,
    [patientId, channel, offerId],
  );
  return rows.sort(inOrder);
}

/** Whether messages to this patient failed, and nobody has looked after it yet. */
export async function hasFailures(tx: Transaction, patientId: string): Promise<boolean> {
  const { rows } = await tx.prepared<{ found: boolean }>(
    'failures of a patient',
    `SELECT EXISTS (SELECT FROM attention_items
       WHERE clinic_id = ${clinicHere} AND patient_id = $1 AND kind = 'message-failed' AND status = 'open' AND NOT deleted) AS found`,
    [patientId],
  );
  return rows[0]?.found === true;
}

export async function messageTemplates(tx: Transaction, channel: Channel): Promise<MessageTemplate[]> {
  const { rows } = await tx.prepared<MessageTemplate>(
    'message templates',
    `SELECT ${selectList(messageTemplate)} FROM message_templates WHERE clinic_id = ${clinicHere} AND channel = $1`,
    [channel],
  );
  return rows;
}

function inOrder(a: Notification, b: Notification): number {
  return a.createdAt - b.createdAt || a.sequence - b.sequence || (a.id < b.id ? -1 : 1);
}
