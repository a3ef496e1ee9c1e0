/** The public pages: rendered here by their own build, which is loaded by its path, not imported. */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import express, { type Router } from 'express';
import { createCaller } from '../api/router';
import type { Services } from '../api/trpc';
import { log } from '../telemetry/log';
import { contextOf } from './context';

const built = resolve(import.meta.dirname, '../../dist/web');

type PublicCaller = ReturnType<typeof createCaller>['public'];

interface Rendered {
  status: number;
  html: string;
  headers?: Record<string, string>;
  /** Why a page of status 500 failed; the page does not say. */
  error?: unknown;
}

interface Renderer {
  render(request: { url: string; api: PublicCaller; nonce: string }): Promise<Rendered>;
}

export function publicSite(services: () => Services): Router {
  const router = express.Router();
  router.use(
    '/assets',
    express.static(join(built, 'client/assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  router.get(/.*/, async (req, res) => {
    const { render } = await renderer();
    const api = createCaller(contextOf(req, res, services())).public;
    const page = await render({ url: req.originalUrl, api, nonce: randomBytes(16).toString('base64url') });
    if (page.error) log.error({ err: page.error, path: req.path }, 'a public page failed');
    res
      .status(page.status)
      .set({ 'Cache-Control': 'no-store', ...page.headers })
      .type('html')
      .send(page.html);
  });
  return router;
}

/** Each build once: a build that comes while the server runs (as in development) is seen at the next page. */
async function renderer(): Promise<Renderer> {
  const file = join(built, 'server/entry-server.js');
  const { mtimeMs } = await stat(file);
  return (await import(`${pathToFileURL(file).href}?built=${mtimeMs}`)) as Renderer;
}
