/** The waitlist: who waits, ranked; the free times that suit the one chosen; times that came free of late. */
import { Select } from '@mantine/core';
import { entriesFor, type Match } from '@medic/shared/acts/waitlist/matches';
import { isWaiting } from '@medic/shared/acts/waitlist/standing';
import type { Slot } from '@medic/shared/availability/query';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import { IconListNumbers } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { doctorName } from '../../ui/person-name';
import { useMinute } from '../../ui/use-minute';
import { EntryDetails, NoEntry } from './entry-details';
import { useMatches } from './use-matches';
import { useWaitlistActs } from './waitlist-acts';
import { WaitlistList, type WaitlistListHandle } from './waitlist-list';
import {
  cancelledLately,
  entriesShown,
  type FreedTime,
  openOffer,
  type WaitlistView,
} from './waitlist-model';
import classes from './waitlist-screen.module.css';
import { whenIdle } from './when-idle';
import { slotWords } from './wish-words';

export interface WaitlistScreenProps {
  view: WaitlistView;
  onAdd: () => void;
  onOffer: (time: FreedTime, entryId?: string) => void;
  onBook: (entry: WaitlistEntry) => void;
  onEdit: (entryId: string) => void;
  onRemove: (entryId: string) => void;
  onOpenPatient: (patientId: string) => void;
}

export function WaitlistScreen({
  view,
  onAdd,
  onOffer,
  onBook,
  onEdit,
  onRemove,
  onOpenPatient,
}: WaitlistScreenProps) {
  const desk = useDesk();
  const facts = useFacts();
  const acts = useWaitlistActs();
  const clock = useMemo(() => () => desk.now(), [desk]);
  const now = useMinute(clock) as Instant;
  const [filter, setFilter] = useState<
    Record<'appointmentTypeId' | 'doctorId' | 'locationId', string | null>
  >({
    appointmentTypeId: null,
    doctorId: null,
    locationId: null,
  });
  const entries = useMemo(() => entriesShown(facts, { view, ...filter }, now), [facts, view, filter, now]);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const chosen = entries.find((entry) => entry.id === chosenId) ?? entries[0];
  const [seen, setSeen] = useState<readonly WaitlistEntry[]>([]);
  const matches = useMatches(seen, facts);
  const list = useRef<WaitlistListHandle>(null);
  // Also when the entries come after the page, as on a desk that has just signed in; but only once.
  const focused = useRef(false);
  const isEmpty = entries.length === 0;
  useEffect(() => {
    if (isEmpty || focused.current) return;
    focused.current = true;
    list.current?.focus();
  }, [isEmpty]);

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^Digit[1-3]$/.test(event.code) ? Number(event.code.slice(5)) : 0;
    const slot = chosen && matches.get(chosen.id)?.[digit - 1];
    if (slot && isWaiting(chosen)) {
      if (event.shiftKey) void acts.bookNow(chosen.id, slot);
      else onOffer(slot, chosen.id);
    } else if (event.key === 'n') onAdd();
    else if (event.key === 'o' && chosen) onOpenPatient(chosen.patientId);
    else if (chosen && isWaiting(chosen) && event.key === 'b') onBook(chosen);
    else if (chosen && isWaiting(chosen) && event.key === 'e') onEdit(chosen.id);
    else if (chosen && isWaiting(chosen) && event.key === 'Backspace') onRemove(chosen.id);
    else if (chosen && !isWaiting(chosen) && event.key === 'r') void acts.reopen(chosen.id);
    else if (chosen && openOffer(chosen, now)) {
      const { id } = openOffer(chosen, now) as WaitlistOffer;
      if (event.key === 'y') void acts.answer(chosen.id, id, 'accept');
      else if (event.key === 'd') void acts.answer(chosen.id, id, 'decline');
      else if (event.key === 'x') void acts.withdraw(chosen.id, id);
      else return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={classes.split}>
      <div className={classes.main}>
        {view === 'waiting' && <FreedLately now={now} onOffer={onOffer} />}
        <Filters
          view={view}
          filter={filter}
          onFilter={(change) => setFilter((before) => ({ ...before, ...change }))}
        />
        {entries.length === 0 ? (
          <Empty view={view} filtered={Object.values(filter).some((each) => each !== null)} onAdd={onAdd} />
        ) : (
          <WaitlistList
            ref={list}
            entries={entries}
            chosenId={chosen?.id ?? null}
            onChoose={setChosenId}
            onKey={onKey}
            matches={matches}
            onSeen={setSeen}
            now={now}
          />
        )}
      </div>
      {chosen ? (
        <EntryDetails
          entry={chosen}
          slots={matches.get(chosen.id)}
          now={now}
          acts={acts}
          onOffer={(slot: Slot) => onOffer(slot, chosen.id)}
          onBook={() => onBook(chosen)}
          onEdit={() => onEdit(chosen.id)}
          onRemove={() => onRemove(chosen.id)}
          onOpenPatient={() => onOpenPatient(chosen.patientId)}
        />
      ) : (
        <NoEntry />
      )}
    </div>
  );
}

function Filters({
  view,
  filter,
  onFilter,
}: {
  view: WaitlistView;
  filter: Record<'appointmentTypeId' | 'doctorId' | 'locationId', string | null>;
  onFilter: (change: Partial<Record<'appointmentTypeId' | 'doctorId' | 'locationId', string | null>>) => void;
}) {
  const facts = useFacts();
  const types = [...facts.all('appointmentType')].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div className={classes.filters}>
      <Choice
        name="Type"
        all="All types"
        choices={types.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.appointmentTypeId}
        onChoose={(appointmentTypeId) => onFilter({ appointmentTypeId })}
      />
      <Choice
        name="Doctor"
        all="All doctors"
        choices={[...facts.doctors()].map((doctor) => ({ value: doctor.id, label: doctorName(doctor) }))}
        value={filter.doctorId}
        onChoose={(doctorId) => onFilter({ doctorId })}
      />
      <Choice
        name="Place"
        all="All places"
        choices={[...facts.all('location')].map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.locationId}
        onChoose={(locationId) => onFilter({ locationId })}
      />
      <span className={classes.order}>
        {view === 'over' ? 'The newest first' : 'Urgent first, then the longest wait'}
      </span>
    </div>
  );
}

const everything = 'all';

function Choice({
  name,
  all,
  choices,
  value,
  onChoose,
}: {
  name: string;
  all: string;
  choices: { value: string; label: string }[];
  value: string | null;
  onChoose: (value: string | null) => void;
}) {
  return (
    <Select
      aria-label={name}
      data={[{ value: everything, label: all }, ...choices]}
      value={value ?? everything}
      onChange={(chosen) => onChoose(chosen === null || chosen === everything ? null : chosen)}
    />
  );
}

/** Times that visits gave back within a day and that somebody waits for; two at most, the newest first. */
function FreedLately({ now, onOffer }: { now: Instant; onOffer: (time: FreedTime) => void }) {
  const facts = useFacts();
  const [freed, setFreed] = useState<{ time: FreedTime; matches: Match[] }[]>([]);
  useEffect(
    () =>
      whenIdle(() => {
        const found: typeof freed = [];
        for (const time of cancelledLately(facts, now).slice(0, 12)) {
          const matches = entriesFor(facts, time, now);
          if (matches.length > 0) found.push({ time, matches });
          if (found.length === 2) break;
        }
        setFreed(found);
        return false;
      }),
    [facts, now],
  );
  return freed.map(({ time, matches }) => {
    const doctor = facts.doctor(time.doctorId);
    return (
      <section
        key={`${time.doctorId} ${time.startsAt}`}
        className={classes.freed}
        aria-label={`Came free: ${slotWords(time, facts, now)}`}
      >
        <p>
          <b>Came free: {slotWords(time, facts, now)}</b>
          <span>
            {doctor && doctorName(doctor)} · {facts.location(time.locationId)?.name} ·{' '}
            {matches.length === 1 ? '1 person waits for it' : `${matches.length} people wait for it`}
          </span>
        </p>
        <ActionButton size="small" tone="soft" onClick={() => onOffer(time)}>
          Offer it…
        </ActionButton>
      </section>
    );
  });
}

function Empty({ view, filtered, onAdd }: { view: WaitlistView; filtered: boolean; onAdd: () => void }) {
  const words = {
    waiting: {
      title: 'Nobody waits for a time',
      text: 'Who finds no time that suits joins here, from the booking dialog or the public page.',
    },
    offered: {
      title: 'No offer is open',
      text: 'Offers stand here until they are answered, taken by somebody else, or their time is up.',
    },
    over: { title: 'Nothing is over yet', text: 'Entries that were booked or taken off stand here.' },
  }[view];
  return (
    <div className={classes.empty}>
      <IconListNumbers size={28} stroke={1.5} aria-hidden />
      <h2>{filtered ? 'Nobody here waits for that' : words.title}</h2>
      <p>{filtered ? 'Other types, doctors or places may have someone.' : words.text}</p>
      <ActionButton keys="N" onClick={onAdd}>
        Add somebody
      </ActionButton>
    </div>
  );
}
