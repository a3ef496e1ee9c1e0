/** E-mails that development keeps instead of sending. Only for who sits at the machine; and it changes nothing. */
import { type Request, type Response, Router } from 'express';

/** Newest first. */
export interface InboxMails {
  mails(): readonly InboxMail[];
}

interface InboxMail {
  id: string;
  at: number;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments: readonly { filename: string; contentType: string; text: string }[];
}

/** `/` is the page, `/mails.json` the same for programs. */
export function inboxPage(inbox: () => InboxMails | null): Router {
  const router = Router();
  function mailsFor(req: Request, res: Response): readonly InboxMail[] | null {
    const found = isHere(req) ? inbox() : null;
    if (!found) res.status(404).type('text').send('There is nothing at this address.');
    return found?.mails() ?? null;
  }
  router.get('/', (req, res) => {
    const mails = mailsFor(req, res);
    if (mails) res.set('Cache-Control', 'no-store').type('html').send(page(mails));
  });
  router.get('/mails.json', (req, res) => {
    const mails = mailsFor(req, res);
    if (mails) res.set('Cache-Control', 'no-store').json(mails);
  });
  return router;
}

/** From this machine, asked for by a name of this machine: so neither through a proxy nor by a page from elsewhere. */
function isHere(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address) &&
    ['localhost', '127.0.0.1', '[::1]', '::1'].includes(req.hostname) &&
    req.get('x-forwarded-for') === undefined &&
    req.get('forwarded') === undefined
  );
}

const style = `
  :root { color-scheme: light dark; }
  body { max-width: 860px; margin: 0 auto; padding: 24px 16px; font: 16px/1.5 system-ui, sans-serif; }
  article { margin: 24px 0; padding: 16px; border: 1px solid #84919d; border-radius: 10px; overflow-wrap: anywhere; }
  h2 { margin: 0; font-size: 18px; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 640px; border: 1px solid #84919d; border-radius: 6px; }
  summary { min-height: 24px; padding: 6px 0; cursor: pointer; }`;

function page(mails: readonly InboxMail[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Development inbox</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Development inbox</h1>
<p>For development only, and only on this machine. No e-mail leaves it: what Medic would have sent is kept here until the server stops. With <code>MEDIC_SMTP_URL</code> set, e-mail is sent and this page is gone.</p>
<p>${mails.length === 0 ? 'No e-mail yet. What staff change is written three minutes later.' : `${mails.length} kept, newest first.`}</p>
${mails.map(article).join('\n')}
</main>
</body>
</html>`;
}

/** The preview runs no script, opens nothing and knows nothing of this page: `sandbox` without a word in it. */
function article(mail: InboxMail): string {
  return `<article id="${escaped(mail.id)}">
<h2>${escaped(mail.subject)}</h2>
<p>To ${escaped(mail.to)}<br>From ${escaped(mail.from)}<br><time datetime="${new Date(mail.at).toISOString()}">${new Date(mail.at).toISOString()}</time></p>
<details open><summary>Text</summary><pre>${linked(mail.text)}</pre></details>
<details><summary>HTML</summary><iframe sandbox title="${escaped(`HTML of: ${mail.subject}`)}" srcdoc="${escaped(mail.html)}"></iframe></details>
${mail.attachments.map(({ filename, contentType, text }) => `<details><summary>${escaped(filename)} (${escaped(contentType)})</summary><pre>${escaped(text)}</pre></details>`).join('\n')}
</article>`;
}

function linked(text: string): string {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, i) =>
      i % 2 === 0 ? escaped(part) : `<a href="${escaped(part)}" rel="noreferrer">${escaped(part)}</a>`,
    )
    .join('');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
