/** The queue's journal: intents and what came of them, written before anybody is told that something is saved. */
import type { Intent } from '@medic/shared/model/intent';
import { Journal, type JournalFile, type OpenedRecord } from '@medic/shared/sync/journal';
import type { Seal } from '@medic/shared/sync/seal';
import type { Locks } from '../locks';

export interface JournalledQueue {
  /** As they stand after all that was written about them, in the order of their first mention. */
  intents: Intent[];
  /** Stretches that were changed after they were written, and records that another key has sealed. */
  damaged: number;
  unreadable: number;
}

/** Dead records are worth a rewrite only when there are many. */
const compactAbove = 400;

export class IntentJournal {
  readonly #journal: Journal;
  #written = 0;

  constructor(file: JournalFile, seal: Seal, locks: Locks, name: string) {
    this.#journal = new Journal(file, seal, (work) => locks.hold(`medic-journal-${name}`, work));
  }

  async read(): Promise<JournalledQueue> {
    const { records, damaged } = await this.#journal.read();
    this.#written = records.length;
    return {
      intents: [...standing(records).values()],
      damaged: damaged.length,
      unreadable: records.filter(({ payload }) => payload === null).length,
    };
  }

  /** Resolves when they are on the disk. */
  async made(intents: readonly Intent[]): Promise<void> {
    await this.#write('intent', intents);
  }

  /** What came of them; or that they wait again, after the server was restored. */
  async settled(intents: readonly Intent[]): Promise<void> {
    await this.#write('settled', intents);
  }

  /** Drops what is no longer needed, when it is much. */
  async compact(isNeeded: (intent: Intent) => boolean): Promise<void> {
    if (this.#written < compactAbove) return;
    await this.#journal.compact((records) => {
      const kept = new Set<number>();
      const needed = new Set([...standing(records).values()].filter(isNeeded).map(({ id }) => id));
      records.forEach((record, index) => {
        const id = idIn(record);
        if (id !== null && needed.has(id)) kept.add(index);
      });
      this.#written = kept.size;
      return kept;
    });
  }

  async #write(kind: 'intent' | 'settled', intents: readonly Intent[]): Promise<void> {
    await this.#journal.append(
      intents.map((intent) => ({
        kind,
        payload: encoder.encode(JSON.stringify(kind === 'intent' ? intent : outcomeOf(intent))),
      })),
    );
    this.#written += intents.length;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Outcome = Pick<Intent, 'id' | 'seq' | 'status' | 'outcomeSeq' | 'decidedAt' | 'outcome'>;

function outcomeOf({ id, seq, status, outcomeSeq, decidedAt, outcome }: Intent): Outcome {
  return { id, seq, status, outcomeSeq, decidedAt, outcome };
}

/** Sealed by us, so what it says is what we wrote. */
function contentOf({ payload }: OpenedRecord): Partial<Intent> & { id: string } {
  return JSON.parse(decoder.decode(payload ?? new Uint8Array())) as Partial<Intent> & { id: string };
}

function idIn(record: OpenedRecord): string | null {
  return record.payload === null ? null : contentOf(record).id;
}

function standing(records: readonly OpenedRecord[]): Map<string, Intent> {
  const intents = new Map<string, Intent>();
  for (const record of records) {
    if (record.payload === null) continue;
    const content = contentOf(record);
    const known = intents.get(content.id);
    if (record.kind === 'intent') intents.set(content.id, content as Intent);
    // An outcome whose intent was in a damaged stretch says nothing that anybody could use.
    else if (known) intents.set(content.id, { ...known, ...content });
  }
  return intents;
}
