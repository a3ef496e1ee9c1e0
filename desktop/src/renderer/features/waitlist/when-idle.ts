/** A burst of keys or changes is waited out before anything is begun. */
const restMs = 120;

/**
 * Does a piece of work whenever nothing else is to do, until it says that no more is left. Returns what stops it.
 * Browsers without idle callbacks get a short pause between the pieces.
 */
export function whenIdle(work: () => boolean): () => void {
  let stopped = false;
  const again = () => {
    if (stopped || !work()) return;
    if (typeof requestIdleCallback === 'function') requestIdleCallback(again, { timeout: 1000 });
    else setTimeout(again, 16);
  };
  const timer = setTimeout(again, restMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
