/** The hours beside the grid, and the line of the present across it. */
import type { Instant } from '@medic/shared/time/instant';
import { useMinute } from '../../ui/use-minute';
import classes from './day-grid.module.css';
import { type AgendaDay, axisMinute, clockOfMinute } from './day-model';

export function Axis({ from, until, pxPerMinute }: { from: number; until: number; pxPerMinute: number }) {
  const hours: number[] = [];
  for (let minute = from; minute < until; minute += 60) hours.push(minute);
  return (
    <div className={classes.axis} style={{ height: (until - from) * pxPerMinute }} aria-hidden>
      {hours.map((minute) => (
        <span
          key={minute}
          style={{ top: (minute - from) * pxPerMinute }}
          data-first={minute === from || undefined}
        >
          {clockOfMinute(minute)}
          {minute === 1440 && <small>+1 day</small>}
        </span>
      ))}
    </div>
  );
}

/** Ink, behind the cards, and across them at 16 %: never to be taken for a struck name. Per column, by its own clock. */
export function NowLine({
  day,
  pxPerMinute,
  now,
}: {
  day: AgendaDay;
  pxPerMinute: number;
  now: () => Instant;
}) {
  useMinute(now);
  const at = now();
  const count = day.columns.length;
  const lines = day.columns.map((column, index) => ({
    key: column.key,
    index,
    minute: axisMinute(at, day.date, column.zone),
  }));
  const shown = lines.filter((line) => line.minute >= day.from && line.minute < day.until);
  const first = shown[0];
  if (!first) return null;
  const style = (line: { index: number; minute: number }) => ({
    left: `${(line.index / count) * 100}%`,
    width: `${100 / count}%`,
    top: (line.minute - day.from) * pxPerMinute,
  });
  return (
    <>
      {shown.map((line) => (
        <div key={line.key} aria-hidden>
          <div className={classes.nowUnder} style={style(line)} />
          <div className={classes.nowOver} style={style(line)} />
        </div>
      ))}
      <div className={classes.nowMark} style={{ top: (first.minute - day.from) * pxPerMinute }} aria-hidden>
        <span>{clockOfMinute(first.minute)}</span>
      </div>
    </>
  );
}
