/** A time that was taken first: the nearest ones that are free now, each a key away. */
import type { Facts } from '@medic/shared/acts/facts';
import { findNextAvailable } from '@medic/shared/availability/find-next-available';
import { nearestSlots } from '@medic/shared/availability/nearest-slots';
import type { Slot } from '@medic/shared/availability/query';
import { type Instant, instant } from '@medic/shared/time/instant';
import { localDate, localTime } from '@medic/shared/time/zone';
import type { Desk } from '../../replica/desk';
import { useDesk, useFacts } from '../../replica/hooks';
import { announce } from '../../ui/announcer';
import { relativeDay, shortDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { doctorName } from '../../ui/person-name';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';
import { sayRefused } from './settle';

/** Something that was to take time: another time is what can be done about it. */
export function isTimed(entry: AttentionEntry): boolean {
  return entry.act === 'appointment.book' || entry.act === 'appointment.reschedule';
}

export function SlotOffers({
  entry,
  slots,
  now,
}: {
  entry: AttentionEntry;
  slots: readonly Slot[];
  now: Instant;
}) {
  const desk = useDesk();
  return (
    <div className={classes.slots}>
      {slots.map((slot, index) => (
        <SlotButton
          key={`${slot.doctorId} ${slot.startsAt}`}
          slot={slot}
          index={index}
          entry={entry}
          now={now}
          onTake={() => void take(desk, entry, slot)}
        />
      ))}
    </div>
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

/** The nearest times as they are now: those that came with the refusal may be gone by the time somebody looks. */
export function slotsFor(facts: Facts, entry: AttentionEntry, now: Instant): Slot[] {
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
export async function take(desk: Desk, entry: AttentionEntry, slot: Slot): Promise<void> {
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
  if (result.kind === 'refused') return sayRefused(result);
  if (entry.itemId !== null)
    await desk.perform('attention.settle', { itemId: entry.itemId, resolution: `Booked ${when} instead` });
  announce(`${entry.about.split(' · ')[0] ?? 'The visit'} stands at ${when} now`);
}
