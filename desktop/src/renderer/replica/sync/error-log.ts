/** The latest failures, for the panel: what was tried and which code came back, never a text that could name anybody. */
import { MedicError } from '@medic/shared/errors';
import { JournalError } from '@medic/shared/sync/journal';
import type { Instant } from '@medic/shared/time/instant';
import { ServerUnreachable } from './server-api';

export interface LoggedError {
  at: Instant;
  /** `pull patients`, `push`, `storage`. */
  during: string;
  code: string;
  /** How often in a row. */
  times: number;
}

const longest = 30;

export class ErrorLog {
  readonly #now: () => Instant;
  #entries: LoggedError[] = [];

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** Oldest first. */
  get entries(): readonly LoggedError[] {
    return this.#entries;
  }

  add(during: string, error: unknown): void {
    const code = codeOf(error);
    const last = this.#entries.at(-1);
    const entry = { at: this.#now(), during, code, times: 1 };
    if (last && last.during === during && last.code === code)
      this.#entries[this.#entries.length - 1] = { ...entry, times: last.times + 1 };
    else this.#entries = [...this.#entries, entry].slice(-longest);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof MedicError) return error.code;
  if (error instanceof JournalError) return `journal.${error.code}`;
  if (error instanceof ServerUnreachable) return 'unreachable';
  // The name of its class, as `QuotaExceededError`: its message may hold what was to be written.
  return error instanceof Error ? error.name : 'unknown';
}
