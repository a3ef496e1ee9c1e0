import type { SeriesScope } from '@medic/shared/acts/series/members';
import { useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ReasonDialog } from '../../ui/reason-dialog';
import { ScopeChoice, scopeCounts } from './series-scope';
import type { VisitActs } from './visit-acts';
import { nameOf, visitTimeWords } from './visit-words';

const presets = ['Patient called', 'Patient is ill', 'Doctor is away', 'Booked by mistake', 'Clinic had to'];

/** A cancelled visit keeps its reason for good, so one is always asked for; a number is enough. */
export function CancelDialog({
  appointmentId,
  acts,
  onClose,
}: {
  appointmentId: string;
  acts: VisitActs;
  onClose: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const [scope, setScope] = useState<SeriesScope>('this');
  const visit = facts.get('appointment', appointmentId);
  if (!visit) return null;
  const counts = scopeCounts(facts, visit, desk.now());
  const many = counts !== null && scope !== 'this';
  return (
    <ReasonDialog
      title={counts ? 'Cancel one of a series' : 'Cancel this visit'}
      presets={presets}
      confirmWord={many ? `Cancel ${counts[scope]} visits` : 'Cancel the visit'}
      keepWord={many ? 'Keep them' : 'Keep it'}
      tone="danger"
      onConfirm={(reason) => {
        onClose();
        acts.cancel(appointmentId, reason, scope);
      }}
      onClose={onClose}
    >
      <p>
        <b>{nameOf(facts, appointmentId)}</b>, {visitTimeWords(facts, visit)}. The time becomes free at once.
        You can undo it while nobody has taken it.
      </p>
      {counts && <ScopeChoice legend="Which visits" counts={counts} scope={scope} onScope={setScope} />}
    </ReasonDialog>
  );
}
