/**
 * Locks the desk when nobody has touched it for a while. Every key and every move of the pointer counts, in any tab;
 * a computer that slept locks when it wakes up.
 */

export interface IdleLock {
  stop(): void;
}

export interface IdleLockOptions {
  minutes: number;
  /** Seconds left until the lock, null while there is time: said for the last ones, so that nobody is surprised. */
  warn(secondsLeft: number | null): void;
  lock(): void;
}

/** Long enough to reach the mouse. */
const warningSeconds = 20;
const lookEveryMs = 1_000;
/** Other tabs hear of it no more often than this. */
const tellEveryMs = 5_000;
const touches = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'] as const;

export function lockWhenIdle({ minutes, warn, lock }: IdleLockOptions): IdleLock {
  const channel = new BroadcastChannel('medic-touched');
  let touchedAt = Date.now();
  let toldAt = 0;
  let warned = false;

  function touched(): void {
    // After a sleep the first touch comes before the first look: it does not count.
    if (leftMs() <= 0) {
      look();
      return;
    }
    touchedAt = Date.now();
    if (warned) look();
    if (touchedAt - toldAt < tellEveryMs) return;
    toldAt = touchedAt;
    channel.postMessage(null);
  }

  /** By the clock, not by counting: timers stand still while the computer sleeps. */
  function leftMs(): number {
    return touchedAt + minutes * 60_000 - Date.now();
  }

  function look(): void {
    const left = leftMs();
    if (left <= 0) {
      stop();
      lock();
      return;
    }
    const secondsLeft = Math.ceil(left / 1000);
    if (secondsLeft <= warningSeconds) warn(secondsLeft);
    else if (warned) warn(null);
    warned = secondsLeft <= warningSeconds;
  }

  function stop(): void {
    clearInterval(timer);
    channel.onmessage = null;
    channel.close();
    for (const touch of touches) removeEventListener(touch, touched, true);
    document.removeEventListener('visibilitychange', look);
  }

  channel.onmessage = () => {
    if (leftMs() > 0) touchedAt = Date.now();
  };
  for (const touch of touches) addEventListener(touch, touched, { capture: true, passive: true });
  document.addEventListener('visibilitychange', look);
  const timer = setInterval(look, lookEveryMs);
  return { stop };
}
