/** A visit that repeats: the rule, and every time it gives with those that can't be booked and why. */
import { maxOccurrences } from '@medic/shared/acts/series/rule';
import { isPlainDate, weekdayOf } from '@medic/shared/time/plain-date';
import { localDate } from '@medic/shared/time/zone';
import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { ActionButton } from '../../ui/action-button';
import { shortDay } from '../../ui/date-words';
import { Segments } from '../../ui/segments';
import classes from './repeat-panel.module.css';
import { isLastOfMonth, nthWords, repeatWords, weekdayLetters } from './repeat-rule';
import { type SeriesTime, unsettled } from './series-preview';
import type { Booking } from './use-booking';

const icons = { free: IconCheck, warned: IconAlertTriangle, taken: IconBan };
const stateWords = { free: 'free', warned: 'can be booked', taken: 'can’t be booked' };

export function RepeatPanel({ booking }: { booking: Booking }) {
  const { repeat, setRepeat, zone, chosen } = booking;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  if (!repeat || !chosen) return null;
  const { choice, times, skip } = repeat;
  const own = weekdayOf(localDate(chosen.startsAt, zone));
  const open = unsettled(times, skip);
  return (
    <div className={classes.panel}>
      <div className={classes.rule}>
        <Segments
          label="Repeats"
          value={choice.frequency}
          segments={[
            { value: 'daily', label: 'Daily' },
            { value: 'weekly', label: 'Weekly' },
            { value: 'monthly', label: 'Monthly' },
          ]}
          onChange={(frequency) => setRepeat({ frequency })}
        />
        <label>
          every{' '}
          <input
            type="number"
            min={1}
            max={99}
            value={choice.interval}
            onChange={(event) => setRepeat({ interval: Number(event.currentTarget.value) })}
          />{' '}
          {{ daily: 'days', weekly: 'weeks', monthly: 'months' }[choice.frequency]}
        </label>
        <label>
          <select
            aria-label="Ends"
            value={choice.ends}
            onChange={(event) =>
              setRepeat({ ends: event.currentTarget.value === 'until' ? 'until' : 'count' })
            }
          >
            <option value="count">ends after</option>
            <option value="until">ends on</option>
          </select>{' '}
          {choice.ends === 'count' ? (
            <>
              <input
                ref={first}
                type="number"
                aria-label="Number of visits"
                min={1}
                max={maxOccurrences}
                value={choice.count}
                onChange={(event) => setRepeat({ count: Number(event.currentTarget.value) })}
              />{' '}
              visits
            </>
          ) : (
            <input
              type="date"
              aria-label="Last date"
              value={choice.until}
              onChange={(event) => {
                const until = event.currentTarget.value;
                if (isPlainDate(until)) setRepeat({ until });
              }}
            />
          )}
        </label>
      </div>
      {choice.frequency === 'weekly' && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row
        <div className={classes.days} role="group" aria-label="On">
          {weekdayLetters.map((name, index) => {
            const day = index + 1;
            const on = day === own || choice.weekdays.includes(day);
            return (
              <button
                key={name}
                type="button"
                aria-pressed={on}
                disabled={day === own}
                title={day === own ? 'The day of the first visit' : undefined}
                onClick={() =>
                  setRepeat({
                    weekdays: on ? choice.weekdays.filter((each) => each !== day) : [...choice.weekdays, day],
                  })
                }
              >
                {name}
              </button>
            );
          })}
        </div>
      )}
      {choice.frequency === 'monthly' && isLastOfMonth(chosen.startsAt, zone) && (
        <Segments
          label="Which of the month"
          value={choice.fromEnd ? 'last' : 'nth'}
          segments={[
            { value: 'nth', label: `The ${nthWords(chosen.startsAt, zone, false)}` },
            { value: 'last', label: `The ${nthWords(chosen.startsAt, zone, true)}` },
          ]}
          onChange={(which) => setRepeat({ fromEnd: which === 'last' })}
        />
      )}
      <div className={classes.sum}>
        <b>{repeatWords(choice, chosen.startsAt, zone)}</b>
        <span role="status">{sumWords(times, skip, open.length)}</span>
        {open.length > 0 && (
          <ActionButton
            size="inline"
            keys="Alt+X"
            onClick={() =>
              booking.skipTimes(
                open.map((time) => time.startsAt),
                true,
              )
            }
          >
            Leave {open.length === 1 ? 'it' : 'them'} out
          </ActionButton>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <ul className={classes.times} aria-label="Visits of the series" tabIndex={0}>
        {times.slice(0, maxOccurrences).map((time) => {
          const left = skip.has(time.startsAt);
          const Icon = icons[time.state];
          return (
            <li key={time.startsAt} data-state={left ? 'left' : time.state}>
              <label>
                <input
                  type="checkbox"
                  checked={!left}
                  onChange={(event) => booking.skipTimes([time.startsAt], !event.currentTarget.checked)}
                />
                <span className={classes.when}>
                  {shortDay(time.date)} {time.clock}
                </span>
                <Icon size={15} stroke={1.75} aria-label={left ? 'left out' : stateWords[time.state]} />
                <span className={classes.words}>{left ? 'Left out' : time.words || 'Free'}</span>
              </label>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function sumWords(times: readonly SeriesTime[], skip: ReadonlySet<number>, open: number): string {
  if (times.length > maxOccurrences) return `More than ${maxOccurrences} visits: end it earlier`;
  const left = times.filter((time) => skip.has(time.startsAt)).length;
  return [
    `${times.length - left} visit${times.length - left === 1 ? '' : 's'}`,
    left > 0 ? `${left} left out` : '',
    open > 0 ? `${open} can’t be booked` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
