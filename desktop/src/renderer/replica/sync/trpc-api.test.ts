/** The wake-up stream over a network that misbehaves. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MedicError } from '@medic/shared/errors';
import { afterEach, expect, it } from 'vitest';
import { ServerUnreachable } from './server-api';
import { openTrpcApi } from './trpc-api';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server whose stream is written by hand. */
async function serving(stream: (response: ServerResponse, path: string) => void): Promise<string> {
  server = createServer((request, response) => stream(response, request.url ?? ''));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function opened(response: ServerResponse, reconnectAfterInactivityMs: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`event: connected\ndata: ${JSON.stringify({ reconnectAfterInactivityMs })}\n\n`);
}

function listen(url: string, lastEventId: string | null = null) {
  const told: string[] = [];
  let over: (error: unknown) => void = () => undefined;
  const closed = new Promise<unknown>((resolve) => {
    over = resolve;
  });
  const stop = openTrpcApi(url).wake(
    'a token',
    {
      opened: () => told.push('opened'),
      woken: ({ seq }) => told.push(`woken ${seq}`),
      closed: (error) => {
        told.push('closed');
        over(error);
      },
    },
    lastEventId,
  );
  return { told, closed, stop };
}

it('ends a stream that has fallen silent, once', async () => {
  let heartbeats = 0;
  const url = await serving((response) => {
    opened(response, 300);
    response.write('event: ping\ndata: \n\n');
    heartbeats += 1;
  });
  const { told, closed } = listen(url);
  expect(await closed).toBeInstanceOf(ServerUnreachable);
  expect(told).toEqual(['opened', 'closed']);
  // It does not try again by itself: when to is for the connection to say.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heartbeats).toBe(1);
});

it('ends with a stream that was cut, and tells of what came before', async () => {
  const wake = { epoch: '00000000-0000-4000-8000-000000000001', seq: 7, collections: null };
  const url = await serving((response) => {
    opened(response, 60_000);
    response.write(
      `id: a.7\ndata: ${JSON.stringify({ result: { type: 'data', data: { id: 'a.7', data: wake } } })}\n\n`,
    );
    setTimeout(() => response.destroy(), 50);
  });
  const { told, closed } = listen(url);
  expect(await closed).toBeInstanceOf(ServerUnreachable);
  expect(told[0]).toBe('opened');
  expect(told.at(-1)).toBe('closed');
});

it('says which wake-up was heard last', async () => {
  let asked = '';
  const url = await serving((response, path) => {
    asked = decodeURIComponent(path);
    response.destroy();
  });
  const { closed } = listen(url, 'epoch.41');
  await closed;
  expect(asked).toContain('"lastEventId":"epoch.41"');
});

it('tells a session that is over from a server that is away', async () => {
  const url = await serving((response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end('{}');
  });
  const error = await listen(url).closed;
  expect(error).toBeInstanceOf(MedicError);
  expect((error as MedicError).code).toBe('auth.expired');
});
