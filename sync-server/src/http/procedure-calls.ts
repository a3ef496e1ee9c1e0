/**
 * One query or mutation over HTTP, in tRPC's own words. Its adapter makes a Fetch request of each and reads the answer out
 * of a stream again, which took two fifths of the time of an answer of free times. So a call by itself, as our own
 * clients make it, is read from the request and written to the answer here, by what tRPC exports for that. All else is the
 * adapter's: batches, unknown paths, wrong methods. Subscriptions are in `procedure-streams.ts`.
 */
import {
  type AnyTRPCProcedure,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
  type TRPCProcedureType,
} from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Request, RequestHandler, Response } from 'express';
import { appRouter } from '../api/router';
import type { Context } from '../api/trpc';

const typeOfMethod: Readonly<Record<string, TRPCProcedureType | undefined>> = {
  GET: 'query',
  POST: 'mutation',
};

export interface ProcedureCallOptions {
  createContext(req: Request, res: Response): Context;
  maxBodyBytes(path: string): number;
  headersFor(errors: readonly TRPCError[]): Record<string, string>;
  onError(failure: { error: TRPCError; path: string; req: Request }): void;
}

export function procedureCalls(options: ProcedureCallOptions): RequestHandler {
  return (req, res, next) => {
    const path = req.path.slice(1);
    const type = typeOfMethod[req.method];
    if (type && procedureType(path) === type && !isBatch(req))
      answer(req, res, { path, type }, options).catch(next);
    else next();
  };
}

/** By path. The type nests them as the router was written; they stand side by side. */
const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, AnyTRPCProcedure>>;

export function procedureType(path: string): TRPCProcedureType | undefined {
  return Object.hasOwn(procedures, path) ? procedures[path]?._def.type : undefined;
}

/** Also a batch of one, whose answer is a list; or one whose answers are to come one by one. */
function isBatch(req: Request): boolean {
  return queryOf(req).has('batch') || req.headers['trpc-accept'] !== undefined;
}

function queryOf(req: Request): URLSearchParams {
  const at = req.url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : req.url.slice(at + 1));
}

async function answer(
  req: Request,
  res: Response,
  { path, type }: { path: string; type: TRPCProcedureType },
  options: ProcedureCallOptions,
): Promise<void> {
  const ctx = options.createContext(req, res);
  // The body is read once, however often a procedure asks for its input.
  let input: Promise<unknown> | undefined;
  const getRawInput = () => {
    input ??=
      type === 'query'
        ? Promise.resolve(queryOf(req).get('input')).then(inputOf)
        : bodyOf(req, options.maxBodyBytes(path)).then(inputOf);
    return input;
  };
  let answered: { result: { data: unknown } } | { error: unknown };
  try {
    const data: unknown = await callTRPCProcedure({
      router: appRouter,
      path,
      type,
      ctx,
      getRawInput,
      // A query is over before anybody could break it off.
      signal: type === 'mutation' ? signalOf(res) : undefined,
      batchIndex: 0,
    });
    answered = { result: { data } };
  } catch (thrown) {
    const error = getTRPCErrorFromUnknown(thrown);
    options.onError({ error, path, req });
    const { _config: config } = appRouter._def;
    answered = { error: getTRPCErrorShape({ config, error, type, path, input: undefined, ctx }) };
    res.statusCode = getHTTPStatusCodeFromError(error);
    for (const [name, value] of Object.entries(options.headersFor([error]))) res.setHeader(name, value);
  }
  // No transformer: what the procedures answer with is JSON already.
  const body = Buffer.from(JSON.stringify(answered));
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

/** Aborted where whoever asks hangs up before the answer. */
function signalOf(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableEnded) controller.abort();
  });
  return controller.signal;
}

function bodyOf(req: Request, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      // What follows is thrown away as it comes.
      if (size > maxBytes) end(() => reject(new TRPCError({ code: 'PAYLOAD_TOO_LARGE' })));
    };
    const onEnd = () => end(() => resolve(Buffer.concat(chunks).toString()));
    const onClose = () =>
      end(() => reject(new TRPCError({ code: 'CLIENT_CLOSED_REQUEST', message: 'the body broke off' })));
    const end = (settle: () => void) => {
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      settle();
    };
    req.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

export function inputOf(text: string | null): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'what was sent is not JSON', cause });
  }
}
