/**
 * Queries and mutations over HTTP, alone or as a batch, in tRPC's own words. Its adapter makes a Fetch request of each
 * and reads the answer out of a stream again, which took two fifths of the time of an answer of free times. Subscriptions
 * are in `procedure-streams.ts`; what is anything else (unknown paths, wrong methods) is left to it.
 */
import {
  type AnyTRPCProcedure,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
  type TRPCProcedureType,
} from '@trpc/server';
import { getHTTPStatusCode } from '@trpc/server/http';
import type { Request, RequestHandler, Response } from 'express';
import { appRouter } from '../api/router';
import type { Context } from '../api/trpc';

const typeOfMethod: Readonly<Record<string, TRPCProcedureType | undefined>> = {
  GET: 'query',
  POST: 'mutation',
};

export interface ProcedureCallOptions {
  createContext(req: Request, res: Response): Context;
  maxBodyBytes(paths: readonly string[]): number;
  headersFor(errors: readonly TRPCError[]): Record<string, string>;
  onError(failure: { error: TRPCError; path: string; req: Request }): void;
}

export function procedureCalls(options: ProcedureCallOptions): RequestHandler {
  return (req, res, next) => {
    const call = simpleCallOf(req);
    if (call) answer(req, res, call, options).catch(next);
    else next();
  };
}

interface SimpleCall {
  type: TRPCProcedureType;
  paths: string[];
  isBatch: boolean;
  query: URLSearchParams;
}

function simpleCallOf(req: Request): SimpleCall | null {
  const type = typeOfMethod[req.method];
  // A batch whose answers are to come one by one.
  if (!type || req.headers['trpc-accept'] !== undefined) return null;
  const at = req.url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : req.url.slice(at + 1));
  const isBatch = query.get('batch') === '1';
  const path = decoded(req.path.slice(1));
  if (path === null) return null;
  const paths = isBatch ? path.split(',') : [path];
  return paths.every((one) => procedureType(one) === type) ? { type, paths, isBatch, query } : null;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not well formed: tRPC's adapter says so.
    return null;
  }
}

/** By path. The type nests them as the router was written; they stand side by side. */
const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, AnyTRPCProcedure>>;

export function procedureType(path: string): TRPCProcedureType | undefined {
  return Object.hasOwn(procedures, path) ? procedures[path]?._def.type : undefined;
}

async function answer(
  req: Request,
  res: Response,
  { type, paths, isBatch, query }: SimpleCall,
  options: ProcedureCallOptions,
): Promise<void> {
  const ctx = options.createContext(req, res);
  const text = once(async () =>
    type === 'query' ? query.get('input') : await bodyOf(req, options.maxBodyBytes(paths)),
  );
  const inputs = once(async () => inputsOf(await text(), isBatch));
  // A query is over before anybody could break it off.
  const signal = type === 'mutation' ? signalOf(res) : undefined;
  const errors: (TRPCError | undefined)[] = [];
  const answers = await Promise.all(
    paths.map(async (path, index) => {
      try {
        const data: unknown = await callTRPCProcedure({
          router: appRouter,
          path,
          type,
          ctx,
          getRawInput: async () => (await inputs())[index],
          signal,
          batchIndex: index,
        });
        return { result: { data } };
      } catch (thrown) {
        const error = getTRPCErrorFromUnknown(thrown);
        errors[index] = error;
        options.onError({ error, path, req });
        const { _config: config } = appRouter._def;
        return { error: getTRPCErrorShape({ config, error, type, path, input: undefined, ctx }) };
      }
    }),
  );
  const answered = isBatch ? answers : answers[0];
  const failed = errors.filter((error) => error !== undefined);
  // No transformer: what the procedures answer with is JSON already.
  const body = Buffer.from(JSON.stringify(answered));
  res.statusCode = failed.length === 0 ? 200 : getHTTPStatusCode(answered as never, errors);
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Content-Length', body.length);
  for (const [name, value] of Object.entries(options.headersFor(failed))) res.setHeader(name, value);
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

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
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

/** Of each call, by its place in the batch. */
export function inputsOf(text: string | null, isBatch: boolean): Record<number, unknown> {
  if (!text) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'what was sent is not JSON', cause });
  }
  if (!isBatch) return { 0: parsed };
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'the inputs of a batch are one object' });
  return parsed as Record<number, unknown>;
}
