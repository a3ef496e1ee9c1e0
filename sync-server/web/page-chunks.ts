/**
 * Pages that are not part of the first script. Whoever shows one fetches it first, so that it is there at once when it
 * is rendered: taking over the server's HTML must not begin with a gap.
 */
import type { Shown } from './load';

type LaterPages = typeof import('./later-pages');

const laterPages: ReadonlySet<Shown['page']> = new Set(['details', 'review', 'taken', 'booked', 'waitlist']);

let later: LaterPages | null = null;

export function isLaterPage(page: Shown['page']): boolean {
  return laterPages.has(page);
}

/** Rejects where the files cannot be had: without a connection, or after a new build has replaced them. */
export async function fetchPages(page: Shown['page']): Promise<void> {
  if (isLaterPage(page)) later ??= await import('./later-pages');
}

/** On the server all pages are there from the start. */
export function providePages(pages: LaterPages): void {
  later = pages;
}

export function fetchedPages(): LaterPages {
  if (!later) throw new Error('this page was not fetched before it was shown');
  return later;
}
