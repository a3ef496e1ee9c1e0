/** The entries, one line each. Only the lines that can be seen are drawn: a clinic may have hundreds. */
import type { Slot } from '@medic/shared/availability/query';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import {
  IconAlertTriangle,
  IconCalendarPlus,
  IconCheck,
  IconClock,
  IconHourglass,
  IconX,
} from '@tabler/icons-react';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useFacts, useTentative } from '../../replica/hooks';
import { fullName } from '../../ui/person-name';
import classes from './waitlist-list.module.css';
import {
  ageWords,
  doctorWords,
  slotWords,
  standingOf,
  urgencyWords,
  waitsLong,
  whenWords,
} from './wish-words';

export const rowHeight = 44;
/** Drawn beyond the edge, so that a turn of the wheel meets no gap. */
const spare = 6;

export interface WaitlistListHandle {
  focus: () => void;
}

interface WaitlistListProps {
  entries: readonly WaitlistEntry[];
  chosenId: string | null;
  onChoose: (id: string) => void;
  onKey: (event: KeyboardEvent) => void;
  matches: ReadonlyMap<string, readonly Slot[]>;
  /** The entries that are drawn now. */
  onSeen: (entries: readonly WaitlistEntry[]) => void;
  now: Instant;
  ref?: Ref<WaitlistListHandle>;
}

export function WaitlistList({
  entries,
  chosenId,
  onChoose,
  onKey,
  matches,
  onSeen,
  now,
  ref,
}: WaitlistListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const chosenAt = entries.findIndex((entry) => entry.id === chosenId);
  const from = Math.max(0, Math.floor(view.top / rowHeight) - spare);
  const until = Math.min(entries.length, Math.ceil((view.top + view.height) / rowHeight) + spare);
  const seen = entries.slice(from, until);
  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen follows from these
  useEffect(() => onSeen(seen), [entries, from, until, onSeen]);
  useEffect(() => {
    const element = box.current;
    if (!element || chosenAt < 0) return;
    const top = chosenAt * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  }, [chosenAt]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
    };
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const step = plain ? steps[event.key] : undefined;
    const to =
      step !== undefined
        ? chosenAt + step
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? entries.length - 1
            : null;
    if (to === null) return onKey(event);
    event.preventDefault();
    const entry = entries[Math.min(Math.max(to, 0), entries.length - 1)];
    if (entry) onChoose(entry.id);
  };

  return (
    <div className={classes.table}>
      <div className={classes.head} aria-hidden>
        <span>Patient</span>
        <span>Type</span>
        <span>Doctor</span>
        <span>When it suits</span>
        <span>Waiting</span>
        <span>State</span>
      </div>
      <div
        ref={box}
        className={classes.rows}
        role="listbox"
        aria-label="Waitlist"
        aria-activedescendant={chosenAt >= from && chosenAt < until ? `entry-${chosenId}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={(event) =>
          setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
        }
      >
        <div role="presentation" style={{ height: entries.length * rowHeight }} className={classes.all}>
          {seen.map((entry, index) => (
            <Row
              key={entry.id}
              entry={entry}
              at={from + index}
              count={entries.length}
              isChosen={entry.id === chosenId}
              slots={matches.get(entry.id)}
              now={now}
              onChoose={onChoose}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function Row({
  entry,
  at,
  count,
  isChosen,
  slots,
  now,
  onChoose,
}: {
  entry: WaitlistEntry;
  at: number;
  count: number;
  isChosen: boolean;
  slots: readonly Slot[] | undefined;
  now: Instant;
  onChoose: (id: string) => void;
}) {
  const facts = useFacts();
  const tentative = useTentative().has(entry.id);
  const patient = facts.get('patient', entry.patientId);
  const type = facts.appointmentType(entry.appointmentTypeId);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus and names the active entry
    // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and letters work on the list
    <div
      id={`entry-${entry.id}`}
      role="option"
      aria-selected={isChosen}
      aria-setsize={count}
      aria-posinset={at + 1}
      className={classes.row}
      style={{ top: at * rowHeight, height: rowHeight }}
      onClick={() => onChoose(entry.id)}
    >
      <span className={classes.name}>
        <b>{patient ? fullName(patient) : 'Not on this desk yet'}</b>
        {entry.urgency !== 'routine' && (
          <em data-urgency={entry.urgency}>
            {entry.urgency === 'urgent' && <IconAlertTriangle size={12} stroke={2} aria-hidden />}
            {urgencyWords[entry.urgency]}
          </em>
        )}
        {tentative && <em>Not sent</em>}
      </span>
      <span className={classes.type}>
        <i className={classes.swatch} data-type-colour={type?.colour ?? 'steel'} aria-hidden />
        {type?.name ?? '?'}
      </span>
      <span>{doctorWords(entry, facts)}</span>
      <span>{whenWords(entry)}</span>
      <span className={classes.age} data-long={waitsLong(entry, now) || undefined}>
        {ageWords(entry, now)}
      </span>
      <State entry={entry} slots={slots} now={now} />
    </div>
  );
}

function State({
  entry,
  slots,
  now,
}: {
  entry: WaitlistEntry;
  slots: readonly Slot[] | undefined;
  now: Instant;
}) {
  const facts = useFacts();
  const standing = standingOf(entry, facts, now);
  if (standing.kind !== 'waiting') {
    const Icon = { offered: IconHourglass, booked: IconCheck, closed: IconX }[standing.kind];
    return (
      <span className={classes.state}>
        <Icon size={15} stroke={1.75} aria-hidden /> {standing.words} <small>{standing.detail}</small>
      </span>
    );
  }
  const past = standing.words && `${standing.words} ${standing.detail}`;
  if (slots === undefined)
    return (
      <span className={classes.state}>
        <small>{past || '…'}</small>
      </span>
    );
  const first = slots[0];
  if (!first)
    return (
      <span className={classes.state}>
        <IconClock size={15} stroke={1.75} aria-hidden /> No free time yet <small>{past}</small>
      </span>
    );
  return (
    <span className={classes.state} data-match>
      <IconCalendarPlus size={15} stroke={1.75} aria-hidden />
      {slots.length === 1 ? '1 free time' : `${slots.length} free times`}{' '}
      <small>
        {slotWords(first, facts, now)}
        {past && ` · ${past}`}
      </small>
    </span>
  );
}
