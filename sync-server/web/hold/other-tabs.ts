import type { HoldKeeper, Wish } from './keeper';

/** One time is kept for all tabs of a browser: each hears of what the others do, and looks again when it is shown. */
export function listenToOtherTabs(clinic: string, keeper: HoldKeeper): void {
  const tabs = new BroadcastChannel(`medic.${clinic}.hold`);
  keeper.onChange = (booked) => tabs.postMessage(booked);
  tabs.onmessage = ({ data }: MessageEvent<Wish | null>) => {
    if (data) keeper.bookedElsewhere(data);
    else void keeper.check();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void keeper.check();
  });
}
