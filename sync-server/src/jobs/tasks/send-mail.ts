/**
 * Sends a clinic's e-mails that are due. Each is taken and looked at in one transaction, sent outside of any, and
 * written off in another. So between the mail server's yes and the second commit lies a window: whoever vanishes in it
 * leaves the message being sent, and after `leaseMinutes` it goes out once more, under the same Message-ID. That is
 * counted, and is the price for never losing one.
 */
import { randomBytes } from 'node:crypto';
import type { Actor } from '@medic/shared/acts/act';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import { uuidv7 } from '@medic/shared/model/id';
import type { Intent } from '@medic/shared/model/intent';
import type { Notification } from '@medic/shared/model/notification';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import type { ActRequest } from '../../acts/outcome';
import {
  type Claimed,
  claimDue,
  hasFailures,
  messagesOfOffer,
  type Outcome,
  settleClaimed,
} from '../../db/notifications';
import type { Pool } from '../../db/pool';
import { inClinic, type Transaction } from '../../db/transaction';
import type { Mail } from '../../messages/mail';
import { type Mailer, MailRefused, said } from '../../messages/mailer';
import { log } from '../../telemetry/log';
import { mailsHandled, mailsInDoubt } from '../../telemetry/metrics';
import { type MailFacts, mailFacts, offerPayload } from './mail-facts';
import { type Links, writeMail } from './mail-writing';

export interface MailParts {
  pool: Pool;
  /** Decides an act of the server itself. */
  execute(request: ActRequest): Promise<Intent>;
  mailer: Mailer;
  links: Links;
  /** The address of the public pages, without a slash at the end. */
  publicUrl: string;
  now(): Instant;
}

/** What is written so far; reminders and digests come with plans of their own. */
const kinds: readonly Notification['kind'][] = [
  'requested',
  'proposed',
  'confirmed',
  'declined',
  'moved',
  'cancelled',
  'waitlist-offer',
  'series-summary',
];
/** Sent side by side, each over a connection of its own. */
const batch = 5;
/** Longer than any mail server is waited for. */
const leaseMinutes = 5;
/** After the first failure, the second, and so on; the last is the fifth. */
const pausesMinutes = [1, 5, 15, 60];

interface Ready {
  message: Notification;
  mail: Mail;
}

/** It will not be sent any more. */
interface Lost {
  message: Notification;
  outcome: Outcome;
}

/** Says how many were taken from the outbox; none when nothing is due. */
export async function sendDueMail(parts: MailParts, clinicId: string): Promise<number> {
  const { taken, ready, lost } = await inClinic(parts.pool, clinicId, (tx) => take(tx, parts, clinicId));
  const ends = await Promise.allSettled([
    ...ready.map((each) => send(parts, each)),
    ...lost.map(({ message, outcome }) => end(parts, message, outcome, '')),
  ]);
  // Each gets its chance first; then the database's failure is told.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return taken;
}

async function take(
  tx: Transaction,
  { mailer, links, publicUrl, now }: MailParts,
  clinicId: string,
): Promise<{ taken: number; ready: Ready[]; lost: Lost[] }> {
  const at = now();
  const claimed = await claimDue(tx, {
    channel: 'email',
    kinds,
    now: at,
    leaseUntil: plusMinutes(at, leaseMinutes),
    limit: batch,
  });
  if (claimed.length === 0) return { taken: 0, ready: [], lost: [] };
  const facts = await mailFacts(
    tx,
    clinicId,
    claimed.map(({ notification }) => notification),
  );
  const ready: Ready[] = [];
  const lost: Lost[] = [];
  for (const each of claimed) {
    const message = each.notification;
    const outcome = await outcomeBefore(tx, each, facts, { from: mailer.from, links, publicUrl, now: at });
    if ('mail' in outcome) {
      ready.push({ message, mail: outcome.mail });
      continue;
    }
    if (outcome.state === 'failed') lost.push({ message, outcome });
    else await settle(tx, message, outcome);
    // Those that follow about the same visit have to know.
    const told = facts.told.get(message.appointmentId ?? '')?.find(({ id }) => id === message.id);
    if (told) told.state = outcome.state;
  }
  return { taken: claimed.length, ready, lost };
}

async function outcomeBefore(
  tx: Transaction,
  { notification, inDoubt }: Claimed,
  facts: MailFacts,
  parts: Parameters<typeof writeMail>[3],
): Promise<{ mail: Mail } | Outcome> {
  if (notification.attempts > pausesMinutes.length + 1)
    return { state: 'failed', detail: 'its sender vanished each time' };
  let mail: ReturnType<typeof writeMail>;
  try {
    mail = writeMail(notification, facts, await isOfferHeard(tx, notification), parts);
  } catch (error) {
    // A bug of ours. It waits like any failure: a new version may know how to write it.
    log.error({ err: error, notificationId: notification.id }, 'an e-mail could not be written');
    return afterFailure(notification, 'it could not be written', parts.now);
  }
  if ('drop' in mail) return { state: 'dropped', detail: mail.drop };
  if (inDoubt) mailsInDoubt.inc();
  return { mail };
}

async function isOfferHeard(tx: Transaction, { kind, payload, patientId }: Notification): Promise<boolean> {
  const offered = offerPayload.safeParse(payload).data;
  if (kind !== 'waitlist-offer' || !offered?.withdrawn || !patientId) return false;
  const messages = await messagesOfOffer(tx, 'email', patientId, offered.offerId);
  return messages.some(
    (each) => each.payload.withdrawn !== true && (each.state === 'sent' || each.state === 'delivered'),
  );
}

async function send(parts: MailParts, { message, mail }: Ready): Promise<void> {
  const { mailer, now } = parts;
  let outcome: Outcome;
  try {
    const { providerId, detail } = await mailer.send(mail);
    outcome = { state: 'sent', detail, providerId: providerId?.slice(0, 200) ?? null, sentAt: now() };
  } catch (error) {
    outcome =
      error instanceof MailRefused
        ? { state: 'failed', detail: said(error) }
        : afterFailure(message, said(error), now());
    // Without what the server said: it repeats the address.
    log.warn({ notificationId: message.id, state: outcome.state }, 'an e-mail was not sent');
  }
  await end(parts, message, outcome, mail.to.address);
}

/**
 * What failed for good becomes a person's before it is written off: whoever vanishes in between leaves it being sent,
 * and it fails once more, under the same request id. What arrives settles what failed before it.
 */
async function end(
  parts: MailParts,
  message: Notification,
  outcome: Outcome,
  address: string,
): Promise<void> {
  const { id, patientId, clinicId, kind, channel, appointmentId } = message;
  if (outcome.state === 'failed' && patientId !== null) {
    const why = outcome.detail.slice(0, 1000);
    const failed = { notificationId: id, patientId, kind, channel, appointmentId, address, why };
    await decide(parts, clinicId, 'message.failed', failed, id);
  }
  const owed = await inClinic(parts.pool, clinicId, async (tx) => {
    await settle(tx, message, outcome);
    return outcome.state === 'sent' && patientId !== null && (await hasFailures(tx, patientId));
  });
  if (owed && patientId !== null)
    await decide(parts, clinicId, 'message.arrived', { patientId }, uuidv7(parts.now(), randomBytes(10)));
}

const server: Actor = { kind: 'system', id: null, name: 'Medic', roles: [], rights: [], doctorId: null };

async function decide<N extends ActName>(
  parts: MailParts,
  clinicId: string,
  act: N,
  args: ActArgs<N>,
  requestId: string,
): Promise<void> {
  const { version } = acts[act];
  const answer = await parts.execute({
    clinicId,
    actor: server,
    act,
    actVersion: version,
    args,
    requestId,
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
  if (answer.status !== 'done')
    log.error({ act, requestId, outcome: answer.status }, 'what became of an e-mail could not be kept');
}

function afterFailure({ attempts }: Notification, detail: string, now: Instant): Outcome {
  const pause = pausesMinutes[attempts - 1];
  return pause === undefined
    ? { state: 'failed', detail }
    : { state: 'due', detail, dueAt: plusMinutes(now, pause) };
}

async function settle(tx: Transaction, message: Notification, outcome: Outcome): Promise<void> {
  const isOurs = await settleClaimed(tx, message, outcome);
  if (!isOurs)
    log.warn({ notificationId: message.id }, 'an e-mail took longer than its time; somebody else has it');
  mailsHandled.inc({ kind: message.kind, outcome: outcome.state });
}
