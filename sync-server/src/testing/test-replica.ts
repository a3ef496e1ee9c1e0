import type { CollectionName } from '@medic/shared/model/records';
import { type Checkpoint, wireVersion } from '@medic/shared/sync/wire';
import type { TestDesk } from './test-clinic';

/** A replica of one collection: what it holds and how far it has read. */
export class TestReplica {
  readonly rows = new Map<string, { seq: number; recordKind: string }>();
  checkpoint: Checkpoint | null = null;
  readonly resets: string[] = [];
  /** Ids of tombstones, as they came. */
  readonly gone: string[] = [];
  /** How many documents each page had. */
  readonly pages: number[] = [];
  readonly #desk: TestDesk;
  readonly #collection: CollectionName;
  readonly #limit: number;

  constructor(owner: TestDesk, collection: CollectionName, limit = 500) {
    this.#desk = owner;
    this.#collection = collection;
    this.#limit = limit;
  }

  async pull(): Promise<void> {
    for (;;) {
      const answer = await this.#desk.client.sync.pull.query({
        wireVersion,
        collection: this.#collection,
        checkpoint: this.checkpoint,
        limit: this.#limit,
      });
      if (answer.kind === 'reset') {
        this.resets.push(answer.why);
        this.rows.clear();
        this.checkpoint = null;
        continue;
      }
      for (const document of answer.documents) {
        if (document.deleted) this.gone.push(document.id);
        if (document.deleted) this.rows.delete(document.id);
        else this.rows.set(document.id, document);
      }
      this.checkpoint = answer.checkpoint;
      this.pages.push(answer.documents.length);
      if (answer.documents.length < this.#limit) return;
    }
  }
}
