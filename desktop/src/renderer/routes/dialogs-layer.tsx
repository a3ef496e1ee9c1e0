/** The open dialog, whichever page is below it. */
import type { Appointment } from '@medic/shared/model/appointment';
import { groupKey } from '@medic/shared/model/appointment';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useAgendaStore } from '../features/agenda/agenda-store';
import { agendaDate } from '../features/agenda/day-model';
import { BlockDialog } from '../features/block/block-dialog';
import { BookingDialog } from '../features/booking/booking-dialog';
import { type Command, CommandPalette } from '../features/patients/command-palette';
import { NewPatientDialog, PatientDialog } from '../features/patients/patient-dialog';
import { PatientForm } from '../features/patients/patient-form';
import { visitsOfPatient } from '../features/patients/patient-visits';
import { VisitDialog } from '../features/visit/visit-dialog';
import { CloseEntryDialog, EditEntryDialog } from '../features/waitlist/entry-dialogs';
import { OfferDialog } from '../features/waitlist/offer-dialog';
import { useWaitlistActs } from '../features/waitlist/waitlist-acts';
import { WishesForm } from '../features/waitlist/wishes-form';
import { useDesk, useFacts, useSyncStatus } from '../replica/hooks';
import { takeTypedAhead, useDialogs } from './dialogs';
import { KeysDialog } from './keys-dialog';
import { SignInAgainDialog, SignOutDialog } from './session-dialogs';
import { useTheme } from './use-theme';
import { useVisitActions } from './visit-actions';

export function Dialogs() {
  const { dialog, open, close } = useDialogs();
  const desk = useDesk();
  const facts = useFacts();
  const actions = useVisitActions();
  const waitlist = useWaitlistActs();
  const navigate = useNavigate();
  const select = useAgendaStore((state) => state.select);
  const commands = useCommands();
  const visitsOf = useCallback((patientId: string) => visitsOfPatient(facts, patientId), [facts]);
  const problem = useSyncStatus().problem?.kind ?? null;
  const asked = useRef(false);
  useEffect(() => {
    if (problem !== 'signed-out') asked.current = false;
    else if (!asked.current && dialog === null) {
      asked.current = true;
      open({ kind: 'sign-in-again' });
    }
  }, [problem, dialog, open]);

  if (!dialog) return null;
  const showVisit = (visit: Appointment) => {
    const zone = facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone;
    close();
    select(groupKey(visit));
    void navigate({ to: '/agenda', search: { date: agendaDate(visit.startsAt, zone) } });
  };
  switch (dialog.kind) {
    case 'booking': {
      const { settles, forEntry, toWaitlist = false } = dialog;
      return (
        <BookingDialog
          start={dialog.start}
          toWaitlist={toWaitlist}
          visitsOf={visitsOf}
          takeTypedAhead={takeTypedAhead}
          newPatient={(props) => <PatientForm quick {...props} />}
          waitlistForm={({ patientId, appointmentTypeId, doctorId, onSaved, onCancel }) => (
            <WishesForm
              patientId={patientId}
              // Asked for from the waitlist itself, nobody has been chosen yet.
              suggestion={{ appointmentTypeId, doctorId: toWaitlist ? null : doctorId }}
              onSaved={onSaved}
              onCancel={onCancel}
            />
          )}
          {...(forEntry === undefined ? {} : { book: (args) => waitlist.bookFor(forEntry, args) })}
          onBooked={(booked) => {
            if (booked.kind === 'visit') actions.booked(booked.appointmentId);
            else actions.bookedSeries(booked.seriesId, booked.appointmentIds);
            if (settles !== undefined)
              void desk.perform('attention.settle', {
                itemId: settles,
                resolution: 'Booked at another time',
              });
          }}
          onClose={close}
        />
      );
    }
    case 'offer':
      return (
        <OfferDialog
          time={dialog.time}
          {...(dialog.entryId === undefined ? {} : { entryId: dialog.entryId })}
          onClose={close}
        />
      );
    case 'waitlist-edit':
      return <EditEntryDialog entryId={dialog.entryId} onClose={close} />;
    case 'waitlist-close':
      return <CloseEntryDialog entryId={dialog.entryId} onClose={close} />;
    case 'block':
      return <BlockDialog start={dialog.start} onBlock={actions.block} onClose={close} />;
    case 'visit':
      return <VisitDialog of={dialog.of} acts={actions} onClose={close} />;
    case 'patient':
      return (
        <PatientDialog
          key={dialog.patientId}
          patientId={dialog.patientId}
          onBook={(patientId) => open({ kind: 'booking', start: { patientId } })}
          onShowVisit={showVisit}
          onClose={close}
        />
      );
    case 'new-patient':
      return (
        <NewPatientDialog
          onSaved={(patientId) => open({ kind: 'patient', patientId })}
          onUseExisting={(patientId) => open({ kind: 'patient', patientId })}
          onClose={close}
        />
      );
    case 'search':
      return (
        <CommandPalette
          commands={commands}
          onPatient={(patientId) => open({ kind: 'patient', patientId })}
          onClose={close}
        />
      );
    case 'keys':
      return <KeysDialog onClose={close} />;
    case 'sign-out':
      return <SignOutDialog onClose={close} />;
    case 'sign-in-again':
      return <SignInAgainDialog onClose={close} />;
  }
}

function useCommands(): readonly Command[] {
  const navigate = useNavigate();
  const open = useDialogs((state) => state.open);
  const { setChoice } = useTheme();
  return [
    { name: 'Book a visit', keys: 'B', run: () => open({ kind: 'booking', start: {} }) },
    { name: 'New patient', run: () => open({ kind: 'new-patient' }) },
    { name: 'Agenda of today', run: () => void navigate({ to: '/agenda', search: {} }) },
    { name: 'Patients', run: () => void navigate({ to: '/patients' }) },
    { name: 'Waitlist', run: () => void navigate({ to: '/waitlist' }) },
    { name: 'Add to the waitlist', run: () => open({ kind: 'booking', start: {}, toWaitlist: true }) },
    { name: 'Needs attention', run: () => void navigate({ to: '/attention' }) },
    { name: 'All keys', keys: '?', run: () => open({ kind: 'keys' }) },
    { name: 'Light appearance', run: () => setChoice('light') },
    { name: 'Dark appearance', run: () => setChoice('dark') },
    { name: 'Sign out', run: () => open({ kind: 'sign-out' }) },
  ];
}
