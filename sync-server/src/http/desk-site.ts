/** The desk as a web app, as it was built. Its service worker keeps it when this server is away. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import express, { type Router } from 'express';

const built = resolve(import.meta.dirname, '../../../desktop/dist/web');

export function deskSite(): Router {
  const router = express.Router();
  router.use(
    '/assets',
    express.static(join(built, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  router.use(
    express.static(built, {
      index: 'index.html',
      // A new version must be found at once: only what carries a hash in its name is kept.
      setHeaders: (res) => res.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  router.get('/', (_req, res) => {
    if (existsSync(join(built, 'index.html'))) res.sendFile(join(built, 'index.html'));
    else res.status(503).type('text').send('The desk is not built. Run npm start.');
  });
  return router;
}
