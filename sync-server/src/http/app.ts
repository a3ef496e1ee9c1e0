/** Express: mounts the API, the desk, the public pages, health and metrics. Decides nothing itself. */
import { randomUUID } from 'node:crypto';
import type { TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { medicDataOf } from '../api/errors';
import { appRouter } from '../api/router';
import type { Services } from '../api/trpc';
import { log } from '../telemetry/log';
import { registry, slowReadersCut } from '../telemetry/metrics';
import { contextOf } from './context';
import { deskSite } from './desk-site';
import { type InboxMails, inboxPage } from './inbox-page';
import { procedureCalls } from './procedure-calls';
import { procedureStreams } from './procedure-streams';
import { publicSite } from './public-site';

/** What a desk pushes may be long, after days offline. What a visitor types is not. */
const maxDeskBodyBytes = 1024 * 1024;
const maxBodyBytes = 64 * 1024;
/** Calls in one request; our own clients send one. */
const longestBatch = 10;
/** Two hundred desks that are turned away come back within this time, not all at once. */
const spreadSeconds = 5;
/** An event stream whose reader has taken nothing for so long is cut: it comes back if it is still there. */
const slowestReaderMs = 30_000;

export interface HttpParts {
  /** How long the reader of an event stream may take nothing; half a minute unless said. */
  slowestReaderMs?: number;
  trustedProxies: number;
  /** Null until the server is ready. */
  services(): Services | null;
  /** E-mails that were kept instead of sent; null where they are sent. */
  inbox(): InboxMails | null;
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
    else {
      const seconds = 1 + Math.floor(Math.random() * spreadSeconds);
      res.status(503).set({ 'Retry-After': String(seconds), Connection: 'close' });
      res.type('text').send('Medic is starting or stopping. Try again in a moment.');
    }
  });
  const services = (): Services => {
    const there = parts.services();
    if (!there) throw new Error('Broken invariant: a request passed the gate before the server was ready');
    return there;
  };
  const onError = ({ error, path, req }: { error: TRPCError; path?: string | undefined; req: Request }) => {
    if (error.code === 'INTERNAL_SERVER_ERROR')
      log.error({ err: error.cause ?? error, path, requestId: idOf(req) }, 'a procedure failed');
  };
  app.use(
    '/api/trpc',
    jsonOnly,
    (req, res, next) => {
      // An answer may hold what is one visitor's own.
      res.setHeader('Cache-Control', 'no-store');
      if (req.path === '/sync.wake') cutSlowReader(res, parts.slowestReaderMs ?? slowestReaderMs);
      next();
    },
    procedureCalls({
      createContext: (req, res) => contextOf(req, res, services()),
      maxBodyBytes: (path) => (path.startsWith('sync.') ? maxDeskBodyBytes : maxBodyBytes),
      headersFor: retryAfter,
      onError,
    }),
    procedureStreams({
      createContext: (req, res) => contextOf(req, res, services()),
      headersFor: retryAfter,
      onError,
    }),
    createExpressMiddleware({
      router: appRouter,
      createContext: ({ req, res }) => contextOf(req, res, services()),
      maxBodySize: maxBodyBytes,
      maxBatchSize: longestBatch,
      responseMeta: ({ errors }) => ({ headers: retryAfter(errors) }),
      onError,
    }),
  );
  app.use('/dev/inbox', inboxPage(parts.inbox));
  app.use('/book', publicSite(services));
  app.use('/my', publicSite(services));
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

/**
 * Another site's page can send a form by itself, but not JSON: for that its browser asks first, and hears no. So no other
 * content is taken, not even where a procedure would not look at it.
 */
function jsonOnly(req: Request, res: Response, next: NextFunction): void {
  const [type] = (req.get('content-type') ?? '').split(';');
  if (req.method !== 'POST' || type?.trim().toLowerCase() === 'application/json') next();
  else res.status(415).type('text').send('What was sent is not well formed.');
}

function retryAfter(errors: readonly TRPCError[]): Record<string, string> {
  const seconds = Math.max(0, ...errors.map((error) => medicDataOf(error).retryAfterSeconds ?? 0));
  return seconds > 0 ? { 'Retry-After': String(seconds) } : {};
}

/** Wakes that nobody takes become one, but the little that waits to be written would wait for ever. */
function cutSlowReader(res: Response, slowestMs: number): void {
  let stuckSince: number | null = null;
  const timer = setInterval(() => {
    stuckSince = res.writableNeedDrain ? (stuckSince ?? performance.now()) : null;
    if (stuckSince !== null && performance.now() - stuckSince >= slowestMs) {
      slowReadersCut.inc();
      res.destroy();
    }
  }, slowestMs / 4);
  timer.unref();
  res.once('close', () => clearInterval(timer));
}

function isLoopback(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}
