/**
 * The time that is kept for the visitor. The server knows of one hold per visitor, whatever the number of tabs; this
 * is what one tab knows of it. It outlives the pages of the steps, which only look at it.
 */
import type { BrowserApi, FreeTime, Hold, Refusal } from '../api';
import { serverNow } from '../clock';
import { newRequestId } from '../draft';
import { codeOf } from '../failure';
import type { Proof } from '../proof-of-work';
import { daysAround } from '../time';
import { proofFor } from './proof';

/** The visit that a time is kept for. */
export interface Wish {
  appointmentTypeId: string;
  doctorId: string;
  locationId: string;
  startsAt: FreeTime['startsAt'];
}

export type Keeping =
  | { state: 'none' }
  | { state: 'asking'; wish: Wish }
  | { state: 'kept'; wish: Wish; hold: Hold }
  /** Too many times of the day are kept for others: it can be booked, but not kept. */
  | { state: 'unkept'; wish: Wish }
  /** No answer came. */
  | { state: 'failed'; wish: Wish }
  /**
   * `elsewhere`: another tab keeps another time; `booked`: another tab booked this one. `free`: whether it can still be
   * had; null until that is known.
   */
  | { state: 'ended'; wish: Wish; why: 'time' | 'elsewhere' | 'booked'; free: boolean | null }
  | { state: 'lost'; wish: Wish; refusal: Refusal };

type HoldApi = Pick<BrowserApi, 'challenge' | 'hold' | 'extend' | 'release' | 'held' | 'slots'>;
type Prove = (api: HoldApi, clinic: string, requestId: string) => Promise<Proof>;

export class HoldKeeper {
  readonly #api: HoldApi;
  readonly #clinic: string;
  readonly #prove: Prove;
  readonly #listeners = new Set<() => void>();
  /** Told of what this tab keeps and books, for the others. */
  onChange: (booked: Wish | null) => void = () => undefined;
  #keeping: Keeping = { state: 'none' };
  /** A proof worked out ahead, for the request that it is good for. */
  #prepared: Promise<{ requestId: string; proof: Proof; at: number }> | null = null;
  /** Calls go one after the other: the server keeps what was asked for last. */
  #last: Promise<unknown> = Promise.resolve();
  #turn = 0;

  constructor(api: HoldApi, clinic: string, prove: Prove = proofFor) {
    this.#api = api;
    this.#clinic = clinic;
    this.#prove = prove;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Works on the proof while the visitor still looks at the times. */
  prepare(): void {
    this.#proof().catch(() => undefined);
  }

  /** Asks for the time unless it is kept already. What came of it is also the new state. */
  async keep(wish: Wish): Promise<Keeping> {
    const now = this.#keeping;
    if (now.state === 'kept' && sameTime(now.wish, wish) && now.hold.expiresAt > serverNow()) return now;
    if (now.state === 'asking' && sameTime(now.wish, wish)) {
      await this.#last;
      return this.#keeping;
    }
    const turn = ++this.#turn;
    this.#set({ state: 'asking', wish });
    const asked = this.#last.then(async () => {
      const result = await this.#ask(wish);
      // The visitor has chosen another time, or turned away, meanwhile.
      if (turn === this.#turn) this.#set(result);
      if (result.state === 'kept') this.onChange(null);
      return result;
    });
    this.#last = asked;
    return await asked;
  }

  /** Ten minutes more. False where no answer came, so that it can be tried again. */
  async extend(): Promise<boolean> {
    const { wish, hold } = this.#kept() ?? {};
    if (!wish || !hold) return true;
    try {
      const answer = await this.#api.extend({
        clinic: this.#clinic,
        requestId: newRequestId(),
        holdId: hold.holdId,
      });
      if (answer.kind === 'held') this.#set({ state: 'kept', wish, hold: answer.hold });
      else await this.#end(wish, 'time');
      return true;
    } catch {
      return false;
    }
  }

  /** The ten minutes have passed. */
  async expire(): Promise<void> {
    const kept = this.#kept();
    if (kept) await this.#end(kept.wish, 'time');
  }

  /** After the tab was out of sight: another tab may keep another time, and the computer may have slept. */
  async check(): Promise<void> {
    const kept = this.#kept();
    if (!kept) return;
    const answer = await this.#api.held({ clinic: this.#clinic }).catch(() => null);
    if (!answer || this.#keeping !== kept) return;
    const { hold } = answer;
    if (hold && sameTime(hold, kept.wish)) this.#set({ ...kept, hold });
    else await this.#end(kept.wish, hold ? 'elsewhere' : 'time');
  }

  /** Lets the time go, for somebody else to take. */
  release(): void {
    this.#turn++;
    const kept = this.#kept();
    this.#set({ state: 'none' });
    if (!kept) return;
    const { holdId } = kept.hold;
    this.#last = this.#last.then(() =>
      // It ends by itself soon.
      this.#api.release({ clinic: this.#clinic, requestId: newRequestId(), holdId }).catch(() => undefined),
    );
  }

  /** The visit is booked, which ended the hold. */
  done(wish: Wish): void {
    this.#turn++;
    this.#set({ state: 'none' });
    this.onChange(wish);
  }

  /** The visitor booked a time in another tab. */
  bookedElsewhere(wish: Wish): void {
    const kept = this.#kept();
    if (kept && sameTime(kept.wish, wish)) this.#set({ state: 'ended', wish, why: 'booked', free: false });
  }

  #kept(): Extract<Keeping, { state: 'kept' }> | null {
    return this.#keeping.state === 'kept' ? this.#keeping : null;
  }

  async #ask(wish: Wish): Promise<Keeping> {
    try {
      // After a reload, or in a second tab, the time may be kept already.
      if (!this.#prepared) {
        const { hold } = await this.#api.held({ clinic: this.#clinic });
        if (hold && sameTime(hold, wish)) return { state: 'kept', wish, hold };
      }
      const { requestId, proof } = await this.#proof();
      const answer = await this.#api.hold({ clinic: this.#clinic, requestId, ...wish, proof });
      this.#prepared = null;
      if (answer.kind === 'held') return { state: 'kept', wish, hold: answer.hold };
      return answer.reasons.every(({ code }) => code === 'hold-limit')
        ? { state: 'unkept', wish }
        : { state: 'lost', wish, refusal: answer };
    } catch (error) {
      if (codeOf(error) !== null) this.#prepared = null;
      return { state: 'failed', wish };
    }
  }

  async #proof() {
    const known = await this.#prepared?.catch(() => null);
    if (this.#prepared && known && serverNow() - known.at < proofGoodForMs) return known;
    this.#prepared = this.#makeProof();
    return await this.#prepared;
  }

  async #makeProof() {
    const requestId = newRequestId();
    const proof = await this.#prove(this.#api, this.#clinic, requestId);
    return { requestId, proof, at: serverNow() };
  }

  async #end(wish: Wish, why: 'time' | 'elsewhere'): Promise<void> {
    const ended: Keeping = { state: 'ended', wish, why, free: null };
    this.#set(ended);
    const free = await this.#isFree(wish).catch(() => null);
    if (this.#keeping === ended) this.#set({ ...ended, free });
  }

  async #isFree({ startsAt, ...wish }: Wish): Promise<boolean> {
    const { slots } = await this.#api.slots({ clinic: this.#clinic, ...wish, ...daysAround(startsAt) });
    return slots.some((slot) => slot.startsAt === startsAt);
  }

  #set(keeping: Keeping): void {
    this.#keeping = keeping;
    for (const listener of this.#listeners) listener();
  }
}

/** The server takes a proof for ten minutes. */
const proofGoodForMs = 8 * 60_000;

export function sameTime(a: Wish, b: Wish): boolean {
  return (
    a.startsAt === b.startsAt &&
    a.doctorId === b.doctorId &&
    a.locationId === b.locationId &&
    a.appointmentTypeId === b.appointmentTypeId
  );
}
