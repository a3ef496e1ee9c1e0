import { addDays } from '@medic/shared/time/plain-date';
import { localDate, localTime } from '@medic/shared/time/zone';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { dayTitle, relativeDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, lastWord } from '../../ui/person-name';
import classes from './booking-dialog.module.css';
import { emptyWords } from './first-place';
import { TimeList } from './time-list';
import type { Booking } from './use-booking';

/** When: the next times of anybody, and those of one day. */
export function TimeSide({ booking }: { booking: Booking }) {
  const facts = useFacts();
  const { place, setPlace, zone, now, chosen, why } = booking;
  const doctor = facts.doctor(place.doctorId);
  const today = localDate(now, zone);
  return (
    <>
      <div className={classes.sub}>
        <span>Next available</span>
        <span>chosen doctor first, then earliest</span>
      </div>
      <div className={classes.offers}>
        {booking.offers.map((slot, index) => {
          const there = facts.location(slot.locationId)?.timeZone ?? zone;
          const local = localTime(slot.startsAt, there);
          const whose = facts.doctor(slot.doctorId);
          return (
            <button
              key={`${slot.doctorId} ${slot.startsAt}`}
              type="button"
              className={classes.offer}
              aria-pressed={
                chosen?.slot?.startsAt === slot.startsAt && chosen.slot.doctorId === slot.doctorId
              }
              style={{ '--hue': whose?.hue ?? 180 } as React.CSSProperties}
              onClick={() => booking.take(slot)}
            >
              <b>
                {relativeDay(local.date, today)} {local.time}
              </b>
              <span>
                {whose && lastWord(whose.name)} <KeyCap keys={`Alt+${index + 1}`} />
              </span>
            </button>
          );
        })}
        {booking.offers.length === 0 && (
          <p className={classes.none}>Nobody has a free time for this in the next 60 days.</p>
        )}
      </div>
      <div className={classes.dayHead}>
        <ActionButton
          tone="quiet"
          size="inline"
          icon={<IconChevronLeft size={16} aria-hidden />}
          aria-label="Day before"
          onClick={() => setPlace({ date: addDays(place.date, -1) })}
        />
        <span aria-live="polite">
          {dayTitle(place.date)} · {doctor && doctorName(doctor)}
          {zone !== facts.clinic.timeZone && ` · ${zone.split('/').pop()?.replaceAll('_', ' ')} time`}
        </span>
        <ActionButton
          tone="quiet"
          size="inline"
          icon={<IconChevronRight size={16} aria-hidden />}
          aria-label="Day after"
          onClick={() => setPlace({ date: addDays(place.date, 1) })}
        />
        <label className={classes.why}>
          <input
            type="checkbox"
            checked={why}
            onChange={(event) => booking.setWhy(event.currentTarget.checked)}
          />
          Show why times are taken <KeyCap keys="Alt+W" />
        </label>
      </div>
      <TimeList
        ref={booking.timesRef}
        rows={booking.rows}
        chosen={chosen?.startsAt ?? null}
        onChoose={booking.choose}
        onTake={() => void booking.book()}
        empty={emptyWords(facts, place, now)}
      />
      <BookingOptions booking={booking} />
    </>
  );
}

/** What a plain visit needs nothing of. */
function BookingOptions({ booking }: { booking: Booking }) {
  const facts = useFacts();
  const doctor = facts.doctor(booking.place.doctorId);
  return (
    <div className={classes.options}>
      <input
        className={classes.notes}
        aria-label="Note on the visit"
        placeholder="Note on the visit"
        maxLength={1000}
        value={booking.notes}
        onChange={(event) => booking.setNotes(event.currentTarget.value)}
      />
      <label className={classes.option}>
        <input
          type="checkbox"
          checked={booking.answer === 'doctor'}
          onChange={(event) => booking.setAnswer(event.currentTarget.checked ? 'doctor' : 'none')}
        />
        {doctor ? `${doctorName(doctor)} has to accept` : 'The doctor has to accept'} <KeyCap keys="Alt+A" />
      </label>
      <label className={classes.option}>
        <input
          type="checkbox"
          checked={booking.answer === 'patient'}
          onChange={(event) => booking.setAnswer(event.currentTarget.checked ? 'patient' : 'none')}
        />
        Suggest it, the patient answers <KeyCap keys="Alt+S" />
      </label>
      <ActionButton size="inline" keys="Alt+R" disabled={!booking.chosen} onClick={booking.startRepeat}>
        Repeat…
      </ActionButton>
    </div>
  );
}
