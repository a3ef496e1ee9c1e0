import { mayChange } from '@medic/shared/acts/status-table';
import type { Appointment } from '@medic/shared/model/appointment';
import { localTime } from '@medic/shared/time/zone';
import { IconCircleCheck, IconRepeat, IconStack2 } from '@tabler/icons-react';
import { useDesk, useFacts } from '../../replica/hooks';
import { shortDay } from '../../ui/date-words';
import classes from './inspector.module.css';
import { scopeCounts } from './series-scope';
import { timeWords } from './visit-words';

/** What it is, when and where. */
export function VisitFacts({ visit }: { visit: Appointment }) {
  const facts = useFacts();
  const type = facts.appointmentType(visit.appointmentTypeId);
  const doctor = facts.doctor(visit.doctorId);
  const location = facts.location(visit.locationId);
  const zone = location?.timeZone ?? facts.clinic.timeZone;
  const room = location?.rooms.find((each) => each.id === visit.roomId)?.name;
  const starts = localTime(visit.startsAt, zone);
  return (
    <div className={classes.facts} data-type-colour={type?.colour ?? 'steel'}>
      <b>
        {type?.name ?? 'Visit'} · {Math.round((visit.endsAt - visit.startsAt) / 60_000)} min
      </b>
      <p>
        {shortDay(starts.date)}, {starts.time}–{localTime(visit.endsAt, zone).time}
        {zone !== facts.clinic.timeZone && ` ${zone.split('/').pop()?.replaceAll('_', ' ')} time`}
      </p>
      <p>
        {[doctor && `${doctor.title} ${doctor.name}`.trim(), room, location?.name]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <VisitFlags visit={visit} />
    </div>
  );
}

/** What is out of the ordinary about it: overbooked and why, one of a series, confirmed by the patient. */
function VisitFlags({ visit }: { visit: Appointment }) {
  const desk = useDesk();
  const facts = useFacts();
  const ahead = scopeCounts(facts, visit, desk.now())?.all;
  const over = [visit.overbooked && 'other visits', visit.roomOverbooked && 'the room'].filter(Boolean);
  const icon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
  return (
    <ul className={classes.flags}>
      {over.length > 0 && (
        <li>
          <IconStack2 {...icon} />
          <span>
            Overbooked over {over.join(' and ')}
            {visit.overbookReason && <>: {visit.overbookReason}</>}
          </span>
        </li>
      )}
      {visit.seriesId !== null && (
        <li>
          <IconRepeat {...icon} />
          <span>One of a series{ahead ? `, ${ahead} ahead` : ''}</span>
        </li>
      )}
      {visit.confirmedAt !== null && visit.status === 'booked' && (
        <li>
          <IconCircleCheck {...icon} />
          <span>Patient said they come, {timeWords(facts, visit.confirmedAt, visit.locationId)}</span>
        </li>
      )}
    </ul>
  );
}

export function isCancellable(visit: Appointment): boolean {
  return mayChange(visit.status, 'cancelled') && visit.status !== 'waitlist';
}
