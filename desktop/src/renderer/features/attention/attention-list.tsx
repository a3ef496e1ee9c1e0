/** Needs attention: nothing that a person did ever just disappears. Each entry stays until somebody decides. */
import type { Facts } from '@medic/shared/acts/facts';
import { createPatient } from '@medic/shared/acts/patient/create';
import type { PublicField } from '@medic/shared/acts/patient/differences';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import { findNextAvailable } from '@medic/shared/availability/find-next-available';
import { nearestSlots } from '@medic/shared/availability/nearest-slots';
import type { Slot } from '@medic/shared/availability/query';
import { type Instant, instant } from '@medic/shared/time/instant';
import { localDate, localTime } from '@medic/shared/time/zone';
import {
  IconCalendarExclamation,
  IconCircleCheck,
  IconCloudOff,
  IconGitMerge,
  IconMessageX,
  IconPhone,
  IconUserEdit,
} from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Desk } from '../../replica/desk';
import { useDesk, useFacts, usePendingIntents } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import { phoneWords } from '../../ui/contact-words';
import { agoInWords, relativeDay, shortDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { doctorName } from '../../ui/person-name';
import { useMinute } from '../../ui/use-minute';
import classes from './attention-list.module.css';
import { type AttentionEntry, entryOfItem, entryOfPending } from './attention-words';

interface AttentionListProps {
  view: 'open' | 'done';
  onMoreTimes: (entry: AttentionEntry) => void;
}

export function useAttention(): { open: AttentionEntry[]; done: AttentionEntry[] } {
  const facts = useFacts();
  const pending = usePendingIntents();
  return useMemo(() => {
    const open: AttentionEntry[] = [];
    const done: AttentionEntry[] = [];
    for (const item of facts.all('attentionItem'))
      (item.status === 'open' ? open : done).push(entryOfItem(item, facts));
    for (const each of pending) {
      const { decision } = each;
      if (decision.kind === 'refused') open.push(entryOfPending({ ...each, decision }, facts));
    }
    // Oldest first: what has waited longest, and an order that does not change under the cursor.
    open.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    done.sort((a, b) => (b.settled?.at ?? 0) - (a.settled?.at ?? 0));
    return { open, done: done.slice(0, 50) };
  }, [facts, pending]);
}

export function AttentionList({ view, onMoreTimes }: AttentionListProps) {
  const desk = useDesk();
  const facts = useFacts();
  const { open, done } = useAttention();
  const now = useMemo(() => () => desk.now(), [desk]);
  const minute = useMinute(now);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const listRef = useRef<HTMLUListElement>(null);
  const current = open.find((entry) => entry.id === currentId) ?? open[0];

  useEffect(() => {
    listRef.current?.focus();
  }, []);

  const go = (step: number) => {
    const at = open.findIndex((entry) => entry.id === current?.id);
    const next = open[Math.min(Math.max(at + step, 0), open.length - 1)];
    if (!next) return;
    setCurrentId(next.id);
    listRef.current?.querySelector(`[data-entry="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const key = event.key.toLowerCase();
    if (key === 'j' || event.key === 'ArrowDown') go(1);
    else if (key === 'k' || event.key === 'ArrowUp') go(-1);
    else if (/^[123]$/.test(key)) {
      const slot = slotsFor(facts, current, desk.now())[Number(key) - 1];
      if (slot) void take(desk, current, slot);
    } else if (event.key === 'Enter') {
      // On a button or a checkbox it is theirs; in the list it goes into the item.
      if (event.target !== listRef.current) return;
      listRef.current?.querySelector<HTMLElement>(`[data-entry="${current.id}"] :is(button, input)`)?.focus();
    } else if (key === 'm') onMoreTimes(current);
    else if (key === 'e')
      void settle(desk, current, current.differences.length > 0 ? 'Kept the record as it was' : 'Done');
    else return;
    event.preventDefault();
  };

  if (view === 'done') return <DoneList entries={done} />;
  return (
    <div className={classes.page}>
      {open.length === 0 && (
        <div className={classes.empty}>
          <IconCircleCheck size={28} stroke={1.5} aria-hidden />
          <h2>Nothing waits for you</h2>
          <p>When a change can’t be kept, or two people change the same thing, it shows up here.</p>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: letters work while the focus is in the list */}
      <ul ref={listRef} className={classes.list} tabIndex={0} aria-label="Open items" onKeyDown={onKeyDown}>
        {open.map((entry) => (
          <li key={entry.id}>
            <EntryCard
              entry={entry}
              isCurrent={entry.id === current?.id}
              minute={minute as Instant}
              onCurrent={() => setCurrentId(entry.id)}
              onMoreTimes={() => onMoreTimes(entry)}
            />
          </li>
        ))}
      </ul>
      {done.length > 0 && <DoneList entries={done.slice(0, 6)} title="Done lately" />}
    </div>
  );
}

/** A reason may end in an initial, which has its full stop. */
function sentence(words: string): string {
  return words.endsWith('.') ? words : `${words}.`;
}

const icons = {
  refused: IconCloudOff,
  failed: IconCloudOff,
  conflict: IconGitMerge,
  'google-moved': IconCalendarExclamation,
  'message-failed': IconMessageX,
  'patient-differs': IconUserEdit,
} as const;

interface EntryCardProps {
  entry: AttentionEntry;
  isCurrent: boolean;
  minute: Instant;
  onCurrent: () => void;
  onMoreTimes: () => void;
}

function EntryCard({ entry, isCurrent, minute, onCurrent, onMoreTimes }: EntryCardProps) {
  const desk = useDesk();
  const facts = useFacts();
  const slots = useMemo(() => slotsFor(facts, entry, minute), [facts, entry, minute]);
  const Icon = icons[entry.kind];
  const timed = entry.act === 'appointment.book' || entry.act === 'appointment.reschedule';
  const verb = entry.act === 'appointment.reschedule' ? 'Move to' : 'Book';
  const first = slots[0];
  return (
    <article
      className={classes.card}
      data-entry={entry.id}
      data-current={isCurrent || undefined}
      aria-label={entry.title}
      onMouseDown={onCurrent}
      onFocus={onCurrent}
    >
      <span className={classes.icon} data-kind={entry.kind}>
        <Icon size={20} stroke={1.75} aria-hidden />
      </span>
      <div className={classes.words}>
        <div className={classes.head}>
          <h2>{entry.title}</h2>
          <time>{agoInWords((minute - entry.createdAt) / 60_000)}</time>
        </div>
        <p className={classes.about}>{entry.about}</p>
        {entry.reasons.length > 0 && (
          <p className={classes.why}>
            {entry.reasons.map(sentence).join(' ')}{' '}
            {entry.act === 'appointment.book'
              ? 'Nothing was sent to the patient.'
              : entry.act === 'appointment.reschedule'
                ? 'The visit stands where it was.'
                : ''}
          </p>
        )}
        {entry.itemId === null && (
          <p className={classes.why}>
            The server has not answered yet. It settles this when you are back online.
          </p>
        )}
        {entry.conflicts.map((conflict) => (
          <div key={conflict.field} className={classes.versions}>
            <div>
              <small>In use now, {conflict.field}</small>
              <b>{conflict.theirs}</b>
              <ActionButton
                size="small"
                onClick={() => void settle(desk, entry, `Kept ${conflict.field}: ${conflict.theirs}`)}
              >
                Keep
              </ActionButton>
            </div>
            <div data-aside>
              <small>Kept aside</small>
              <b>{conflict.yours}</b>
              <ActionButton size="small" onClick={() => void takeOther(desk, entry, conflict.raw)}>
                Use this
              </ActionButton>
            </div>
          </div>
        ))}
        {entry.differences.length > 0 && entry.settled === null && (
          <DifferencesForm
            key={entry.differences.map((each) => each.field + each.proposed).join()}
            entry={entry}
          />
        )}
        {entry.duplicates.length > 0 && <DuplicateChoices entry={entry} />}
        {timed && slots.length > 0 && (
          <div className={classes.slots}>
            {slots.map((slot, index) => (
              <SlotButton
                key={`${slot.doctorId} ${slot.startsAt}`}
                slot={slot}
                index={index}
                entry={entry}
                now={minute}
                onTake={() => void take(desk, entry, slot)}
              />
            ))}
          </div>
        )}
        <div className={classes.buttons}>
          {timed && first && (
            <ActionButton tone="primary" size="small" keys="1" onClick={() => void take(desk, entry, first)}>
              {verb}{' '}
              {
                localTime(first.startsAt, facts.location(first.locationId)?.timeZone ?? facts.clinic.timeZone)
                  .time
              }
            </ActionButton>
          )}
          {timed && (
            <ActionButton size="small" keys="M" onClick={onMoreTimes}>
              More times
            </ActionButton>
          )}
          {entry.phone && (
            <span className={classes.phone}>
              <IconPhone size={14} stroke={1.75} aria-hidden /> {phoneWords(entry.phone)}
            </span>
          )}
          {entry.itemId !== null && entry.conflicts.length === 0 && entry.differences.length === 0 && (
            <ActionButton
              tone="quiet"
              size="small"
              keys="E"
              className={classes.drop}
              onClick={() =>
                void settle(desk, entry, entry.act === 'appointment.book' ? 'Booking dropped' : 'Dropped')
              }
            >
              {entry.act === 'appointment.book' ? 'Drop booking' : 'Done'}
            </ActionButton>
          )}
        </div>
      </div>
    </article>
  );
}

/** Names and birth dates are not taken unasked: mailboxes are shared, and another name may be another person. */
const carefulFields: readonly PublicField[] = ['givenName', 'familyName', 'birthDate'];

function DifferencesForm({ entry }: { entry: AttentionEntry }) {
  const desk = useDesk();
  const [taken, setTaken] = useState<readonly PublicField[]>(() =>
    entry.differences
      .filter((each) => !carefulFields.includes(each.field) && !each.changedSince)
      .map((each) => each.field),
  );
  const careful = entry.differences.some((each) => carefulFields.includes(each.field));
  const labels = entry.differences.filter((each) => taken.includes(each.field)).map((each) => each.label);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void takeFields(desk, entry, taken, labels);
  };
  return (
    <form onSubmit={submit}>
      {entry.differences.map((each) => (
        <div key={each.field} className={classes.versions}>
          <div>
            <small>In the record, {each.label}</small>
            <b>{each.inRecord}</b>
          </div>
          <label data-aside data-taken={taken.includes(each.field) || undefined}>
            <small>
              {each.changedSince ? 'The patient wrote, before the record changed' : 'The patient wrote'}
            </small>
            <b>{each.proposed}</b>
            <span>
              <input
                type="checkbox"
                aria-label={`Take the ${each.label} ${each.proposed}`}
                checked={taken.includes(each.field)}
                onChange={(event) =>
                  setTaken(
                    event.currentTarget.checked
                      ? [...taken, each.field]
                      : taken.filter((field) => field !== each.field),
                  )
                }
              />
              Take
            </span>
          </label>
        </div>
      ))}
      {careful && (
        <p className={classes.why}>
          Another name or birth date may be another person of the family: ask before you take it.
        </p>
      )}
      <div className={classes.buttons}>
        <ActionButton type="submit" tone="primary" size="small" disabled={labels.length === 0}>
          {labels.length === 0 ? 'Nothing chosen' : `Take the ${labels.join(', ')}`}
        </ActionButton>
        <ActionButton
          size="small"
          keys="E"
          onClick={() => void settle(desk, entry, 'Kept the record as it was')}
        >
          Keep the record
        </ActionButton>
      </div>
    </form>
  );
}

function DuplicateChoices({ entry }: { entry: AttentionEntry }) {
  const desk = useDesk();
  return (
    <ul className={classes.candidates}>
      {entry.duplicates.map((each) => (
        <li key={each.patientId}>
          <span>
            <b>{each.name}</b>
            <small>{each.why}</small>
          </span>
          <ActionButton
            size="small"
            aria-label={`Use this one: ${each.name}`}
            disabled={entry.itemId === null}
            onClick={() => void settle(desk, entry, `Is ${each.name} already`)}
          >
            Use this one
          </ActionButton>
        </li>
      ))}
      <li>
        <span>None of these: a namesake, or a twin</span>
        <ActionButton
          size="small"
          disabled={entry.itemId === null}
          onClick={() => void makeAnyway(desk, entry)}
        >
          Make it anyway
        </ActionButton>
      </li>
    </ul>
  );
}

function SlotButton({
  slot,
  index,
  entry,
  now,
  onTake,
}: {
  slot: Slot;
  index: number;
  entry: AttentionEntry;
  now: Instant;
  onTake: () => void;
}) {
  const facts = useFacts();
  const location = facts.location(slot.locationId);
  const doctor = facts.doctor(slot.doctorId);
  if (!location || !doctor) return null;
  const local = localTime(slot.startsAt, location.timeZone);
  const room = location.rooms.find((each) => each.id === slot.roomId)?.name;
  const wanted = typeof entry.args.startsAt === 'number' ? entry.args.startsAt : null;
  const shift = wanted === null ? 0 : Math.round((slot.startsAt - wanted) / 60_000);
  const note =
    slot.doctorId !== entry.args.doctorId
      ? 'other doctor'
      : Math.abs(shift) < 600
        ? `${shift > 0 ? '+' : '−'}${Math.abs(shift)} min`
        : `${shift > 0 ? '+' : '−'}${Math.max(1, Math.round(Math.abs(shift) / 1440))} d`;
  return (
    <button type="button" className={classes.slot} data-first={index === 0 || undefined} onClick={onTake}>
      <KeyCap keys={String(index + 1)} />
      <span>
        <b>
          {relativeDay(local.date, localDate(now, location.timeZone))} {local.time}
        </b>
        <br />
        {doctorName(doctor)} · {room ?? location.name}
      </span>
      <small>{note}</small>
    </button>
  );
}

function DoneList({ entries, title }: { entries: readonly AttentionEntry[]; title?: string }) {
  const facts = useFacts();
  const zone = facts.clinic.timeZone;
  if (entries.length === 0) return <p className={classes.none}>Nothing was settled yet.</p>;
  return (
    <section className={classes.done}>
      {title && <h3>{title}</h3>}
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <IconCircleCheck size={16} stroke={1.75} aria-hidden />
            <span>
              <b>{entry.title}</b> {entry.about}
              {entry.settled?.resolution ? ` · ${entry.settled.resolution}` : ''}
            </span>
            <small>
              {[
                entry.settled?.by,
                entry.settled &&
                  `${shortDay(localDate(entry.settled.at, zone))} ${localTime(entry.settled.at, zone).time}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The nearest times as they are now: those that came with the refusal may be gone by the time somebody looks. */
function slotsFor(facts: Facts, entry: AttentionEntry, now: Instant): Slot[] {
  const { doctorId, locationId, startsAt } = entry.args;
  if (
    entry.appointmentTypeId === null ||
    typeof doctorId !== 'string' ||
    typeof locationId !== 'string' ||
    typeof startsAt !== 'number'
  )
    return [];
  const moved =
    entry.act === 'appointment.reschedule' && typeof entry.args.appointmentId === 'string'
      ? { ignoreAppointmentId: entry.args.appointmentId }
      : {};
  const request = {
    doctorId,
    locationId,
    appointmentTypeId: entry.appointmentTypeId,
    startsAt: instant(startsAt),
    channel: 'desk' as const,
    now,
    ...moved,
  };
  const near = nearestSlots(facts, request, { count: 3, withinDays: 21 });
  if (near.length > 0) return near;
  return findNextAvailable(facts, {
    doctorIds: [],
    appointmentTypeId: entry.appointmentTypeId,
    channel: 'desk',
    now,
    after: now,
    withinDays: 60,
    limit: 3,
    ...moved,
  });
}

/** Books, or moves, at the time that was offered, under new ids; then the entry is settled. */
async function take(desk: Desk, entry: AttentionEntry, slot: Slot): Promise<void> {
  const place = { doctorId: slot.doctorId, locationId: slot.locationId, startsAt: slot.startsAt };
  const zone = desk.facts.location(slot.locationId)?.timeZone ?? desk.facts.clinic.timeZone;
  const when = `${shortDay(localDate(slot.startsAt, zone))} ${localTime(slot.startsAt, zone).time}`;
  const result =
    entry.act === 'appointment.reschedule' && typeof entry.args.appointmentId === 'string'
      ? await desk.perform('appointment.reschedule', {
          appointmentId: entry.args.appointmentId,
          ...place,
          durationMinutes: null,
        })
      : entry.patientId !== null && entry.appointmentTypeId !== null
        ? await desk.perform('appointment.book', {
            appointmentId: desk.newId(),
            patientId: entry.patientId,
            appointmentTypeId: entry.appointmentTypeId,
            ...place,
            notes: typeof entry.args.notes === 'string' ? entry.args.notes : '',
          })
        : null;
  if (result === null) return announce('The patient is not on this desk any more', { tone: 'refused' });
  if (result.kind === 'refused')
    return announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
  if (entry.itemId !== null)
    await desk.perform('attention.settle', { itemId: entry.itemId, resolution: `Booked ${when} instead` });
  announce(`${entry.about.split(' · ')[0] ?? 'The visit'} stands at ${when} now`);
}

async function settle(desk: Desk, entry: AttentionEntry, resolution: string): Promise<void> {
  if (entry.itemId === null) return announce('This waits for the server’s answer', { tone: 'refused' });
  const result = await desk.perform('attention.settle', { itemId: entry.itemId, resolution });
  if (result.kind === 'refused')
    announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
  else announce(`Settled: ${entry.title}`);
}

async function takeOther(
  desk: Desk,
  entry: AttentionEntry,
  conflict: { field: string; yours: unknown; theirs: unknown },
): Promise<void> {
  if (entry.patientId === null) return;
  const result = await desk.perform('patient.edit', {
    patientId: entry.patientId,
    changes: { [conflict.field]: conflict.yours },
    base: { [conflict.field]: conflict.theirs },
  });
  if (result.kind === 'refused')
    return announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
  await settle(desk, entry, 'Used the other version');
}

async function takeFields(
  desk: Desk,
  entry: AttentionEntry,
  fields: readonly PublicField[],
  labels: readonly string[],
): Promise<void> {
  if (entry.itemId === null || entry.patientId === null) return;
  const result = await desk.perform('attention.settle', {
    itemId: entry.itemId,
    resolution: `Took the ${labels.join(', ')}`,
    take: { patientId: entry.patientId, fields: [...fields] },
  });
  if (result.kind === 'refused')
    announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
  else announce(`Took the ${labels.join(', ')} into the record`);
}

/** Under the id that it had: what was booked for it meanwhile finds it. */
async function makeAnyway(desk: Desk, entry: AttentionEntry): Promise<void> {
  const args = createPatient.args.safeParse({ ...entry.args, overrides: ['duplicate'] });
  if (!args.success) return announce('What was typed is not complete any more', { tone: 'refused' });
  const result = await desk.perform('patient.create', args.data);
  if (result.kind === 'refused')
    return announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
  await settle(desk, entry, 'Made anyway');
}
