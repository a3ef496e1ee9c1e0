/** The only door to nodemailer. */
import { createTransport } from 'nodemailer';
import { isMailAddress, type Mail } from './mail';

export interface Sent {
  /** What the server that took it calls it. */
  providerId: string | null;
  detail: string;
}

/** Takes one e-mail, or throws a MailRefused, or anything else where it may go better next time. */
export interface Mailer {
  /** Whom mails are from. */
  from: string;
  send(mail: Mail): Promise<Sent>;
  close(): void;
}

/** It will not be taken next time either: the address is wrong, or the content is refused. */
export class MailRefused extends Error {}

export interface SmtpOptions {
  url: string;
  from: string;
  /** To connect, to be greeted, and between two answers; the whole may take three times as long. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 15_000;
const longestDetail = 300;

/**
 * A connection for each mail: a clinic writes a few a minute, and there is no idle one that the other side might have
 * closed. Passwords travel in the address and nowhere else.
 */
export function smtpMailer({ url, from, timeoutMs = defaultTimeoutMs }: SmtpOptions): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    from,
    async send(mail) {
      if (!isMailAddress(mail.to.address)) throw new MailRefused('the address is not one');
      try {
        const info = await within(3 * timeoutMs, transport.sendMail(headersOf(mail)));
        return { providerId: info.messageId, detail: short(info.response) };
      } catch (error) {
        throw isPermanent(error) ? new MailRefused(short(said(error)), { cause: error }) : error;
      }
    },
    close: () => transport.close(),
  };
}

function headersOf(mail: Mail) {
  return {
    messageId: mail.messageId,
    from: mail.from,
    to: mail.to,
    ...(mail.replyTo && isMailAddress(mail.replyTo) ? { replyTo: mail.replyTo } : {}),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // No vacation notes in return (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(mail.calendar ? { icalEvent: mail.calendar } : {}),
  };
}

/** What a failure says, short enough to keep and without what was sent. */
export function said(error: unknown): string {
  return short(error instanceof Error ? error.message : String(error));
}

function short(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longestDetail);
}

/** A server that says 5xx to a recipient or to the content says it again. To a password it does not: that is mended. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  return (
    responseCode !== undefined &&
    responseCode >= 500 &&
    responseCode < 600 &&
    (command === 'RCPT TO' || command === 'DATA')
  );
}

/** A server that answers a little at a time would never be silent for long. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
