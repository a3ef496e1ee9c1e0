/** LISTEN and NOTIFY on a connection of their own, made anew when it breaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from './pool';

export interface Listener {
  /** Tells the other processes, all at once. Never inside a transaction of an act. */
  notify(payloads: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Calls `onPayload` for each notification on `channel`, also for one's own, and `onGap` after the connection was
 * away: what was said meanwhile is lost, so listeners look for themselves.
 */
export async function listen(
  pool: Pool,
  channel: string,
  onPayload: (payload: string) => void,
  onGap: () => void,
): Promise<Listener> {
  let closed = false;
  /** Gives the connection back that listens now. */
  let leave: (() => void) | null = null;

  async function connect(): Promise<void> {
    const made = await pool.connect();
    let given = false;
    // Once, whoever comes first: a break, the end, or both, as when the server stops.
    function giveBack(): void {
      if (given) return;
      given = true;
      made.release(true);
    }
    made.on('notification', (message) => {
      if (message.payload !== undefined) onPayload(message.payload);
    });
    made.on('error', () => {
      const listened = leave === giveBack;
      giveBack();
      // One that breaks before it listens is tried again by whoever made it.
      if (!listened || closed) return;
      leave = null;
      void reconnect();
    });
    try {
      await made.query(`LISTEN ${channel}`);
    } catch (error) {
      giveBack();
      throw error;
    }
    if (closed) giveBack();
    else leave = giveBack;
  }

  async function reconnect(): Promise<void> {
    for (let attempt = 0; !closed; attempt++) {
      await sleep(Math.min(10_000, 200 * 2 ** attempt) * (0.5 + Math.random() / 2));
      try {
        await connect();
        if (!closed) onGap();
        return;
      } catch {
        // Tried again until the database is back or the listener is closed; the pool logs why.
      }
    }
  }

  await connect();
  return {
    async notify(payloads) {
      await pool.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [
        channel,
        payloads,
      ]);
    },
    async close() {
      closed = true;
      leave?.();
      leave = null;
    },
  };
}
