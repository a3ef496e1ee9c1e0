import type { ClinicAnswer, FreeTime } from '../api';
import { byDoctor } from '../free-times';
import type { Route } from '../route';
import { localTime } from '../time';
import { doctorOf, fullName, placeOf } from '../visit';
import { words } from '../words';
import { Avatar } from './avatar';
import css from './other-doctors.module.css';
import slotCss from './slot.module.css';
import { TimeLink } from './time-link';

interface OtherDoctorsProps {
  data: { answer: ClinicAnswer; now: number };
  slots: FreeTime[];
  title: string;
  /** Where a time of the doctor with that slug leads. */
  toRoute(slot: FreeTime, doctor: string): Route;
}

/** Up to two doctors with up to three times each. */
export function OtherDoctors({ data, slots, title, toRoute }: OtherDoctorsProps) {
  const { answer, now } = data;
  return (
    <section className={`card ${css.others}`}>
      <h2>{title}</h2>
      {byDoctor(slots, 2, 3).map((group) => {
        const first = group[0];
        const doctor = first && doctorOf(answer, first);
        if (!first || !doctor) return null;
        return (
          <div key={doctor.id}>
            <div className={css.who}>
              <Avatar name={doctor.name} photoUrl={doctor.photoUrl} />
              <div>
                <h3>{fullName(doctor)}</h3>
                <p>{[doctor.specialty, placeOf(answer, first)?.name].filter(Boolean).join(', ')}</p>
              </div>
            </div>
            <ul className={`${slotCss.row} ${slotCss.dated}`}>
              {group.map((slot) => {
                const { date, time } = localTime(slot.startsAt, slot.timeZone);
                const day = words.date.relative(date, localTime(now, slot.timeZone).date);
                return (
                  <li key={slot.startsAt}>
                    <TimeLink
                      to={toRoute(slot, doctor.slug)}
                      time={time}
                      below={day}
                      name={words.clinic.timeAt(day, time, fullName(doctor))}
                    />
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
