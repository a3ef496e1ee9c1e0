/** What stands in the way, above the footer: a warning to go over, a refusal with other times, a reason to give. */
import type { Slot } from '@medic/shared/availability/query';
import { localDate, localTime } from '@medic/shared/time/zone';
import { IconAlertTriangle, IconBan, IconStack2 } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { relativeDay } from '../../ui/date-words';
import { hasMod } from '../../ui/key-cap';
import { lastWord } from '../../ui/person-name';
import classes from './booking-dialog.module.css';
import type { Booking } from './use-booking';

export function ObstacleBand({ booking }: { booking: Booking }) {
  const { obstacle } = booking;
  const goAhead = useRef<HTMLButtonElement>(null);
  const isWarning = obstacle?.kind === 'warning';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a second warning takes the focus again
  useEffect(() => {
    if (isWarning) goAhead.current?.focus();
  }, [isWarning, obstacle]);
  if (!obstacle) return null;
  return (
    <div className={classes.refusal} data-tone={obstacle.kind} role="alert">
      {isWarning ? <IconAlertTriangle size={18} aria-hidden /> : <IconBan size={18} aria-hidden />}
      <div>
        <b>{isWarning ? 'Not booked yet.' : 'Not booked. Nothing was sent.'}</b>
        {obstacle.words.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {booking.mode === 'times' &&
        obstacle.slots
          .slice(0, 3)
          .map((slot) => (
            <OtherTime key={`${slot.doctorId} ${slot.startsAt}`} slot={slot} booking={booking} />
          ))}
      {isWarning && (
        <ActionButton
          ref={goAhead}
          size="small"
          tone="primary"
          keys="Enter"
          disabled={booking.busy}
          // The Enter that met the warning may still be held down: it must not answer it too.
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={() => void booking.book(obstacle.overrides)}
        >
          Book all the same
        </ActionButton>
      )}
    </div>
  );
}

function OtherTime({ slot, booking }: { slot: Slot; booking: Booking }) {
  const facts = useFacts();
  const zone = facts.location(slot.locationId)?.timeZone ?? booking.zone;
  const local = localTime(slot.startsAt, zone);
  const doctor = facts.doctor(slot.doctorId);
  return (
    <ActionButton size="small" onClick={() => booking.take(slot)}>
      {relativeDay(local.date, localDate(booking.now, zone))} {local.time} {doctor && lastWord(doctor.name)}
    </ActionButton>
  );
}

/** Overbooking keeps its reason for good, so that one is always asked for. */
export function OverbookBand({ booking }: { booking: Booking }) {
  const row = booking.chosen;
  const [reason, setReason] = useState('');
  const [room, setRoom] = useState(row?.reason === 'room-taken');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  if (!row) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.repeat || hasMod(event)) return;
    event.preventDefault();
    void booking.overbook(reason, room);
  };
  return (
    <div className={classes.refusal} data-tone="warning">
      <IconStack2 size={18} aria-hidden />
      <div>
        <b>
          Overbook {row.clock}: {row.words}
        </b>
        {booking.obstacle?.words.map((line) => (
          <p key={line} role="alert">
            {line}
          </p>
        ))}
        <p className={classes.overbook}>
          <input
            ref={field}
            className={classes.notes}
            aria-label="Reason for overbooking"
            placeholder="Reason, as the timeline will show it"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <label className={classes.option}>
            <input
              type="checkbox"
              checked={room}
              onChange={(event) => setRoom(event.currentTarget.checked)}
            />
            Its room too
          </label>
        </p>
      </div>
      <ActionButton
        size="small"
        tone="primary"
        keys="Enter"
        disabled={reason.trim() === '' || booking.busy}
        onClick={() => void booking.overbook(reason, room)}
      >
        {booking.obstacle?.kind === 'warning' ? 'Overbook all the same' : 'Overbook'}
      </ActionButton>
    </div>
  );
}
