/**
 * `app://desk/`: the built renderer, and under `/api` and `/healthz` the sync server. To the page all is one origin,
 * so it needs neither CORS nor a rule for connecting elsewhere, and `file:` is never used.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { net, protocol } from 'electron';
import { appScheme } from './addresses';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Styles are set on elements by the components, so they may be inline; scripts may not. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Before `ready`: the scheme counts as secure and standard, which storage, locks and fetch need. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

export function serveApp(rendererFolder: string, server: string): void {
  protocol.handle(appScheme, (request) => answerApp(request, rendererFolder, server));
}

export async function answerApp(request: Request, rendererFolder: string, server: string): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== 'desk') return new Response('not found', { status: 404 });
  if (url.pathname.startsWith('/api/') || url.pathname === '/healthz')
    return await toServer(request, url, server);
  return await builtFile(url.pathname, rendererFolder);
}

function toServer(request: Request, url: URL, server: string): Promise<Response> {
  const headers = new Headers(request.headers);
  // Which scheme the page came by is none of the server's business.
  for (const name of ['origin', 'referer', 'host', 'cookie']) headers.delete(name);
  const init: RequestInit & { duplex?: 'half' } = {
    method: request.method,
    headers,
    signal: request.signal,
    credentials: 'omit',
  };
  if (request.body) {
    init.body = request.body;
    init.duplex = 'half';
  }
  return net.fetch(`${server}${url.pathname}${url.search}`, { ...init, bypassCustomProtocolHandlers: true });
}

async function builtFile(pathname: string, folder: string): Promise<Response> {
  const decoded = decode(pathname === '/' ? '/index.html' : pathname);
  // Decoded only here, after the URL folded its dots: `..%2f` is still in it.
  const wanted = decoded === null ? null : path.resolve(folder, `.${decoded}`);
  if (!wanted?.startsWith(folder + path.sep)) return new Response('not found', { status: 404 });
  try {
    const content = await readFile(wanted);
    return new Response(new Uint8Array(content), {
      headers: {
        'content-type': contentTypes[path.extname(wanted)] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR')
      return new Response('not found', { status: 404 });
    throw error;
  }
}

/** Null for what is no path: a broken escape, or a NUL, which the file system refuses by throwing. */
function decode(pathname: string): string | null {
  try {
    const decoded = decodeURIComponent(pathname);
    return decoded.includes('\0') ? null : decoded;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
