/** One field for people and commands, from anywhere. */

import { Modal } from '@mantine/core';
import { localDate, localTime } from '@medic/shared/time/zone';
import { IconCommand, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { fullDate, relativeDay } from '../../ui/date-words';
import { Emphasis } from '../../ui/emphasis';
import { Initials } from '../../ui/initials';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './command-palette.module.css';
import { nearestVisit } from './patient-visits';

export interface Command {
  name: string;
  keys?: string;
  run: () => void;
}

interface CommandPaletteProps {
  commands: readonly Command[];
  onPatient: (patientId: string) => void;
  onClose: () => void;
}

export function CommandPalette({ commands, onPatient, onClose }: CommandPaletteProps) {
  const desk = useDesk();
  const facts = useFacts();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const listRef = useRef<HTMLDivElement>(null);
  const text = query.trim().toLowerCase();
  const hits = useMemo(() => (text === '' ? [] : desk.searchPatients(text, 8)), [desk, text]);
  const found = commands.filter((command) => command.name.toLowerCase().includes(text));
  const rows = [
    ...hits.map((hit) => ({ id: hit.patient.id, run: () => onPatient(hit.patient.id) })),
    ...found.map((command) => ({ id: command.name, run: command.run })),
  ];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the active row is another element each time
  useEffect(() => {
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const run = (index: number) => {
    const row = rows[index];
    if (!row) return;
    onClose();
    row.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((before) => Math.min(before + 1, rows.length - 1));
    else if (event.key === 'ArrowUp') setAt((before) => Math.max(before - 1, 0));
    else if (event.key === 'Enter') run(at);
    else return;
    event.preventDefault();
  };
  const today = localDate(desk.now(), facts.clinic.timeZone);
  const active = rows[at];
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={560}
      padding={0}
      yOffset={80}
      centered={false}
      attributes={{ content: { 'aria-label': 'Find a patient or a command' } }}
    >
      <div className={classes.field}>
        <IconSearch size={18} stroke={1.75} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded={rows.length > 0}
          aria-controls="palette-rows"
          aria-activedescendant={active ? `palette-${active.id}` : undefined}
          aria-label="Find a patient or a command"
          placeholder="Letters of both names, phone, birth date, or a command"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-rows" ref={listRef} className={classes.rows} role="listbox" aria-label="Found">
        {hits.map(({ patient, familyMatch, givenMatch, formerName }, index) => {
          const visit = nearestVisit(facts, patient.id, desk.now());
          const local =
            visit &&
            localTime(visit.startsAt, facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone);
          const doctor = visit && facts.doctor(visit.doctorId);
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
            // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter work in the field
            <div
              key={patient.id}
              id={`palette-${patient.id}`}
              role="option"
              aria-selected={index === at}
              className={classes.row}
              onClick={() => run(index)}
            >
              <Initials name={fullName(patient)} size={28} />
              <span>
                <b>
                  <Emphasis text={patient.familyName} range={familyMatch} />{' '}
                  <Emphasis text={patient.givenName} range={givenMatch} />
                </b>
                <small>
                  {patient.birthDate ? fullDate(patient.birthDate) : 'No birth date'}
                  {formerName && ` · was ${formerName}`}
                </small>
              </span>
              <small>
                {local
                  ? `${relativeDay(local.date, today)} ${local.time}${doctor ? `, ${doctorName(doctor)}` : ''}`
                  : 'No visits'}
              </small>
            </div>
          );
        })}
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          // biome-ignore lint/a11y/useKeyWithClickEvents: as above
          <div
            key={command.name}
            id={`palette-${command.name}`}
            role="option"
            aria-selected={hits.length + index === at}
            className={classes.row}
            onClick={() => run(hits.length + index)}
          >
            <IconCommand size={18} stroke={1.5} aria-hidden />
            <span>{command.name}</span>
            {command.keys && <KeyCap keys={command.keys} />}
          </div>
        ))}
      </div>
      {rows.length === 0 && <p className={classes.none}>Nobody and nothing is called “{query.trim()}”.</p>}
    </Modal>
  );
}
