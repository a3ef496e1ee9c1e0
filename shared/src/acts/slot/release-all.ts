import type { Actor } from '../act';
import type { Change, Facts } from '../facts';

/** Takes away all that a visitor holds, of whichever doctor: one hold at a time, and none after the booking. */
export function releaseAll(facts: Facts, actor: Actor): Change[] {
  if (actor.holder === undefined) return [];
  const released: Change[] = [];
  for (const hold of facts.all('slotHold')) {
    if (hold.holder === actor.holder) released.push({ kind: 'slotHold', record: { ...hold, deleted: true } });
  }
  return released;
}
