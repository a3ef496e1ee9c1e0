import type { Instant } from '@medic/shared/time/instant';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { type AgendaDay, axisMinute } from './day-model';

/** Half the height of an hour's label, which stands across its line. */
const hourLabelPx = 10;

/** Opens at the morning's first hours, or an hour before now on the day itself; once for each date. */
export function useScrollToHours(
  scroller: RefObject<HTMLDivElement | null>,
  day: AgendaDay,
  pxPerMinute: number,
  isToday: boolean,
  now: () => Instant,
): void {
  const done = useRef('');
  useLayoutEffect(() => {
    const box = scroller.current;
    const column = day.columns[0];
    if (!box || !column || done.current === day.date) return;
    done.current = day.date;
    const minute = isToday ? axisMinute(now(), day.date, column.zone) - 120 : 480;
    const tooTall = box.scrollHeight > box.clientHeight;
    // A little above the hour, so that its label shows.
    const top = (Math.floor(minute / 60) * 60 - day.from) * pxPerMinute - hourLabelPx;
    box.scrollTop = tooTall ? Math.max(0, top) : 0;
  }, [scroller, day, pxPerMinute, isToday, now]);
}
