/** A visitor's browser, as far as the server sees one: it keeps cookies, and says which page a request is from. */
import { createHash } from 'node:crypto';
import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter } from '../api/router';
import type { Challenge, Proof } from '../auth/visitor-proof';
import type { Client } from './test-clinic';

export interface Browser {
  client: Client;
  /** As they would be sent, by name. */
  cookies: Map<string, string>;
  /** The last `Set-Cookie` lines, as they came. */
  setCookies: string[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export function openBrowser(url: string, headers: Record<string, string> = {}): Browser {
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];
  const withCookies = async (address: string, init: RequestInit = {}): Promise<Response> => {
    const own = new Headers(init.headers);
    own.set('origin', url);
    for (const [name, value] of Object.entries(headers)) own.set(name, value);
    if (cookies.size > 0)
      own.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(address, { ...init, headers: own });
    for (const line of response.headers.getSetCookie()) {
      setCookies.push(line);
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/; Max-Age=0;/.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  return {
    client: createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: `${url}/api/trpc`,
          fetch: (address, init) => withCookies(String(address), init as RequestInit),
        }),
      ],
    }),
    cookies,
    setCookies,
    fetch: (path, init) => withCookies(`${url}${path}`, init),
  };
}

/** As a page does it, by the machine's own SHA-256. */
export function solve({ challenge, rounds, bits }: Challenge): Proof {
  const nonces = Array.from({ length: rounds }, (_, round) => {
    for (let nonce = 0; ; nonce++) {
      const hash = createHash('sha256').update(`${challenge}.${round}.${nonce}`).digest();
      if (Math.clz32(hash.readUInt32BE(0)) >= bits) return nonce;
    }
  });
  return { challenge, nonces };
}

/** The code of Medic's error that a call ended with; undefined when it went well. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: { data?: { medic?: { code: string } } }) => error.data?.medic?.code ?? String(error),
  );
}
