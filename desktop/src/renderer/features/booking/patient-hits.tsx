import type { Appointment } from '@medic/shared/model/appointment';
import { formatPhone } from '@medic/shared/model/phone';
import type { Instant } from '@medic/shared/time/instant';
import { localDate, localTime } from '@medic/shared/time/zone';
import { IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { PatientHit } from '../../replica/desk';
import { useFacts } from '../../replica/hooks';
import { fullDate, relativeDay, shortDay } from '../../ui/date-words';
import { Emphasis } from '../../ui/emphasis';
import { Initials } from '../../ui/initials';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './booking-dialog.module.css';

interface PatientHitsProps {
  hits: readonly PatientHit[];
  query: string;
  highlighted: number;
  chosenId: string | null;
  visitsOf: (patientId: string) => readonly Appointment[];
  now: Instant;
  onPick: (id: string) => void;
}

export function PatientHits({ hits, query, highlighted, chosenId, visitsOf, now, onPick }: PatientHitsProps) {
  const facts = useFacts();
  const listRef = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the highlighted row is another element each time
  useEffect(() => {
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [highlighted, hits]);
  const chosen = chosenId === null ? undefined : facts.get('patient', chosenId);
  if (hits.length === 0 && chosen) {
    return (
      <div className={classes.hits}>
        <div className={classes.hit} data-chosen>
          <Initials name={fullName(chosen)} size={32} />
          <span className={classes.hitWords}>
            <b>{fullName(chosen)}</b>
            <small>{contactLine(chosen)}</small>
          </span>
          <IconCheck size={18} stroke={2} aria-label="picked" />
        </div>
        <PatientNote patientId={chosen.id} visitsOf={visitsOf} now={now} />
      </div>
    );
  }
  if (hits.length === 0)
    return (
      <div className={classes.hits}>
        {query.trim() !== '' && (
          <p className={classes.none}>Nobody here is called so. ↵ makes a new record.</p>
        )}
      </div>
    );
  const current = hits[highlighted]?.patient;
  return (
    <div className={classes.hits}>
      <div id="booking-hits" ref={listRef} role="listbox" aria-label="Patients found">
        {hits.map(({ patient, familyMatch, givenMatch, formerName }, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the search field keeps the focus and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter work in the search field
          <div
            key={patient.id}
            id={`hit-${patient.id}`}
            role="option"
            aria-selected={index === highlighted}
            className={classes.hit}
            data-chosen={patient.id === chosenId || undefined}
            onClick={() => onPick(patient.id)}
          >
            <Initials name={fullName(patient)} size={32} />
            <span className={classes.hitWords}>
              <b>
                <Emphasis text={patient.familyName} range={familyMatch} />{' '}
                <Emphasis text={patient.givenName} range={givenMatch} />
              </b>
              <small>
                {contactLine(patient)}
                {formerName && ` · was ${formerName}`}
              </small>
            </span>
            <VisitHint patientId={patient.id} visitsOf={visitsOf} now={now} />
            {patient.id === chosenId ? (
              <IconCheck size={18} stroke={2} aria-label="picked" />
            ) : index === highlighted ? (
              <KeyCap keys="Enter" />
            ) : null}
          </div>
        ))}
      </div>
      {current && <PatientNote patientId={current.id} visitsOf={visitsOf} now={now} />}
    </div>
  );
}

function contactLine(patient: { birthDate: string | null; phone: string | null }): string {
  return [
    patient.birthDate ? fullDate(patient.birthDate) : 'no birth date',
    patient.phone ? formatPhone(patient.phone) : 'no phone',
  ].join(' · ');
}

type HintProps = { patientId: string; visitsOf: PatientHitsProps['visitsOf']; now: Instant };

function VisitHint({ patientId, visitsOf, now }: HintProps) {
  const facts = useFacts();
  const visits = visitsOf(patientId);
  const visit = visits.find((each) => each.endsAt > now) ?? visits.at(-1);
  if (!visit) return <small className={classes.hint}>new here</small>;
  const zone = facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone;
  const local = localTime(visit.startsAt, zone);
  const doctor = facts.doctor(visit.doctorId);
  return (
    <small className={classes.hint}>
      {visit.endsAt > now
        ? `${relativeDay(local.date, localDate(now, zone))} ${local.time}`
        : shortDay(local.date)}
      <br />
      {doctor && doctorName(doctor)}
    </small>
  );
}

/** What the desk should know before booking: here today, usual doctor, last type. */
function PatientNote({ patientId, visitsOf, now }: HintProps) {
  const facts = useFacts();
  const visits = visitsOf(patientId);
  const patient = facts.get('patient', patientId);
  const last = visits.at(-1);
  if (!last || !patient) return null;
  const zoneOf = (visit: Appointment) => facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone;
  const today = visits.find(
    (visit) => localDate(visit.startsAt, zoneOf(visit)) === localDate(now, zoneOf(visit)),
  );
  const counts = new Map<string, number>();
  for (const visit of visits) counts.set(visit.doctorId, (counts.get(visit.doctorId) ?? 0) + 1);
  const usual = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  const usualDoctor = usual === undefined ? undefined : facts.doctor(usual);
  const todayDoctor = today && facts.doctor(today.doctorId);
  const lastType = facts.appointmentType(last.appointmentTypeId);
  return (
    <div className={classes.note}>
      <IconInfoCircle size={18} stroke={1.75} aria-hidden />
      <p>
        {today && (
          <b>
            Here today at {localTime(today.startsAt, zoneOf(today)).time}
            {todayDoctor && ` with ${doctorName(todayDoctor)}`}.<br />
          </b>
        )}
        {[
          usualDoctor && `Usual doctor ${doctorName(usualDoctor)}`,
          lastType && `last type ${lastType.name}`,
          patient.consentSms ? 'SMS yes' : 'SMS no',
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
    </div>
  );
}
