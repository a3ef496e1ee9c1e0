/** A request as the API sees it: where it comes from, what it carries, and which page made it. */
import type { Request, Response } from 'express';
import type { Context, Cookies, Services } from '../api/trpc';

export function contextOf(req: Request, res: Response, services: Services): Context {
  return {
    services,
    address: req.ip ?? '',
    bearer: bearerOf(req),
    cookies: cookiesOf(req, res),
    foreign: isForeign(req),
  };
}

function bearerOf(req: Request): string | null {
  const [scheme, token] = (req.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token ? token : null;
}

const longestValue = 300;

/**
 * Behind TLS the names begin with `__Host-`: a browser takes such a cookie from this host only, so that no neighbour
 * under the same domain can plant one.
 */
function cookiesOf(req: Request, res: Response): Cookies {
  const named = (name: string) => (req.secure ? `__Host-${name}` : name);
  const attributes = `Path=/; HttpOnly${req.secure ? '; Secure' : ''}`;
  return {
    get: (name) => readCookie(req.headers.cookie ?? '', named(name)),
    set: (name, value, { sameSite, maxAgeSeconds }) => {
      const site = sameSite === 'strict' ? 'Strict' : 'Lax';
      res.append(
        'Set-Cookie',
        `${named(name)}=${value}; Max-Age=${maxAgeSeconds}; SameSite=${site}; ${attributes}`,
      );
    },
    clear: (name) => {
      res.append('Set-Cookie', `${named(name)}=; Max-Age=0; SameSite=Strict; ${attributes}`);
    },
  };
}

function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const value = pair.slice(at + 1).trim();
    return value.length > 0 && value.length <= longestValue ? value : null;
  }
  return null;
}

/**
 * Made by a page of another site? Every browser in use says so with a POST, most of them twice. Without either header it
 * is no browser, and has nobody's cookies to misuse. The first header comes from the browser's own judgement; of the
 * second only the host is compared, since a proxy may hide the scheme.
 */
function isForeign(req: Request): boolean {
  const site = req.get('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = req.get('origin');
  if (origin === undefined) return false;
  return hostOf(origin) !== req.host;
}

/** Null for the origin of a sandboxed page, which is the text `null`. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
