import type { Appointment } from '@medic/shared/model/appointment';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { fullName } from '../../ui/person-name';
import classes from './inspector.module.css';
import { isCancellable, VisitFacts } from './visit-facts';
import type { VisitPartProps } from './visit-part';

/** The seats of a group visit, each with what comes next for it. */
export function GroupSeats({
  visits,
  actions,
  onDialog,
  onOpenPatient,
}: VisitPartProps & { visits: readonly Appointment[] }) {
  const facts = useFacts();
  const first = visits[0];
  if (!first) return null;
  return (
    <>
      <VisitFacts visit={first} />
      <div className={classes.section}>
        <h3>
          {visits.filter((visit) => visit.status !== 'noshow').length} of {first.capacity} seats
        </h3>
        <ul className={classes.seats}>
          {visits.map((visit) => {
            const patient = facts.get('patient', visit.patientId);
            return (
              <li key={visit.id}>
                <button
                  type="button"
                  className={classes.seatName}
                  onClick={() => onOpenPatient(visit.patientId)}
                >
                  {patient ? fullName(patient) : 'Loading…'}
                </button>
                <span>{seatWords[visit.status] ?? ''}</span>
                {visit.status === 'pending' && (
                  <>
                    <ActionButton
                      size="inline"
                      onClick={() => actions.accept(visit.id)}
                      aria-label={`Accept ${patient ? fullName(patient) : 'this seat'}`}
                    >
                      Accept
                    </ActionButton>
                    <ActionButton
                      size="inline"
                      onClick={() => onDialog({ kind: 'decline', appointmentId: visit.id })}
                      aria-label={`Decline ${patient ? fullName(patient) : 'this seat'}`}
                    >
                      Decline
                    </ActionButton>
                  </>
                )}
                {visit.status === 'booked' && (
                  <ActionButton size="inline" onClick={() => actions.arrive(visit.id)}>
                    Arrived
                  </ActionButton>
                )}
                {(visit.status === 'arrived' || visit.status === 'checked-in') && (
                  <ActionButton size="inline" onClick={() => actions.complete(visit.id)}>
                    Done
                  </ActionButton>
                )}
                {visit.status !== 'pending' && isCancellable(visit) && (
                  <ActionButton
                    size="inline"
                    tone="danger"
                    onClick={() => onDialog({ kind: 'cancel', appointmentId: visit.id })}
                    aria-label={`Cancel ${patient ? fullName(patient) : 'this seat'}`}
                  >
                    Cancel
                  </ActionButton>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}

const seatWords: Partial<Record<Appointment['status'], string>> = {
  pending: 'to answer',
  arrived: 'arrived',
  'checked-in': 'in',
  fulfilled: 'done',
  noshow: 'did not come',
};
