/** The server over tRPC: queries and mutations by HTTP, the wake-up by server-sent events. */
import { type ErrorCode, errorCodes, MedicError } from '@medic/shared/errors';
import type { AppRouter } from '@medic/sync-server/src/api/router';
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client';
import { EventSource } from 'eventsource';
import { type ServerApi, ServerUnreachable } from './server-api';

const answerTimeoutMs = 20_000;
const pingTimeoutMs = 4_000;
/** The Date header counts in seconds; below this an offset is noise. */
const offsetNoiseMs = 2_000;

/** `origin` is empty for the origin that served the page. */
export function openTrpcApi(origin: string): ServerApi {
  const url = `${origin}/api/trpc`;
  let clockOffset = 0;

  async function answeringFetch(input: RequestInfo | URL | string, init?: RequestInit): Promise<Response> {
    const asked = Date.now();
    const response = await fetch(input, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([AbortSignal.timeout(answerTimeoutMs), ...(init?.signal ? [init.signal] : [])]),
    });
    const stamped = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(stamped)) {
      const offset = stamped + 500 - (asked + Date.now()) / 2;
      if (Math.abs(offset) < offsetNoiseMs) clockOffset = 0;
      else if (Math.abs(offset - clockOffset) > offsetNoiseMs) clockOffset = Math.round(offset);
    }
    return response;
  }

  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url,
          EventSource,
          // The browser's own EventSource cannot carry a header, and a token in an address ends up in logs.
          eventSourceOptions: ({ op }) => ({
            fetch: (input, init) =>
              fetch(input, {
                ...init,
                cache: 'no-store',
                credentials: 'omit',
                headers: { ...init.headers, ...bearer(op.context) },
              }),
          }),
        }),
        false: httpLink({
          url,
          headers: ({ op }) => bearer(op.context),
          fetch: (input, init) => answeringFetch(input as RequestInfo, init as RequestInit),
        }),
      }),
    ],
  });

  return {
    signIn: (request) => answer(client.auth.signIn.mutate(request)),
    refresh: (refreshToken) => answer(client.auth.refresh.mutate({ refreshToken })),
    signOut: async (accessToken) => {
      await answer(client.auth.signOut.mutate(undefined, withToken(accessToken)));
    },
    pull: (accessToken, request) => answer(client.sync.pull.query(request, withToken(accessToken))),
    firstLook: (accessToken, request) => answer(client.sync.firstLook.query(request, withToken(accessToken))),
    push: (accessToken, request) => answer(client.sync.push.mutate(request, withToken(accessToken))),
    wake: (accessToken, listener, lastEventId) => {
      let over = false;
      function close(error: unknown): void {
        if (over) return;
        over = true;
        subscription.unsubscribe();
        listener.closed(error);
      }
      const subscription = client.sync.wake.subscribe(
        { lastEventId, brings: true },
        {
          ...withToken(accessToken),
          onStarted: () => {
            if (!over) listener.opened();
          },
          onData: (tracked) => {
            if (!over) listener.woken(tracked.data);
          },
          // tRPC would try again by itself, every three seconds for ever: when to is for the connection to say.
          onConnectionStateChange: (state) => {
            if (state.state === 'connecting' && state.error)
              queueMicrotask(() => close(asFailure(state.error)));
          },
          onError: (error) => queueMicrotask(() => close(asFailure(error))),
          onComplete: () => queueMicrotask(() => close(new ServerUnreachable())),
        },
      );
      return () => {
        over = true;
        subscription.unsubscribe();
      };
    },
    report: async (accessToken, report) => {
      await answer(client.sync.report.mutate(report, withToken(accessToken)));
    },
    ping: async () => {
      try {
        const response = await fetch(`${origin}/healthz`, {
          cache: 'no-store',
          signal: AbortSignal.timeout(pingTimeoutMs),
        });
        if (!response.ok) throw new Error(`/healthz answered ${response.status}`);
      } catch (error) {
        throw new ServerUnreachable(error);
      }
    },
    get clockOffset() {
      return clockOffset;
    },
  };
}

function withToken(token: string): { context: { token: string } } {
  return { context: { token } };
}

function bearer(context: Record<string, unknown>): Record<string, string> {
  return typeof context.token === 'string' ? { Authorization: `Bearer ${context.token}` } : {};
}

async function answer<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw asFailure(error);
  }
}

/** A code of ours, or that nobody of ours answered. */
function asFailure(error: unknown): MedicError | ServerUnreachable {
  if (!(error instanceof TRPCClientError)) return new ServerUnreachable(error);
  const data = error.data as
    | { medic?: { code?: string; message?: string; fields?: unknown; retryAfterSeconds?: number } }
    | null
    | undefined;
  const code = data?.medic?.code;
  if (code !== undefined && Object.hasOwn(errorCodes, code)) {
    return new MedicError(code as ErrorCode, error.message, {
      ...(data?.medic?.message ? { personMessage: data.medic.message } : {}),
      details: {
        fields: data?.medic?.fields ?? [],
        retryAfterSeconds: data?.medic?.retryAfterSeconds,
      },
      cause: error,
    });
  }
  // The wake-up stream says no more than a status.
  const status = (error.cause as { code?: unknown } | undefined)?.code;
  if (status === 401) return new MedicError('auth.expired', error.message, { cause: error });
  return error.data
    ? new MedicError('internal', error.message, { cause: error })
    : new ServerUnreachable(error);
}
