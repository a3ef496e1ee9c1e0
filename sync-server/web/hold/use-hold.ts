/** A page's look at the time that is kept for it. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { BrowserApi } from '../api';
import { serverNow } from '../clock';
import { useNavigation } from '../navigation';
import { HoldKeeper, type Keeping, sameTime, type Wish } from './keeper';
import { whenLeaving } from './leaving';
import { listenToOtherTabs } from './other-tabs';

const keepers = new Map<string, HoldKeeper>();

/** The tab's keeper for a clinic. */
export function keeperOf(api: BrowserApi, clinic: string): HoldKeeper {
  const known = keepers.get(clinic);
  if (known) return known;
  const keeper = new HoldKeeper(api, clinic);
  keepers.set(clinic, keeper);
  listenToOtherTabs(clinic, keeper);
  return keeper;
}

const nothingKept: Keeping = { state: 'none' };
const neverChanges = () => () => undefined;

export interface HoldView {
  keeping: Keeping;
  /** Null on the server. */
  keeper: HoldKeeper | null;
  /** Whole minutes that are left, begun ones counted; 0 when nothing is kept. */
  minutesLeft: number;
}

/** Keeps the page's own time from the moment that the page is there. */
export function useHold(clinic: string, wish: Wish): HoldView {
  const { api } = useNavigation();
  const keeper = useMemo(() => (api ? keeperOf(api, clinic) : null), [api, clinic]);
  const current = useSyncExternalStore(
    (listener) => keeper?.subscribe(listener) ?? neverChanges(),
    () => keeper?.keeping ?? nothingKept,
    () => nothingKept,
  );
  // What was kept for the page before is no business of this one.
  const keeping = current.state !== 'none' && sameTime(current.wish, wish) ? current : nothingKept;
  const { appointmentTypeId, doctorId, locationId, startsAt } = wish;

  useEffect(() => {
    if (!keeper) return;
    whenLeaving(() => keeper.release());
    const { keeping: known } = keeper;
    const asked = { appointmentTypeId, doctorId, locationId, startsAt };
    // What has ended, or could not be had, is tried again by the visitor.
    if (known.state === 'none' || known.state === 'lost' || !sameTime(known.wish, asked))
      void keeper.keep(asked);
  }, [keeper, appointmentTypeId, doctorId, locationId, startsAt]);

  return { keeping, keeper, minutesLeft: useMinutesLeft(keeper, keeping) };
}

function useMinutesLeft(keeper: HoldKeeper | null, keeping: Keeping): number {
  const expiresAt = keeping.state === 'kept' ? keeping.hold.expiresAt : null;
  const [, tick] = useState(0);
  const left = expiresAt === null ? 0 : expiresAt - serverNow();

  useEffect(() => {
    if (expiresAt === null || !keeper) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const rest = expiresAt - serverNow();
      if (rest <= 0) return void keeper.expire();
      tick((count) => count + 1);
      // To the next whole minute; the clock of the browser may be set meanwhile, so not far ahead.
      timer = setTimeout(look, Math.min((rest % 60_000) + 50, 60_000));
    };
    timer = setTimeout(look, Math.max(0, ((expiresAt - serverNow()) % 60_000) + 50));
    return () => clearTimeout(timer);
  }, [expiresAt, keeper]);

  return Math.max(0, Math.ceil(left / 60_000));
}
