/** What a visitor asks of holds, answered by the acts themselves over facts in memory: two of them meet as two browsers do. */
import type { Refused } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import { by, run, visitor } from '@medic/shared/acts/testing/acting';
import { idOf } from '@medic/shared/testing/builders';
import type { Instant } from '@medic/shared/time/instant';
import { freeTime, holdPage, publicReason, slotsPage } from '../../src/api/public-pages';
import type { BrowserApi, Refusal } from '../api';

type HoldApi = Pick<BrowserApi, 'challenge' | 'hold' | 'extend' | 'release' | 'held' | 'slots'>;

let holds = 0;

export class VisitorApi implements HoldApi {
  /** Every call, by name. */
  readonly asked: string[] = [];
  /** As without a connection. */
  unreachable = false;
  readonly #facts: Facts;
  readonly #holder: string;

  constructor(facts: Facts, holder: string) {
    this.#facts = facts;
    this.#holder = holder;
  }

  async challenge({ requestId }: { requestId: string }) {
    this.#called('challenge');
    return { challenge: requestId, rounds: 0, bits: 0, expiresAt: this.#now };
  }

  async hold({
    appointmentTypeId,
    doctorId,
    locationId,
    startsAt,
    proof,
    requestId,
  }: Parameters<BrowserApi['hold']>[0]) {
    this.#called('hold');
    if (proof.challenge !== requestId) throw new Error('a proof for another request');
    const holdId = idOf('slotHold', ++holds);
    const decision = run(
      this.#facts,
      'slot.hold',
      { holdId, appointmentTypeId, doctorId, locationId, startsAt },
      this.#context,
    );
    return decision.kind === 'refused' ? this.#refusal(decision) : this.#heldAs(holdId);
  }

  async extend({ holdId }: { holdId: string }) {
    this.#called('extend');
    const decision = run(this.#facts, 'slot.extend', { holdId }, this.#context);
    return decision.kind === 'refused' ? this.#refusal(decision) : this.#heldAs(holdId);
  }

  async release({ holdId }: { holdId: string }) {
    this.#called('release');
    run(this.#facts, 'slot.release', { holdId }, this.#context);
    return {};
  }

  async held() {
    this.#called('held');
    const hold = [...this.#facts.all('slotHold')].find(
      (one) => one.holder === this.#holder && one.expiresAt > this.#now,
    );
    return { hold: hold ? holdPage(this.#facts, hold) : null };
  }

  async slots({ clinic: _, ...asked }: Parameters<BrowserApi['slots']>[0]) {
    this.#called('slots');
    return slotsPage(this.#facts, asked, this.#now, { holder: this.#holder });
  }

  get #now(): Instant {
    return Date.now() as Instant;
  }

  get #context() {
    return by({ ...visitor, holder: this.#holder }, this.#now);
  }

  #called(name: string): void {
    if (this.unreachable) throw new TypeError('no connection');
    this.asked.push(name);
  }

  #heldAs(holdId: string) {
    const hold = this.#facts.get('slotHold', holdId);
    if (!hold) throw new Error('the hold is not there');
    return { kind: 'held' as const, hold: holdPage(this.#facts, hold) };
  }

  #refusal({ reasons, alternatives }: Refused): Refusal {
    return {
      kind: 'refused',
      reasons: reasons.map(publicReason),
      alternatives: alternatives.map((slot) => freeTime(this.#facts, slot)),
    };
  }
}
