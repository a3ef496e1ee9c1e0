import type { Instant } from '@medic/shared/time/instant';
import {
  IconArrowBarToRight,
  IconBan,
  IconBeach,
  IconCalendarEvent,
  IconCheck,
  IconClockQuestion,
  IconCoffee,
  IconDoor,
  IconHourglass,
  IconLock,
  IconMoon,
} from '@tabler/icons-react';
import { type KeyboardEvent, type Ref, useEffect, useRef } from 'react';
import { KeyCap } from '../../ui/key-cap';
import classes from './booking-dialog.module.css';
import type { TimeRow } from './slot-list';

interface TimeListProps {
  ref: Ref<HTMLDivElement>;
  rows: readonly TimeRow[];
  chosen: Instant | null;
  onChoose: (startsAt: Instant) => void;
  /** Enter on the chosen time. */
  onTake: () => void;
  empty: string;
}

const icons: Partial<Record<NonNullable<TimeRow['reason']>, typeof IconBan>> = {
  visit: IconCalendarEvent,
  buffer: IconArrowBarToRight,
  break: IconCoffee,
  block: IconLock,
  closure: IconLock,
  'time-off': IconBeach,
  'outside-hours': IconMoon,
  hold: IconHourglass,
  'room-taken': IconDoor,
  'no-room': IconDoor,
  past: IconClockQuestion,
};

/** One list box: arrows go from free time to free time, Enter books. Taken times are read but never chosen. */
export function TimeList({ ref, rows, chosen, onChoose, onTake, empty }: TimeListProps) {
  const free = rows.filter((row) => row.take !== null);
  const box = useRef<HTMLDivElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen row is another element each time
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, rows]);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = free.findIndex((row) => row.startsAt === chosen);
    const go = (index: number) => {
      const row = free[Math.min(Math.max(index, 0), free.length - 1)];
      if (row) onChoose(row.startsAt);
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(free.length - 1);
    else if (event.key === 'Enter') onTake();
    else return;
    event.preventDefault();
  };
  return (
    <>
      {/* Not in the list box: nothing but times belongs there. */}
      {!rows.some((row) => row.take === 'free') && <p className={classes.none}>{empty}</p>}
      <div
        ref={(element) => {
          box.current = element;
          if (typeof ref === 'function') ref(element);
          else if (ref) ref.current = element;
        }}
        className={classes.times}
        role="listbox"
        aria-label="Times"
        aria-activedescendant={chosen === null ? undefined : `time-${chosen}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => {
          const Icon = row.reason ? (icons[row.reason] ?? IconBan) : IconCheck;
          const isChosen = row.take !== null && row.startsAt === chosen;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the list box keeps the focus and names the active option
            // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter work on the list box
            <div
              key={row.startsAt}
              id={`time-${row.startsAt}`}
              role="option"
              aria-selected={isChosen}
              aria-disabled={row.take === null || undefined}
              data-take={row.take ?? undefined}
              className={classes.time}
              onClick={row.take ? () => onChoose(row.startsAt) : undefined}
              onDoubleClick={row.take ? onTake : undefined}
            >
              <span className={classes.clock}>{row.clock}</span>
              <Icon size={15} stroke={1.75} aria-hidden />
              <span className={classes.timeWords}>
                {row.take === 'overbook' ? `Taken: ${row.words}` : row.words}
              </span>
              {isChosen && row.take === 'overbook' && <small>overbook</small>}
              {isChosen && <KeyCap keys="Enter" />}
            </div>
          );
        })}
      </div>
    </>
  );
}
