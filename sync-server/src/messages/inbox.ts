/** For development without an SMTP server: e-mails are kept in memory and shown on a page. Nothing leaves the machine. */
import type { Mail } from './mail';
import type { Mailer } from './mailer';

export interface KeptMail {
  id: string;
  at: number;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments: { filename: string; contentType: string; text: string }[];
}

export interface Inbox extends Mailer {
  /** Newest first. */
  mails(): readonly KeptMail[];
}

const mostMails = 500;

export function openInbox(now: () => number): Inbox {
  const kept: KeptMail[] = [];
  return {
    from: 'medic@localhost',
    async send(mail) {
      kept.unshift(keptMail(mail, now()));
      kept.length = Math.min(kept.length, mostMails);
      return { providerId: null, detail: 'inbox' };
    },
    mails: () => kept,
    close: () => undefined,
  };
}

function keptMail(mail: Mail, at: number): KeptMail {
  const { calendar } = mail;
  return {
    id: mail.messageId.slice(1, mail.messageId.lastIndexOf('@')),
    at,
    from: `${mail.from.name} <${mail.from.address}>`,
    to: mail.to.name ? `${mail.to.name} <${mail.to.address}>` : mail.to.address,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    attachments: calendar
      ? [
          {
            filename: calendar.filename,
            contentType: `text/calendar; method=${calendar.method}`,
            text: calendar.content,
          },
        ]
      : [],
  };
}
