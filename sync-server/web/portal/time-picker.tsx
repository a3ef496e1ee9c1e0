/** A week of days as links and a day's times as radios, as in booking. The visit's own time is shown, and is no choice. */
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, mondayOf } from '@medic/shared/time/plain-date';
import type { FreeTime } from '../api';
import { byPartOfDay, type WeekDay } from '../free-times';
import { Link } from '../navigation';
import slotsCss from '../pages/slots-page.module.css';
import { WeekArrow } from '../pages/week-arrow';
import type { Route } from '../route';
import { offsetMinutes, visitorZone } from '../time';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import slotCss from '../ui/slot.module.css';
import { doctorOf, fullName, placeOf, whenOf } from '../visit';
import { words } from '../words';
import type { MoveTimes } from './move-times';
import css from './portal.module.css';
import { usePortal, type VisitSummary } from './session';
import { portalWords } from './words';

interface TimePickerProps {
  times: MoveTimes;
  today: PlainDate;
  capacity: number;
  anyDoctor: boolean;
  own: VisitSummary;
  toDay(date: PlainDate): Route;
  onChoose(slot: FreeTime): void;
}

export function TimePicker({ times, today, toDay, ...rest }: TimePickerProps) {
  const { week, date, nextFreeOn } = times;
  const monday = week[0]?.date ?? mondayOf(today);
  const hasNext = nextFreeOn !== null || week.some((day) => day.count > 0);
  return (
    <>
      <nav aria-label={words.slots.week} className={slotsCss.week}>
        <div className={slotsCss.weekHead}>
          <p>
            <strong>{words.date.range(monday, addDays(monday, 7))}</strong>
          </p>
          <WeekArrow
            to={toDay(addDays(monday, -7))}
            off={monday <= today}
            icon="back"
            label={words.slots.previous}
          />
          <WeekArrow to={toDay(addDays(monday, 7))} off={!hasNext} icon="forward" label={words.slots.next} />
        </div>
        <ul className={slotsCss.days}>
          {week.map((day) => (
            <li key={day.date}>
              <DayCell day={day} chosen={day.date === date} to={toDay(day.date)} />
            </li>
          ))}
        </ul>
      </nav>
      {date ? (
        <Times times={times} date={date} {...rest} />
      ) : (
        nextFreeOn && (
          <section className="card">
            <h2>{words.slots.noneThisWeek}</h2>
            <p>{words.slots.nextFreeDay(null, nextFreeOn)}</p>
            <Link className="button primary wide" to={toDay(nextFreeOn)} focus="keep" replace>
              {words.slots.goTo(nextFreeOn)}
              <Icon name="forward" size={18} />
            </Link>
          </section>
        )
      )}
    </>
  );
}

function DayCell({ day, chosen, to }: { day: WeekDay; chosen: boolean; to: Route }) {
  const inside = (
    <>
      <span aria-hidden="true">{words.date.weekday(day.date)}</span>
      <span aria-hidden="true" className={slotsCss.number}>
        {words.date.day(day.date)}
      </span>
      <span aria-hidden="true" className={slotsCss.state}>
        {words.slots.states[day.state]}
      </span>
      <span className="visually-hidden">{words.slots.dayName(day.date, day.count, day.state)}</span>
    </>
  );
  if (day.count === 0) return <span className={slotsCss.day}>{inside}</span>;
  return (
    <Link
      className={`${slotsCss.day} ${slotsCss.open}`}
      to={to}
      focus="keep"
      replace
      aria-current={chosen ? 'date' : undefined}
    >
      {inside}
    </Link>
  );
}

type TimesProps = Omit<TimePickerProps, 'today' | 'toDay'> & { date: PlainDate };

function Times({ times, date, capacity, anyDoctor, own, onChoose }: TimesProps) {
  const { answer } = usePortal();
  const { slots } = times;
  const zones = [...new Set(slots.map((slot) => slot.timeZone))];
  const manyPlaces = new Set(slots.map((slot) => slot.locationId)).size > 1;
  return (
    <>
      <h2>{words.date.long(date)}</h2>
      <ZoneNote slots={slots} />
      <fieldset className={slotsCss.times}>
        <legend className="visually-hidden">{words.slots.legend(date, zones.join(', '))}</legend>
        {byPartOfDay(slots).map(({ part, slots: some }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be read as a second group of radios
          <div key={part} role="group" aria-label={words.slots.part(words.slots.parts[part], some.length)}>
            <div className={slotsCss.part} aria-hidden="true">
              <Icon name={part} size={18} />
              <span>{words.slots.parts[part]}</span>
              <span>{words.slots.free(some.length)}</span>
            </div>
            <div className={slotsCss.grid}>
              {some.map((slot) => {
                const key = `${slot.startsAt} ${slot.doctorId} ${slot.locationId}`;
                const { time } = whenOf(slot);
                if (isOwn(slot, own)) {
                  return (
                    <span key={key} className={`${slotCss.slot} ${css.ownTime}`}>
                      <span className={slotCss.time}>{time}</span>
                      <span className={slotCss.below}>{portalWords.move.yours}</span>
                    </span>
                  );
                }
                const below = [
                  capacity > 1 ? words.slots.seats(slot.seatsLeft) : '',
                  manyPlaces ? (placeOf(answer, slot)?.name ?? '') : '',
                ].filter(Boolean);
                const doctor = anyDoctor ? doctorOf(answer, slot) : null;
                return (
                  <label key={key} className={`${slotCss.slot} ${slotCss.radio}`}>
                    <input type="radio" name="to" value={key} required onChange={() => onChoose(slot)} />
                    <span className={slotCss.time}>
                      <Icon name="check" size={18} />
                      {time}
                    </span>
                    {below.length > 0 && <span className={slotCss.below}>{below.join(', ')}</span>}
                    {doctor && <span className="visually-hidden">{fullName(doctor)}</span>}
                  </label>
                );
              })}
            </div>
          </div>
        ))}
      </fieldset>
    </>
  );
}

function isOwn(slot: FreeTime, own: VisitSummary): boolean {
  return (
    slot.startsAt === own.startsAt && slot.doctorId === own.doctorId && slot.locationId === own.locationId
  );
}

/** Of which zone the times are, and how far that is from the visitor's own. */
function ZoneNote({ slots }: { slots: readonly FreeTime[] }) {
  const [first] = slots;
  if (!first) return null;
  const ahead = offsetMinutes(first.startsAt, first.timeZone) - offsetMinutes(first.startsAt, visitorZone());
  const zones = [...new Set(slots.map((slot) => slot.timeZone))];
  return (
    <Note icon="clock" bare>
      <p>
        {words.slots.zone(zones.join(', '))}
        {ahead === 0 || zones.length > 1
          ? '.'
          : `: ${ahead > 0 ? words.slots.ahead(ahead) : words.slots.behind(-ahead)}.`}
      </p>
    </Note>
  );
}
