import { TextInput } from '@mantine/core';
import type { Appointment } from '@medic/shared/model/appointment';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import type { PatientHit } from '../../replica/desk';
import { useSyncStatus } from '../../replica/hooks';
import { hasMod, KeyCap } from '../../ui/key-cap';
import classes from './booking-dialog.module.css';
import { PatientHits } from './patient-hits';
import type { Booking } from './use-booking';

interface PatientSideProps {
  booking: Booking;
  hits: readonly PatientHit[];
  highlighted: number;
  onHighlight: (index: number) => void;
  query: string;
  onQuery: (query: string) => void;
  making: boolean;
  onMaking: (making: boolean) => void;
  visitsOf: (patientId: string) => readonly Appointment[];
  newPatient: (props: NewPatientProps) => ReactNode;
  searchRef: Ref<HTMLInputElement>;
  autoFocus: boolean;
}

export interface NewPatientProps {
  suggestion: string;
  onSaved: (id: string) => void;
  onUseExisting: (id: string) => void;
  onCancel: () => void;
}

/** Who comes: found by letters, or a new record. */
export function PatientSide({
  booking,
  hits,
  highlighted,
  onHighlight,
  query,
  onQuery,
  making,
  onMaking,
  visitsOf,
  newPatient,
  searchRef,
  autoFocus,
}: PatientSideProps) {
  const hit = hits[highlighted];
  // Whom this desk does not have yet is not new: Enter makes no second record of them.
  const isFilling = useSyncStatus().phase !== 'ready';
  const picked = (id: string) => {
    if (making) onMaking(false);
    booking.pick(id);
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      onHighlight(Math.min(Math.max(highlighted + step, 0), Math.max(0, hits.length - 1)));
    } else if (event.key === 'Enter' && !hasMod(event)) {
      event.preventDefault();
      // A fast second Enter comes before the focus has moved to the times; it means the same.
      if (hit && hit.patient.id === booking.patientId) void booking.book();
      else if (hit) picked(hit.patient.id);
      else if (query.trim() && !isFilling) onMaking(true);
    }
  };
  return (
    <section className={classes.left} aria-label="Patient">
      {making ? (
        <>
          <h3>New patient</h3>
          {newPatient({
            suggestion: query,
            onSaved: picked,
            onUseExisting: picked,
            onCancel: () => onMaking(false),
          })}
        </>
      ) : (
        <>
          <TextInput
            ref={searchRef}
            label="Patient"
            placeholder="Letters of both names, phone or birth date"
            leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
            data-autofocus={autoFocus || undefined}
            autoComplete="off"
            spellCheck={false}
            value={query}
            role="combobox"
            aria-expanded={hits.length > 0}
            aria-controls="booking-hits"
            aria-activedescendant={hit ? `hit-${hit.patient.id}` : undefined}
            onChange={(event) => {
              onQuery(event.currentTarget.value);
              onHighlight(0);
              booking.setPatientId(null);
            }}
            onKeyDown={onSearchKey}
          />
          <PatientHits
            hits={hits}
            query={query}
            highlighted={highlighted}
            chosenId={booking.patientId}
            visitsOf={visitsOf}
            now={booking.now}
            onPick={picked}
          />
          {isFilling && hits.length === 0 && query.trim() && (
            <p className={classes.filling} role="status">
              Patients are still arriving at this desk. Whoever is missing here comes in a moment.
            </p>
          )}
          <button type="button" className={classes.new} onClick={() => onMaking(true)}>
            <IconUserPlus size={16} stroke={1.75} aria-hidden />
            New patient{query.trim() ? ` “${query.trim()}”` : ''}
            <KeyCap keys="Alt+N" />
          </button>
        </>
      )}
    </section>
  );
}
