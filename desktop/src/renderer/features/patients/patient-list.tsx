/** Patients by search: letters of both names, phone, birth date. */

import { TextInput } from '@mantine/core';
import { formatPhone } from '@medic/shared/model/phone';
import { localDate, localTime } from '@medic/shared/time/zone';
import { IconSearch, IconUserSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ageOn, fullDate, relativeDay } from '../../ui/date-words';
import { Emphasis } from '../../ui/emphasis';
import { Initials } from '../../ui/initials';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './patient-list.module.css';
import { nearestVisit } from './patient-visits';

export function PatientList({ onOpen }: { onOpen: (patientId: string) => void }) {
  const desk = useDesk();
  const facts = useFacts();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the desk searches the facts as they are
  const hits = useMemo(
    () => (query.trim() === '' ? [] : desk.searchPatients(query, 50)),
    [desk, query, facts],
  );
  const today = localDate(desk.now(), facts.clinic.timeZone);
  const count = useMemo(() => {
    let n = 0;
    for (const patient of facts.all('patient')) if (patient.mergedIntoId === null) n += 1;
    return n;
  }, [facts]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((before) => Math.min(before + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setAt((before) => Math.max(before - 1, 0));
    else if (event.key === 'Enter') {
      const hit = hits[at];
      if (hit) onOpen(hit.patient.id);
    } else return;
    event.preventDefault();
  };
  return (
    <div className={classes.page}>
      <TextInput
        aria-label="Search patients"
        placeholder="Letters of both names, phone or birth date"
        leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
        rightSection={
          <small className={classes.count}>
            {query.trim()
              ? `${hits.length}${hits.length === 50 ? '+' : ''} of ${count.toLocaleString('en-GB')}`
              : count.toLocaleString('en-GB')}
          </small>
        }
        rightSectionWidth={110}
        value={query}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {query.trim() === '' ? (
        <div className={classes.empty}>
          <IconUserSearch size={28} stroke={1.5} aria-hidden />
          <h2>{count.toLocaleString('en-GB')} patients on this desk</h2>
          <p>Two letters of each name are mostly enough: “po an” finds Polańska Anna.</p>
        </div>
      ) : hits.length === 0 ? (
        <div className={classes.empty}>
          <IconUserSearch size={28} stroke={1.5} aria-hidden />
          <h2>Nobody here is called “{query.trim()}”</h2>
          <p>Fewer letters find more. A new record is made while booking.</p>
        </div>
      ) : (
        <ul className={classes.list}>
          {hits.map(({ patient, familyMatch, givenMatch, formerName }, index) => {
            const visit = nearestVisit(facts, patient.id, desk.now());
            const zone = visit
              ? (facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone)
              : facts.clinic.timeZone;
            const local = visit && localTime(visit.startsAt, zone);
            const doctor = visit && facts.doctor(visit.doctorId);
            return (
              <li key={patient.id}>
                <button
                  type="button"
                  className={classes.row}
                  data-at={index === at || undefined}
                  onClick={() => onOpen(patient.id)}
                >
                  <Initials name={fullName(patient)} size={32} />
                  <span className={classes.name}>
                    <b>
                      <Emphasis text={patient.familyName} range={familyMatch} />{' '}
                      <Emphasis text={patient.givenName} range={givenMatch} />
                    </b>
                    <small>
                      {patient.birthDate
                        ? `${fullDate(patient.birthDate)} · ${ageOn(patient.birthDate, today)}`
                        : 'No birth date'}
                      {formerName && ` · was ${formerName}`}
                    </small>
                  </span>
                  <span>{patient.phone ? formatPhone(patient.phone) : 'No phone'}</span>
                  <span>{patient.email ?? 'No e-mail'}</span>
                  <span className={classes.visit}>
                    {local ? `${relativeDay(local.date, today)} ${local.time}` : 'No visits'}
                    <small>{doctor && doctorName(doctor)}</small>
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
