import type { Appointment } from '@medic/shared/model/appointment';
import { IconCalendarQuestion, IconClockQuestion } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import classes from './inspector.module.css';
import { RefusalReasons } from './refusal-reasons';
import type { VisitPartProps } from './visit-part';

/** A request waits for the clinic, a suggested time for the patient: either is answered here. */
export function VisitAnswers({
  visit,
  actions,
  onDialog,
}: Pick<VisitPartProps, 'actions' | 'onDialog'> & { visit: Appointment }) {
  const desk = useDesk();
  const facts = useFacts();
  const suggested = visit.status === 'proposed';
  const decision = useMemo(
    // The facts decide as much as the visit: what was free may be taken since.
    () => (facts && suggested ? desk.preview('appointment.accept', { appointmentId: visit.id }) : null),
    [desk, facts, suggested, visit.id],
  );
  const doctor = facts.doctor(visit.doctorId);
  return (
    <section className={classes.answers} aria-label="To answer">
      <p>
        {suggested ? (
          <IconCalendarQuestion size={16} stroke={1.75} aria-hidden />
        ) : (
          <IconClockQuestion size={16} stroke={1.75} aria-hidden />
        )}
        {suggested
          ? 'Suggested to the patient. It holds no time until they accept.'
          : `A request to ${doctor ? `${doctor.title} ${doctor.name}`.trim() : 'the clinic'}. It holds its time until it is answered.`}
      </p>
      {decision?.kind === 'refused' && <RefusalReasons reasons={decision.reasons} />}
      <div>
        <ActionButton tone="primary" size="small" keys="Y" onClick={() => actions.accept(visit.id)}>
          {suggested ? 'Accept for the patient' : 'Accept'}
        </ActionButton>
        <ActionButton
          size="small"
          keys="N"
          onClick={() => onDialog({ kind: 'decline', appointmentId: visit.id })}
        >
          Decline
        </ActionButton>
      </div>
    </section>
  );
}
