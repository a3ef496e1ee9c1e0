/**
 * Subscriptions as server-sent events, in tRPC's own words. Its adapter takes each event through two streams and a
 * generator for each reader; here an event that goes to two hundred desks is put into words once and written.
 */
import {
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  isTrackedEnvelope,
  type TRPCError,
} from '@trpc/server';
import { getHTTPStatusCode } from '@trpc/server/http';
import type { Request, RequestHandler, Response } from 'express';
import { appRouter } from '../api/router';
import { type ProcedureCallOptions, inputOf as parsedInput, procedureType } from './procedure-calls';

type Options = Pick<ProcedureCallOptions, 'createContext' | 'headersFor' | 'onError'>;

const { _config: config } = appRouter._def;
const pingEveryMs = config.sse?.ping?.intervalMs ?? 10_000;

export function procedureStreams(options: Options): RequestHandler {
  return (req, res, next) => {
    const path = req.path.slice(1);
    if (req.method === 'GET' && procedureType(path) === 'subscription')
      stream(req, res, path, options).catch(next);
    else next();
  };
}

async function stream(req: Request, res: Response, path: string, options: Options): Promise<void> {
  const ctx = options.createContext(req, res);
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const shapeOf = (thrown: unknown) => {
    const error = getTRPCErrorFromUnknown(thrown);
    options.onError({ error, path, req });
    return {
      error,
      shape: getTRPCErrorShape({ config, error, type: 'subscription', path, input: undefined, ctx }),
    };
  };
  let events: AsyncIterable<unknown>;
  try {
    events = (await callTRPCProcedure({
      router: appRouter,
      path,
      type: 'subscription',
      ctx,
      getRawInput: async () => inputOf(req),
      signal: gone.signal,
      batchIndex: 0,
    })) as AsyncIterable<unknown>;
  } catch (thrown) {
    const { error, shape } = shapeOf(thrown);
    refuse(res, error, shape, options);
    return;
  }
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  res.write(event('connected', config.sse?.client ?? {}));
  const pings = setInterval(() => res.write('event: ping\ndata: \n\n'), pingEveryMs);
  try {
    for await (const value of events) {
      if (gone.signal.aborted) return;
      if (!res.write(frameOf(value))) await drained(res, gone.signal);
    }
    res.write(event('return', ''));
  } catch (thrown) {
    if (!gone.signal.aborted) res.write(event('serialized-error', shapeOf(thrown).shape));
  } finally {
    clearInterval(pings);
    res.end();
  }
}

function refuse(res: Response, error: TRPCError, shape: unknown, options: Options): void {
  res.statusCode = getHTTPStatusCode({ error: shape } as never, [error]);
  res.setHeader('Content-Type', 'application/json');
  for (const [name, value] of Object.entries(options.headersFor([error]))) res.setHeader(name, value);
  res.end(JSON.stringify({ error: shape }));
}

/** A stream that is taken up again says in a header where it was. */
function inputOf(req: Request): unknown {
  const at = req.url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : req.url.slice(at + 1));
  const input = parsedInput(query.get('input'));
  const lastEventId = req.headers['last-event-id'] ?? query.get('lastEventId');
  if (!lastEventId || (input !== undefined && (typeof input !== 'object' || input === null))) return input;
  return { ...input, lastEventId };
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${data === '' ? '' : JSON.stringify(data)}\n\n`;
}

const frames = new WeakMap<object, { id: string; bytes: Buffer }>();

function frameOf(value: unknown): Buffer {
  const [id, data] = isTrackedEnvelope(value) ? [value[0], value[1]] : [null, value];
  if (id === null || typeof data !== 'object' || data === null)
    return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
  const known = frames.get(data);
  if (known?.id === id) return known.bytes;
  const bytes = Buffer.from(`data: ${JSON.stringify(data)}\nid: ${id}\n\n`);
  frames.set(data, { id, bytes });
  return bytes;
}

/** When its reader has taken what was written, or is gone. */
async function drained(res: Response, gone: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      res.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    res.on('drain', done);
    gone.addEventListener('abort', done);
  });
}
