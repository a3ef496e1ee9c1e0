/** The open dialog about a visit. */
import { Modal } from '@mantine/core';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { ReasonDialog } from '../../ui/reason-dialog';
import { CancelDialog } from './cancel-dialog';
import { ChangeDialog } from './change-dialog';
import { OverbookDialog } from './overbook-dialog';
import { RefusalDialog } from './refusal-dialog';
import { SeriesMoveDialog } from './series-move-dialog';
import type { VisitActs } from './visit-acts';
import classes from './visit-dialog.module.css';
import type { VisitDialogOf } from './visit-dialog-of';
import { nameOf, visitTimeWords } from './visit-words';

export interface VisitDialogProps {
  of: VisitDialogOf;
  acts: VisitActs;
  onClose: () => void;
}

export function VisitDialog({ of, acts, onClose }: VisitDialogProps) {
  switch (of.kind) {
    case 'cancel':
      return <CancelDialog appointmentId={of.appointmentId} acts={acts} onClose={onClose} />;
    case 'decline':
      return <DeclineDialog appointmentId={of.appointmentId} acts={acts} onClose={onClose} />;
    case 'void':
      return <VoidDialog appointmentId={of.appointmentId} acts={acts} onClose={onClose} />;
    case 'revoke':
      return <RevokeDialog appointmentId={of.appointmentId} acts={acts} onClose={onClose} />;
    case 'change':
      return <ChangeDialog appointmentId={of.appointmentId} acts={acts} onClose={onClose} />;
    case 'overbook':
      return (
        <OverbookDialog appointmentId={of.appointmentId} where={of.where} acts={acts} onClose={onClose} />
      );
    case 'series-move':
      return (
        <SeriesMoveDialog
          appointmentId={of.appointmentId}
          where={of.where}
          overrides={of.overrides}
          acts={acts}
          onClose={onClose}
        />
      );
    case 'refused':
      return <RefusalDialog refusal={of.refusal} onClose={onClose} />;
  }
}

interface AboutVisit {
  appointmentId: string;
  acts: VisitActs;
  onClose: () => void;
}

function DeclineDialog({ appointmentId, acts, onClose }: AboutVisit) {
  const facts = useFacts();
  const visit = facts.get('appointment', appointmentId);
  if (!visit) return null;
  const suggested = visit.status === 'proposed';
  return (
    <ReasonDialog
      title={suggested ? 'Decline a suggested time' : 'Decline this request'}
      presets={
        suggested
          ? ['Patient called', 'Time is needed', 'Suggested by mistake']
          : ['Not for this doctor', 'Needs another type', 'Doctor is away', 'Asked to ring us']
      }
      confirmWord="Decline"
      keepWord="Keep it"
      tone="danger"
      onConfirm={(reason) => {
        onClose();
        acts.decline(appointmentId, reason);
      }}
      onClose={onClose}
    >
      <p>
        <b>{nameOf(facts, appointmentId)}</b>, {visitTimeWords(facts, visit)}.{' '}
        {suggested
          ? 'It held no time.'
          : 'The time becomes free at once, and the patient hears of it with the reason.'}{' '}
        You can undo it.
      </p>
    </ReasonDialog>
  );
}

function VoidDialog({ appointmentId, acts, onClose }: AboutVisit) {
  const facts = useFacts();
  const visit = facts.get('appointment', appointmentId);
  if (!visit) return null;
  return (
    <ReasonDialog
      title="Entered in error"
      presets={['Wrong patient', 'Booked twice', 'Wrong day', 'A test']}
      confirmWord="Take it out"
      keepWord="Keep it"
      tone="danger"
      onConfirm={(reason) => {
        onClose();
        acts.enteredInError(appointmentId, reason);
      }}
      onClose={onClose}
    >
      <p>
        <b>{nameOf(facts, appointmentId)}</b>, {visitTimeWords(facts, visit)}. It leaves the agenda and counts
        nowhere, for good. Its timeline stays. A visit that was right and is off is cancelled instead.
      </p>
    </ReasonDialog>
  );
}

function RevokeDialog({ appointmentId, acts, onClose }: AboutVisit) {
  const facts = useFacts();
  return (
    <Modal
      opened
      onClose={onClose}
      title="Stop the links sent to the patient"
      size={440}
      classNames={{ title: classes.title, body: classes.body }}
    >
      <div className={classes.form}>
        <p className={classes.what}>
          Every link sent to <b>{nameOf(facts, appointmentId)}</b> for this visit stops working at once. The
          visit stays as it is. The next message brings a new link.
        </p>
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose}>
            Keep them
          </ActionButton>
          <ActionButton
            tone="danger"
            keys="Enter"
            data-autofocus
            onClick={() => {
              onClose();
              acts.revokeLink(appointmentId);
            }}
          >
            Stop the links
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}
