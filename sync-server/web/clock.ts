/** The server's time. A visitor's clock may be minutes off, which would end a hold too early or too late on the page. */
let aheadMs = 0;

/** So much difference is the way of the page from there to here. */
const tolerableMs = 5000;

export function setServerTime(now: number): void {
  const ahead = now - Date.now();
  aheadMs = Math.abs(ahead) > tolerableMs ? ahead : 0;
}

export function serverNow(): number {
  return Date.now() + aheadMs;
}
