/** The visit that is selected: who, when, where it stands, what was done to it. Follows the selection. */

import { movableStatuses } from '@medic/shared/acts/status-table';
import type { Appointment } from '@medic/shared/model/appointment';
import { groupKey, holdsSlot } from '@medic/shared/model/appointment';
import { IconArrowBackUp, IconCloudOff } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useFacts, useTentative } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { KeyCap } from '../../ui/key-cap';
import { GroupSeats } from './group-seats';
import classes from './inspector.module.css';
import { PersonCard } from './person-card';
import { pressOnGrid } from './press-on-grid';
import { StatusStrip } from './status-strip';
import { VisitAnswers } from './visit-answers';
import { isCancellable, VisitFacts } from './visit-facts';
import { VisitMore } from './visit-more';
import type { VisitPartProps } from './visit-part';
import { VisitTimeline } from './visit-timeline';

interface InspectorProps extends VisitPartProps {
  selectedKey: string;
  onClose: () => void;
}

export function Inspector({ selectedKey, onClose, ...part }: InspectorProps) {
  const facts = useFacts();
  const visits = useMemo(() => visitsOf(facts, selectedKey), [facts, selectedKey]);
  const first = visits[0];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
    document.querySelector<HTMLElement>('[data-agenda-grid] [role="gridcell"]')?.focus();
  };
  return (
    <aside className={classes.inspector} aria-label="Visit" onKeyDown={onKeyDown}>
      <div className={classes.head}>
        <b>{visits.length > 1 ? 'Group' : 'Visit'}</b>
        <button type="button" className={classes.close} onClick={onClose} aria-label="Close">
          <KeyCap keys="Esc" />
        </button>
      </div>
      {!first && <p className={classes.gone}>This visit is no longer on this desk.</p>}
      {visits.length > 1 && <GroupSeats {...part} visits={visits} />}
      {first && visits.length === 1 && <OneVisit {...part} visit={first} />}
    </aside>
  );
}

function visitsOf(facts: ReturnType<typeof useFacts>, key: string): Appointment[] {
  const one = facts.get('appointment', key);
  if (one) return [one];
  const [doctorId, , , startsAt] = key.split('|');
  if (!doctorId || !startsAt) return [];
  const at = Number(startsAt) as Appointment['startsAt'];
  return facts
    .appointmentsOfDoctor(doctorId, at, (at + 60_000) as Appointment['startsAt'])
    .filter((visit) => groupKey(visit) === key && (holdsSlot(visit.status) || visit.status === 'noshow'))
    .sort((a, b) => a.seat - b.seat);
}

function OneVisit({ visit, actions, onDialog, onOpenPatient }: VisitPartProps & { visit: Appointment }) {
  const facts = useFacts();
  const tentative = useTentative().has(visit.id);
  const patient = facts.get('patient', visit.patientId);
  return (
    <>
      <PersonCard patient={patient} onOpen={() => onOpenPatient(visit.patientId)} />
      <VisitFacts visit={visit} />
      {tentative && (
        <p className={classes.tentative}>
          <IconCloudOff size={16} stroke={1.75} aria-hidden /> Not sent yet. Saved on this PC.
        </p>
      )}
      {(visit.status === 'pending' || visit.status === 'proposed') && (
        <VisitAnswers visit={visit} actions={actions} onDialog={onDialog} />
      )}
      <StatusStrip visit={visit} actions={actions} />
      <div className={classes.acts}>
        <ActionButton
          size="small"
          keys="M"
          disabled={!movableStatuses.includes(visit.status)}
          onClick={() => pressOnGrid('m')}
        >
          Move
        </ActionButton>
        <ActionButton
          size="small"
          keys="X"
          disabled={visit.status !== 'booked' && visit.status !== 'arrived'}
          onClick={() => actions.noshow(visit.id)}
        >
          No-show
        </ActionButton>
        <ActionButton
          size="small"
          tone="danger"
          keys="Backspace"
          disabled={!isCancellable(visit)}
          onClick={() => onDialog({ kind: 'cancel', appointmentId: visit.id })}
        >
          Cancel
        </ActionButton>
      </div>
      {visit.status === 'cancelled' && (
        <div className={classes.section}>
          <h3>Cancelled</h3>
          <p>{visit.cancelReason}</p>
          <ActionButton
            size="small"
            icon={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => actions.undoStatus(visit.id)}
          >
            Book again at this time
          </ActionButton>
        </div>
      )}
      {(visit.notes || patient?.notes) && (
        <div className={classes.section}>
          <h3>Notes</h3>
          {visit.notes && <p className={classes.notes}>{visit.notes}</p>}
          {patient?.notes && <p className={classes.notes}>{patient.notes}</p>}
        </div>
      )}
      <VisitMore visit={visit} actions={actions} onDialog={onDialog} />
      <VisitTimeline visit={visit} />
    </>
  );
}
