import { instant, type TimeZone } from '@medic/shared/time/instant';
import { dayNumber } from '@medic/shared/time/plain-date';
import { localTime } from '@medic/shared/time/zone';

/** In the clinic's zone, as everything else on the desk; in the machine's only where the clinic's is not known. */
export function wasHere(at: number, now: number, timeZone: TimeZone | null): string {
  const zone = timeZone ?? (Intl.DateTimeFormat().resolvedOptions().timeZone as TimeZone);
  const [then, today] = [localTime(instant(at), zone), localTime(instant(now), zone)];
  const days = dayNumber(today.date) - dayNumber(then.date);
  if (days === 0) return `was here until ${then.time}`;
  if (days === 1) return 'was here yesterday';
  const year = then.date.slice(0, 4) === today.date.slice(0, 4) ? {} : { year: 'numeric' as const };
  const words = { day: 'numeric', month: 'long', timeZone: zone, ...year } as const;
  return `was here on ${new Date(at).toLocaleDateString('en-GB', words)}`;
}
