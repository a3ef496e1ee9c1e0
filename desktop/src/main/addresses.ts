/** Which addresses the app trusts, and which it hands to the system. */

export const appScheme = 'app';
export const appOrigin = `${appScheme}://desk`;

/** The page itself: from the built files, or from the dev server when there is one. */
export function isOwnPage(url: string, devUrl: string | null): boolean {
  const parsed = parse(url);
  if (!parsed) return false;
  if (parsed.protocol === `${appScheme}:` && parsed.host === 'desk') return true;
  return devUrl !== null && parsed.origin === parse(devUrl)?.origin;
}

/** What a link may open outside the app. `javascript:`, `file:` and programs' own schemes may not. */
export function isOutside(url: string): boolean {
  const parsed = parse(url);
  return parsed !== null && ['https:', 'http:', 'mailto:', 'tel:'].includes(parsed.protocol);
}

/**
 * The sync server's origin, or null when the text is none. Without TLS only on this very computer: sessions and
 * patients' data go over it.
 */
export function serverOrigin(text: string): string | null {
  const parsed = parse(text);
  if (parsed?.username !== '' || parsed.password !== '') return null;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname);
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && local) ? parsed.origin : null;
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
