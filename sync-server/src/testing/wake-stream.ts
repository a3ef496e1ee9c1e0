/** A desk's wake-up stream as a test reads it: over a bare socket's worth of HTTP, so that nothing comes back by itself. */

import type { Wake } from '@medic/shared/sync/wire';
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from '../api/router';

export interface Listening {
  wakes: Wake[];
  /** The ids of their events. */
  ids: string[];
  /** The code of the error that ended the stream. */
  ended: Promise<string | null>;
  next(): Promise<Wake>;
  stop(): void;
}

/** Subscribes as a desk does (the token travels in a header), and has read the first wake when it resolves. */
export async function listenAs(
  url: string,
  accessToken: string,
  lastEventId?: string,
  brings = false,
): Promise<Listening> {
  const wakes: Wake[] = [];
  const ids: string[] = [];
  let seen = 0;
  let told: (() => void) | undefined;
  let end: (code: string | null) => void = () => undefined;
  const ended = new Promise<string | null>((resolve) => {
    end = resolve;
  });
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${url}/api/trpc`,
        EventSource,
        eventSourceOptions: () => ({
          fetch: (input: string | URL, init: RequestInit) =>
            fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${accessToken}` } }),
        }),
      }),
    ],
  });
  const input = lastEventId === undefined && !brings ? undefined : { lastEventId, brings };
  const subscription = client.sync.wake.subscribe(input, {
    onData: ({ id, data }) => {
      wakes.push(data);
      ids.push(id);
      told?.();
    },
    onError: (error) => end(error.data?.medic?.code ?? error.message),
    onComplete: () => end(null),
  });
  const listening: Listening = {
    wakes,
    ids,
    ended,
    async next() {
      while (wakes.length <= seen) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
      seen += 1;
      return wakes[seen - 1] as Wake;
    },
    stop: () => subscription.unsubscribe(),
  };
  await listening.next();
  return listening;
}
