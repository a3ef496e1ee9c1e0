/**
 * Goes from clinic to clinic and lets each one's due messages be sent: soon after a commit, and every few seconds for
 * what has become due by itself. Any number of these may run, in any number of processes: who takes a message from the
 * outbox has it alone.
 */
import { log } from '../telemetry/log';

export interface RelayParts {
  /** The clinics that have something due now. */
  find(): Promise<readonly string[]>;
  /** Sends some of what a clinic has due, and says how much that was. */
  send(clinicId: string): Promise<number>;
  sweepMs?: number;
}

const defaultSweepMs = 10_000;
/** Commits of a rush wake it once. */
const wakeMs = 100;
const clinicsAtOnce = 2;

export class Relay {
  readonly #parts: RelayParts;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  #wakeTimer: NodeJS.Timeout | null = null;
  #sweepTimer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> | null = null;
  #closed = false;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#sweepLater(0);
  }

  /** Something was committed there. */
  wake(clinicId: string): void {
    if (this.#closed) return;
    this.#waiting.add(clinicId);
    this.#wakeTimer ??= setTimeout(() => {
      this.#wakeTimer = null;
      this.#fill();
    }, wakeMs);
  }

  /** Takes nothing new, and waits for what is being sent. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#wakeTimer) clearTimeout(this.#wakeTimer);
    if (this.#sweepTimer) clearTimeout(this.#sweepTimer);
    await this.#sweeping;
    await Promise.all(this.#running.values());
  }

  #sweepLater(ms: number): void {
    if (this.#closed) return;
    this.#sweepTimer = setTimeout(() => {
      this.#sweeping = this.#sweep().finally(() => {
        this.#sweeping = null;
        this.#sweepLater(this.#parts.sweepMs ?? defaultSweepMs);
      });
    }, ms);
  }

  async #sweep(): Promise<void> {
    try {
      for (const clinicId of await this.#parts.find()) this.#waiting.add(clinicId);
    } catch (error) {
      log.error({ err: error }, 'looking for messages to send failed');
    }
    this.#fill();
  }

  #fill(): void {
    for (const clinicId of this.#waiting) {
      if (this.#closed || this.#running.size >= clinicsAtOnce) return;
      // Whoever is at it already looks once more when done.
      if (this.#running.has(clinicId)) continue;
      this.#waiting.delete(clinicId);
      this.#running.set(
        clinicId,
        this.#drain(clinicId).finally(() => {
          this.#running.delete(clinicId);
          this.#fill();
        }),
      );
    }
  }

  async #drain(clinicId: string): Promise<void> {
    try {
      while (!this.#closed && (await this.#parts.send(clinicId)) > 0);
    } catch (error) {
      // The next sweep comes back to it.
      log.error({ err: error, clinicId }, 'sending messages failed');
    }
  }
}
