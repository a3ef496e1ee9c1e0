/** The clinic's own words for a message: plain text with `{{placeholders}}`, filled in once and never read again. */
import type { MessageTemplate } from '@medic/shared/model/notification';

export const placeholders = [
  'patient',
  'clinic',
  'phone',
  'date',
  'time',
  'zone',
  'doctor',
  'location',
  'address',
  'link',
] as const;
export type Placeholder = (typeof placeholders)[number];
export type PlaceholderValues = Record<Placeholder, string>;

/** A subject is read by whoever looks at the phone: nothing that says who is treated by whom. */
const inSubjects: readonly Placeholder[] = ['clinic', 'phone', 'date', 'time', 'zone', 'location'];

const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** What is wrong with a template, in words for whoever writes it; none when it can be used. */
export function templateProblems({ subject, body }: Pick<MessageTemplate, 'subject' | 'body'>): string[] {
  const problems: string[] = [];
  const says = (what: string, text: string, allowed: readonly Placeholder[]) => {
    for (const [whole, name = ''] of text.matchAll(pattern)) {
      if (allowed.includes(name as Placeholder)) continue;
      const known = placeholders.includes(name as Placeholder);
      problems.push(
        known
          ? `${what}: ${whole} does not belong there, anybody may read it`
          : `${what}: there is no ${whole}. Possible are ${allowed.map((each) => `{{${each}}}`).join(' ')}`,
      );
    }
    if (/\{\{|\}\}/.test(text.replaceAll(pattern, ''))) problems.push(`${what}: a {{ or }} has no partner`);
  };
  says('Subject', subject, inSubjects);
  says('Text', body, placeholders);
  if (/[\r\n]/.test(subject)) problems.push('Subject: it has to be one line');
  return problems;
}

export type FilledPart = { text: string } | { link: string };

/** The body as paragraphs of parts, so that the link can be one where links can be clicked. */
export function fillBody(body: string, values: PlaceholderValues): FilledPart[][] {
  return body
    .replaceAll(/\r\n?/g, '\n')
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => {
      const parts: FilledPart[] = [];
      let from = 0;
      for (const found of paragraph.matchAll(pattern)) {
        parts.push({ text: paragraph.slice(from, found.index) });
        const name = found[1] as Placeholder;
        parts.push(name === 'link' ? { link: values.link } : { text: values[name] });
        from = found.index + found[0].length;
      }
      parts.push({ text: paragraph.slice(from) });
      return parts;
    });
}

export function fillSubject(subject: string, values: PlaceholderValues): string {
  return subject.replaceAll(pattern, (_whole, name: string) => values[name as Placeholder]);
}

export function hasLink(body: string): boolean {
  return [...body.matchAll(pattern)].some(([, name]) => name === 'link');
}
