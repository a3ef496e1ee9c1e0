/** A month to choose a day from. A chunk of its own: most visitors never open it. */
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, isPlainDate, mondayOf } from '@medic/shared/time/plain-date';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { WeekDay } from '../free-times';
import { loadMonth, type SlotsPage } from '../load';
import { useNavigation } from '../navigation';
import { words } from '../words';
import { Icon } from './icon';
import css from './month-dialog.module.css';

interface MonthProps {
  data: SlotsPage;
  /** The day that is shown has the focus from the start, as in a dialog that was opened for it. */
  takesFocus?: boolean;
  onChosen?(): void;
}

/** Over the page, where there is no room beside the times. */
export function MonthDialog({ data, onClose }: { data: SlotsPage; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  return (
    <dialog ref={dialog} className={css.dialog} aria-labelledby="month-title" onClose={onClose}>
      <Month data={data} takesFocus onChosen={() => dialog.current?.close()} />
      <button type="button" className="button wide" onClick={() => dialog.current?.close()}>
        {words.month.close}
      </button>
    </dialog>
  );
}

export function Month({ data, takesFocus = false, onChosen }: MonthProps) {
  const { today, route } = data;
  const { api, go } = useNavigation();
  const grid = useRef<HTMLTableElement>(null);
  const shownDay = data.date ?? data.nextFreeOn ?? today;
  /** The day that arrows start from; its month is shown. */
  const [active, setActive] = useState<PlainDate>(shownDay);
  const [loaded, setLoaded] = useState<{ month: string; days: WeekDay[] | null } | null>(null);
  const month = active.slice(0, 7);
  const days = loaded?.month === month ? loaded.days : undefined;
  /** Whether the grid has the focus, which then follows the active day. */
  const follows = useRef(takesFocus);

  // Beside the times it goes along with the day that is chosen there.
  useEffect(() => {
    follows.current = takesFocus;
    setActive(shownDay);
  }, [shownDay, takesFocus]);

  useEffect(() => {
    if (!api) return;
    let current = true;
    loadMonth(data, month, api).then(
      (found) => current && setLoaded({ month, days: found }),
      () => current && setLoaded({ month, days: null }),
    );
    return () => {
      current = false;
    };
  }, [data, month, api]);

  useEffect(() => {
    if (follows.current) grid.current?.querySelector<HTMLElement>(`[data-date="${active}"]`)?.focus();
  }, [active]);

  function move(to: PlainDate, focus: boolean) {
    follows.current = focus;
    setActive(to < today ? today : to);
  }

  function press(event: KeyboardEvent) {
    const to = target(event, active);
    if (!to) return;
    event.preventDefault();
    move(to, true);
  }

  function choose(day: WeekDay) {
    if (day.count === 0) return;
    onChosen?.();
    go({ ...route, date: day.date, time: null }, { focus: 'keep', replace: true });
  }

  return (
    <>
      <div className={css.head}>
        <h2 id="month-title" aria-live="polite">
          {words.date.monthYear(active)}
        </h2>
        <button
          type="button"
          className={css.arrow}
          aria-label={words.month.previous}
          disabled={month <= today.slice(0, 7)}
          onClick={() => move(sameDayOf(active, -1), false)}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          className={css.arrow}
          aria-label={words.month.next}
          onClick={() => move(sameDayOf(active, 1), false)}
        >
          <Icon name="forward" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of days is a table that arrows move in */}
      <table ref={grid} role="grid" aria-labelledby="month-title" className={css.grid} onKeyDown={press}>
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, i) => addDays(mondayOf(active), i)).map((date) => (
              <th key={date} scope="col" abbr={words.date.weekdayLong(date)}>
                {words.date.weekday(date).slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((date) => {
                const day = days?.find((known) => known.date === date) ?? {
                  date,
                  count: 0,
                  state: 'none' as const,
                };
                return (
                  <td key={date}>
                    {date.startsWith(month) && (
                      <button
                        type="button"
                        data-date={date}
                        tabIndex={date === active ? 0 : -1}
                        className={`${css.day} ${day.count > 0 ? css[day.state] : ''}`}
                        aria-label={
                          days ? words.slots.dayName(date, day.count, day.state) : words.date.long(date)
                        }
                        aria-disabled={day.count === 0 || undefined}
                        aria-current={date === data.date ? 'date' : undefined}
                        onClick={() => choose(day)}
                      >
                        {words.date.day(date)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.legend}>
        {days === null ? (
          words.problem.unreachable.title
        ) : (
          <>
            <span className={css.free}>{words.month.free}</span>
            <span className={css.few}>{words.month.few}</span>
          </>
        )}
      </p>
    </>
  );
}

function target(event: KeyboardEvent, from: PlainDate): PlainDate | null {
  switch (event.key) {
    case 'ArrowLeft':
      return addDays(from, -1);
    case 'ArrowRight':
      return addDays(from, 1);
    case 'ArrowUp':
      return addDays(from, -7);
    case 'ArrowDown':
      return addDays(from, 7);
    case 'Home':
      return mondayOf(from);
    case 'End':
      return addDays(mondayOf(from), 6);
    case 'PageUp':
      return sameDayOf(from, -1);
    case 'PageDown':
      return sameDayOf(from, 1);
    default:
      return null;
  }
}

/** The same day of another month, or its last one. */
export function sameDayOf(date: PlainDate, months: number): PlainDate {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const month = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  for (let day = Number(date.slice(8)); ; day--) {
    const found = `${month}-${String(day).padStart(2, '0')}`;
    if (isPlainDate(found)) return found;
  }
}

/** Monday to Sunday, with the days of its neighbours at the edges. */
export function weeksOf(month: string): PlainDate[][] {
  const first = `${month}-01` as PlainDate;
  const weeks: PlainDate[][] = [];
  let monday = mondayOf(first);
  do {
    weeks.push(Array.from({ length: 7 }, (_, i) => addDays(monday, i)));
    monday = addDays(monday, 7);
  } while (monday.startsWith(month));
  return weeks;
}
