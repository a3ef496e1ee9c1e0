/** Express: mounts the API, the desk, the public pages, health and metrics. Decides nothing itself. */
import { randomUUID } from 'node:crypto';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { appRouter } from '../api/router';
import type { Context, Services } from '../api/trpc';
import { log } from '../telemetry/log';
import { registry } from '../telemetry/metrics';
import { deskSite } from './desk-site';
import { publicSite } from './public-site';

const maxBodyBytes = 1024 * 1024;

export interface HttpParts {
  trustedProxies: number;
  /** Null until the server is ready. */
  services(): Services | null;
  /** Whether the database answers. */
  databaseAnswers(): Promise<boolean>;
}

export function createApp(parts: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', parts.trustedProxies);
  app.use(requestId);

  app.get('/healthz', (_req, res) => {
    res.json({ ok: true });
  });
  app.get('/readyz', async (_req, res) => {
    const ready = parts.services() !== null && (await parts.databaseAnswers());
    res.status(ready ? 200 : 503).json({ ready });
  });

  app.use(securityHeaders());
  // An event stream must not wait in a compressor's buffer.
  app.use(
    compression({
      filter: (req, res) =>
        !String(res.getHeader('content-type')).startsWith('text/event-stream') &&
        compression.filter(req, res),
    }),
  );

  app.get('/metrics', async (req, res) => {
    if (!isLoopback(req)) {
      res.status(404).end();
      return;
    }
    res.type(registry.contentType).send(await registry.metrics());
  });

  app.get('/', (_req, res) => res.redirect('/desk/'));
  app.use('/desk', deskSite());

  app.use((_req, res, next) => {
    if (parts.services()) next();
    else
      res.status(503).set('Retry-After', '2').type('text').send('Medic is starting. Try again in a moment.');
  });
  const services = (): Services => {
    const there = parts.services();
    if (!there) throw new Error('Broken invariant: a request passed the gate before the server was ready');
    return there;
  };
  app.use(
    '/api/trpc',
    createExpressMiddleware({
      router: appRouter,
      createContext: ({ req }): Context => ({
        services: services(),
        address: req.ip ?? '',
        bearer: bearerOf(req),
      }),
      maxBodySize: maxBodyBytes,
      onError: ({ error, path, req }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          log.error({ err: error.cause ?? error, path, requestId: idOf(req) }, 'a procedure failed');
      },
    }),
  );
  app.use('/book', publicSite(services));
  app.use((_req, res) => {
    res.status(404).type('text').send('There is nothing at this address.');
  });
  app.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, path: req.path, requestId: idOf(req) }, 'a request failed');
    res.status(status).type('text');
    if (status === 404) res.send('There is nothing at this address.');
    else if (status < 500) res.send('What was sent is not well formed.');
    else res.send('That did not work, and it is our fault. Try again in a moment.');
  });
  return app;
}

/** Express and its parsers put a status on what the client did wrong; everything else is ours. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Mantine sets its variables in a style element.
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // Only where TLS stands in front does the browser hear of it; on loopback it would lock the port.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
  });
}

function requestId(req: Request, res: Response, next: NextFunction): void {
  const given = req.get('x-request-id');
  const id = given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
  res.locals.requestId = id;
  res.setHeader('X-Request-Id', id);
  next();
}

function idOf(req: { res?: { locals?: Record<string, unknown> } }): unknown {
  return req.res?.locals?.requestId;
}

function bearerOf(req: { headers: { authorization?: string } }): string | null {
  const [scheme, token] = (req.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token ? token : null;
}

function isLoopback(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}
