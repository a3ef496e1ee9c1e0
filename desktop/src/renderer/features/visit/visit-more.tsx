import { runsAgendas } from '@medic/shared/acts/permissions';
import { mayChange, movableStatuses } from '@medic/shared/acts/status-table';
import type { Appointment } from '@medic/shared/model/appointment';
import { useDesk } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import classes from './inspector.module.css';
import { pressOnGrid } from './press-on-grid';
import type { VisitPartProps } from './visit-part';

/** What is done seldom. */
export function VisitMore({
  visit,
  actions,
  onDialog,
}: Pick<VisitPartProps, 'actions' | 'onDialog'> & { visit: Appointment }) {
  const desk = useDesk();
  const movable = movableStatuses.includes(visit.status);
  const isAhead = visit.startsAt > desk.now();
  const { id, name, roles, rights, doctorId } = desk.user;
  const runs = runsAgendas({ kind: 'staff', id, name, roles, rights, doctorId });
  const ask = (kind: 'change' | 'void' | 'revoke') => () => onDialog({ kind, appointmentId: visit.id });
  const isOn = visit.status !== 'cancelled' && visit.status !== 'entered-in-error';
  const isMistakable = runs && mayChange(visit.status, 'entered-in-error');
  if (!movable && !isMistakable && !(isAhead && isOn)) return null;
  return (
    <div className={classes.section}>
      <h3>More</h3>
      <div className={classes.more}>
        {visit.status === 'booked' && visit.confirmedAt === null && isAhead && (
          <ActionButton size="small" keys="C" onClick={() => actions.confirm(visit.id)}>
            Patient says they come
          </ActionButton>
        )}
        {movable && (
          <ActionButton size="small" keys="E" onClick={ask('change')}>
            Change…
          </ActionButton>
        )}
        {movable && visit.status !== 'proposed' && (
          <ActionButton size="small" keys="S" onClick={() => pressOnGrid('s')}>
            Swap with next
          </ActionButton>
        )}
        {isAhead && isOn && (
          <ActionButton size="small" keys="Shift+L" onClick={ask('revoke')}>
            Stop links…
          </ActionButton>
        )}
        {isMistakable && (
          <ActionButton size="small" tone="danger" keys="Shift+Backspace" onClick={ask('void')}>
            Entered in error…
          </ActionButton>
        )}
      </div>
    </div>
  );
}
