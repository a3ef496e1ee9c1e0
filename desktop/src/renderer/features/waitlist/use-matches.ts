/**
 * The free times of the entries that can be seen, looked for one entry at a time while nothing else is to do: with
 * hundreds waiting, a search for each would hold the screen up. What was found stays shown until the new answer is in.
 */
import type { Facts } from '@medic/shared/acts/facts';
import { slotsFor } from '@medic/shared/acts/waitlist/matches';
import type { Slot } from '@medic/shared/availability/query';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import { useEffect, useRef, useState } from 'react';
import { useDesk } from '../../replica/hooks';
import { whenIdle } from './when-idle';

export const matchesShown = 3;

/** A search takes a millisecond or a hundred: several short ones go together. */
const budgetMs = 8;

interface Found {
  facts: Facts;
  entry: WaitlistEntry;
  slots: readonly Slot[];
}

export function useMatches(
  entries: readonly WaitlistEntry[],
  facts: Facts,
): ReadonlyMap<string, readonly Slot[]> {
  const desk = useDesk();
  const found = useRef(new Map<string, Found>());
  const [shown, setShown] = useState<ReadonlyMap<string, readonly Slot[]>>(new Map());
  // The same list of entries comes as a new array with every scroll: what counts is who is in it.
  const ids = entries.map((entry) => entry.id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ids` stands for the entries
  useEffect(() => {
    const waiting = entries.filter((entry) => {
      const known = found.current.get(entry.id);
      return known?.facts !== facts || known.entry !== entry;
    });
    if (waiting.length === 0) return;
    return whenIdle(() => {
      const until = performance.now() + budgetMs;
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        const slots = slotsFor(facts, entry, { now: desk.now(), limit: matchesShown });
        found.current.set(entry.id, { facts, entry, slots });
        if (performance.now() > until) break;
      }
      setShown(new Map([...found.current].map(([id, each]) => [id, each.slots])));
      return waiting.length > 0;
    });
  }, [ids, facts, desk]);
  return shown;
}
