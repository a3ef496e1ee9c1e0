/**
 * A letter as HTML for mail programs: no tables, scripts, images, fonts or tracking; styles inline, since many drop a
 * style sheet, and one small sheet for dark mode and narrow screens, without which nothing is lost. Every value goes
 * through `escaped`.
 */
import type { Letter, LetterCard } from './letter';

const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const ink = '#13202a';
const inkSoft = '#3f4e5a';
const line = '#e0e6eb';
const link = '#0a5a54';

const sheet = `
  @media (max-width: 599px) {
    .paper { border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important; padding: 24px 16px !important; }
    .page { padding: 0 !important; }
    .foot { padding: 20px 16px 32px !important; }
  }
  @media (prefers-color-scheme: dark) {
    .page { background: #0c1114 !important; }
    .paper { background: #13191e !important; border-color: #263038 !important; }
    .card { background: #1a2228 !important; border-color: #263038 !important; }
    .ink { color: #e9eef2 !important; }
    .soft { color: #bac5ce !important; }
    .rule { border-color: #263038 !important; }
    .link { color: #7adccf !important; }
    .solid { background: #2fbfae !important; color: #04211e !important; }
  }`;

export function htmlOf(letter: Letter): string {
  return `<!doctype html>
<html lang="${escaped(letter.language)}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>${escaped(letter.subject)}</title>
<style>${sheet}
</style>
</head>
<body class="page" style="margin:0;padding:24px 0;background:#f3f5f7;font-family:${font};font-size:17px;line-height:1.5;-webkit-text-size-adjust:100%">
${preview(letter.preview)}
<main class="paper" style="box-sizing:border-box;max-width:552px;margin:0 auto;padding:24px 32px 28px;background:#ffffff;border:1px solid ${line};border-radius:12px;overflow-wrap:anywhere">
${masthead(letter.clinicName)}
<h1 class="ink" style="margin:0 0 8px;font-size:26px;line-height:1.25;color:${ink}">${escaped(letter.heading)}</h1>
${letter.lead.map((parts) => paragraph(parts.map((part) => ('link' in part ? anchor(part.link, letter.linkLabel) : lines(part.text))).join(''))).join('\n')}
${letter.card ? card(letter.card) : ''}
${letter.list.length > 0 ? list(letter.list) : ''}
${letter.code ? code(letter.code) : ''}
${letter.actions.map(({ label, url }) => button(label, url)).join('\n')}
${letter.notes.length > 0 ? `<hr class="rule" style="height:0;margin:16px 0;border:0;border-top:1px solid ${line}">` : ''}
${letter.notes.map((note) => paragraph(lines(note), 16)).join('\n')}
</main>
<footer class="soft foot" style="box-sizing:border-box;max-width:552px;margin:0 auto;padding:20px 32px 32px;font-size:14px;color:${inkSoft};overflow-wrap:anywhere">
${letter.footer.map((each) => `${escaped(each)}<br>`).join('\n')}
${anchor(letter.footerLink.url, letter.footerLink.label)}
</footer>
</body>
</html>
`;
}

/** Mailboxes show what comes first: this, and then nothing for the length of a line, so that no doctor is named there. */
function preview(text: string): string {
  return `<div style="display:none;max-height:0;overflow:hidden" aria-hidden="true">${escaped(text)}${'&#847;&zwnj;&nbsp;'.repeat(80)}</div>`;
}

function masthead(clinicName: string): string {
  const letter = [...clinicName.trim()][0]?.toUpperCase() ?? '';
  return `<p style="margin:0 0 20px"><span class="solid" aria-hidden="true" style="display:inline-block;width:32px;height:32px;margin-right:10px;border-radius:6px;background:#0f766e;color:#ffffff;font-weight:700;line-height:32px;text-align:center">${escaped(letter)}</span><strong class="ink" style="color:${ink}">${escaped(clinicName)}</strong></p>`;
}

function paragraph(html: string, size = 17): string {
  return `<p class="soft" style="margin:0 0 12px;font-size:${size}px;color:${inkSoft}">${html}</p>`;
}

function card({ before, when, struck, people, place }: LetterCard): string {
  const said = before ? `${before.nowLabel}: ${when}` : when;
  const shown = struck ? `<s>${escaped(said)}</s>` : escaped(said);
  return `<section class="card" style="margin:20px 0;padding:18px 20px;background:#f3f5f7;border:1px solid ${line};border-radius:10px">
${before ? `<p class="soft" style="margin:0 0 2px;font-size:16px;color:${inkSoft}">${escaped(before.label)}: <s>${escaped(before.when)}</s></p>` : ''}
<h2 class="ink" style="margin:0 0 12px;font-size:21px;line-height:1.3;color:${ink}">${shown}</h2>
${fact(people.name, escaped(people.detail))}
${fact(place.name, [place.detail ? lines(place.detail) : '', place.directions ? anchor(place.directions.url, place.directions.label) : ''].filter(Boolean).join(' '), true)}
</section>`;
}

function fact(name: string, detailHtml: string, last = false): string {
  return `<p class="ink" style="margin:0 0 ${last ? 0 : 12}px;color:${ink}">${escaped(name)}${detailHtml ? `<br><span class="soft" style="font-size:16px;color:${inkSoft}">${detailHtml}</span>` : ''}</p>`;
}

function list(items: readonly string[]): string {
  return `<ul class="ink card" style="margin:20px 0;padding:14px 20px 14px 36px;background:#f3f5f7;border:1px solid ${line};border-radius:10px;color:${ink}">
${items.map((item) => `<li style="margin:4px 0">${escaped(item)}</li>`).join('\n')}
</ul>`;
}

function code(text: string): string {
  return `<p class="ink card" style="margin:20px 0;padding:16px 20px;background:#f3f5f7;border:1px solid ${line};border-radius:10px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:26px;letter-spacing:2px;text-align:center;color:${ink}">${escaped(text)}</p>`;
}

/** At least 48 px high. */
function button(label: string, url: string): string {
  return `<a class="solid" href="${escaped(url)}" style="display:block;margin:0 0 10px;padding:12px 16px;border-radius:6px;background:#0f766e;color:#ffffff;font-weight:600;text-align:center;text-decoration:none">${escaped(label)}</a>`;
}

function anchor(url: string, label: string): string {
  return `<a class="link" href="${escaped(url)}" style="color:${link};text-decoration:underline">${escaped(label)}</a>`;
}

function lines(text: string): string {
  return escaped(text).replaceAll(/\r\n?|\n/g, '<br>');
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
