import { useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ReasonDialog } from '../../ui/reason-dialog';
import { RefusalReasons } from './refusal-reasons';
import type { VisitActs } from './visit-acts';
import classes from './visit-dialog.module.css';
import type { VisitPlace } from './visit-dialog-of';
import { nameOf, visitTimeWords } from './visit-words';

const presets = ['Urgent', 'Doctor agreed', 'Short visit', 'Long-standing patient'];

/** Over the doctor's time by its reason alone; over the room only where that is asked for too. */
export function OverbookDialog({
  appointmentId,
  where,
  acts,
  onClose,
}: {
  appointmentId: string;
  where: VisitPlace;
  acts: VisitActs;
  onClose: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const asked = useMemo(() => {
    const ask = (room: boolean) =>
      desk.preview('appointment.reschedule', {
        appointmentId,
        doctorId: where.doctorId,
        locationId: where.locationId,
        startsAt: where.startsAt,
        appointmentTypeId: where.appointmentTypeId ?? null,
        durationMinutes: null,
        overrides: ['hold', 'same-patient'],
        overbook: { reason: presets[0] ?? '', room },
      });
    return { without: ask(false), with: ask(true) };
  }, [desk, appointmentId, where]);
  const roomIsTaken = asked.without.kind === 'refused' && asked.with.kind === 'done';
  const [room, setRoom] = useState(false);
  const over = (room ? asked.with : asked.without).kind === 'refused';
  const refusal = room ? asked.with : asked.without;
  return (
    <ReasonDialog
      title="Overbook"
      presets={presets}
      confirmWord="Overbook"
      keepWord="Leave it"
      tone="primary"
      blocked={over}
      onConfirm={(reason) => {
        onClose();
        acts.overbook(appointmentId, where, reason, room);
      }}
      onClose={onClose}
    >
      <p>
        <b>{nameOf(facts, appointmentId)}</b>, {visitTimeWords(facts, where)}. Others keep their times. The
        reason stays in the timeline and in reports.
      </p>
      {refusal.kind === 'refused' && <RefusalReasons reasons={refusal.reasons} />}
      {roomIsTaken && (
        <div className={classes.choice}>
          <label>
            <input
              type="checkbox"
              checked={room}
              onChange={(event) => setRoom(event.currentTarget.checked)}
            />
            Overbook the room too
          </label>
        </div>
      )}
    </ReasonDialog>
  );
}
