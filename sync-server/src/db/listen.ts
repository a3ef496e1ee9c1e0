/** LISTEN and NOTIFY on a connection of their own, made anew when it breaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Pool } from './pool';

export interface Listener {
  /** Tells the other processes. Never inside a transaction of an act. */
  notify(payload: string): Promise<void>;
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
  let client: PoolClient | null = null;

  async function connect(): Promise<void> {
    const made = await pool.connect();
    made.on('notification', (message) => {
      if (message.payload !== undefined) onPayload(message.payload);
    });
    made.once('error', () => {
      client = null;
      made.release(true);
      void reconnect();
    });
    await made.query(`LISTEN ${channel}`);
    client = made;
  }

  async function reconnect(): Promise<void> {
    for (let attempt = 0; !closed; attempt++) {
      await sleep(Math.min(10_000, 200 * 2 ** attempt) * (0.5 + Math.random() / 2));
      try {
        await connect();
        onGap();
        return;
      } catch {
        // Tried again until the database is back or the listener is closed; the pool logs why.
      }
    }
  }

  await connect();
  return {
    async notify(payload) {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
    },
    async close() {
      closed = true;
      client?.release(true);
      client = null;
    },
  };
}
