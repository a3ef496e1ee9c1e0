import type { PlainDate } from '@medic/shared/time/instant';
import { words } from '../words';
import css from './visit-date.module.css';

/** A leaf of a calendar. Decoration: the date stands in words beside it. */
export function VisitDate({ date }: { date: PlainDate }) {
  return (
    <span className={css.leaf} aria-hidden="true">
      <span className={css.month}>{words.date.month(date)}</span>
      <span className={css.day}>{words.date.day(date)}</span>
      <span className={css.weekday}>{words.date.weekday(date)}</span>
    </span>
  );
}
