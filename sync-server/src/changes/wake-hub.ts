/**
 * Tells subscribers that a clinic's clock has moved. Only a hint: it may come late, twice or not at all; replicas
 * pull by their checkpoints and lose nothing.
 */
import { randomUUID } from 'node:crypto';
import type { Wake } from '@medic/shared/sync/wire';
import { readClock } from '../db/clinics';
import { type Listener, listen } from '../db/listen';
import type { Pool } from '../db/pool';
import { inClinic } from '../db/transaction';
import { log } from '../telemetry/log';

const channel = 'medic_wake';
/** Acts of one clinic within this time are told to other processes at once. */
const coalesceMs = 10;

type Subscriber = (wake: Wake) => void;

export class WakeHub {
  readonly #self = randomUUID();
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #untold = new Map<string, Wake>();
  #timer: NodeJS.Timeout | null = null;
  #listener: Listener | null = null;

  /**
   * `afterGap` runs when the connection to the database was away, and before anybody is told of it: what was said
   * meanwhile is lost, and it may be another database that answers now.
   */
  async open(pool: Pool, afterGap: () => Promise<void>): Promise<void> {
    this.#listener = await listen(
      pool,
      channel,
      (payload) => this.#heard(payload),
      () => {
        this.#lookAtAll(pool, afterGap).catch((error) => {
          log.warn({ err: error }, 'after a gap replicas were not told to look; they will poll');
        });
      },
    );
  }

  /** `subscriber` must not throw. Returns how to leave. */
  subscribe(clinicId: string, subscriber: Subscriber): () => void {
    const set = this.#subscribers.get(clinicId) ?? new Set();
    set.add(subscriber);
    this.#subscribers.set(clinicId, set);
    return () => {
      set.delete(subscriber);
      if (set.size === 0) this.#subscribers.delete(clinicId);
    };
  }

  /** After a commit in this process. */
  committed(clinicId: string, wake: Wake): void {
    this.#deliver(clinicId, wake);
    const waiting = this.#untold.get(clinicId);
    this.#untold.set(clinicId, waiting ? merged(waiting, wake) : wake);
    this.#timer ??= setTimeout(() => this.#tellOthers(), coalesceMs);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#listener?.close();
    this.#listener = null;
  }

  #tellOthers(): void {
    this.#timer = null;
    const payloads = [...this.#untold].map(([clinicId, wake]) =>
      JSON.stringify({ from: this.#self, clinicId, ...wake }),
    );
    this.#untold.clear();
    this.#listener?.notify(payloads).catch((error) => {
      log.warn({ err: error }, 'other processes were not told of a change; their replicas will poll');
    });
  }

  #heard(payload: string): void {
    const message = JSON.parse(payload) as Wake & { from: string; clinicId: string };
    if (message.from === this.#self) return;
    this.#deliver(message.clinicId, {
      epoch: message.epoch,
      seq: message.seq,
      collections: message.collections,
    });
  }

  async #lookAtAll(pool: Pool, afterGap: () => Promise<void>): Promise<void> {
    await afterGap();
    for (const clinicId of this.#subscribers.keys()) {
      const { epoch, seq } = await inClinic(pool, clinicId, (tx) => readClock(tx, clinicId), {
        readOnly: true,
      });
      this.#deliver(clinicId, { epoch, seq, collections: null });
    }
  }

  #deliver(clinicId: string, wake: Wake): void {
    for (const subscriber of this.#subscribers.get(clinicId) ?? []) subscriber({ ...wake });
  }
}

/** Two moves of one clock, told as one. */
export function merged(a: Wake, b: Wake): Wake {
  return {
    epoch: b.epoch,
    seq: Math.max(a.seq, b.seq),
    collections:
      a.collections === null || b.collections === null
        ? null
        : [...new Set([...a.collections, ...b.collections])],
  };
}
