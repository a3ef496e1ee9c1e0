import { useEffect, useState } from 'react';

/** Draws its component again at every turn of the minute. `now` is the clock that the screen goes by. */
export function useMinute(now: () => number): number {
  const [at, setAt] = useState(() => floorMinute(now()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setAt(floorMinute(now()));
      timer = setTimeout(tick, 60_000 - (now() % 60_000) + 20);
    };
    tick();
    return () => clearTimeout(timer);
  }, [now]);
  return at;
}

function floorMinute(at: number): number {
  return at - (at % 60_000);
}
