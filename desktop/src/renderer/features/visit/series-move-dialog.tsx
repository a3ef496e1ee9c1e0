import { Modal } from '@mantine/core';
import type { Override } from '@medic/shared/acts/act';
import type { SeriesScope } from '@medic/shared/acts/series/members';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { RefusalReasons } from './refusal-reasons';
import { ScopeChoice, scopeCounts } from './series-scope';
import type { VisitActs } from './visit-acts';
import classes from './visit-dialog.module.css';
import type { VisitPlace } from './visit-dialog-of';
import { nameOf, timeWords } from './visit-words';

/** A visit of a series was moved: how many go with it. What stands in the way of each choice shows at once. */
export function SeriesMoveDialog({
  appointmentId,
  where,
  overrides,
  acts,
  onClose,
}: {
  appointmentId: string;
  where: VisitPlace;
  overrides: readonly Override[];
  acts: VisitActs;
  onClose: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const [scope, setScope] = useState<SeriesScope>('this');
  const visit = facts.get('appointment', appointmentId);
  const decision = useMemo(() => {
    if (!visit?.seriesId) return null;
    const { doctorId, locationId, startsAt } = where;
    return desk.preview('series.reschedule', {
      seriesId: visit.seriesId,
      appointmentId,
      scope,
      startsAt,
      doctorId,
      locationId,
      restId: desk.newId(),
      overrides: [...overrides],
    });
  }, [desk, visit, appointmentId, scope, where, overrides]);
  const counts = visit && scopeCounts(facts, visit, desk.now());
  if (!visit || !counts) return null;
  const confirm = () => {
    onClose();
    if (scope === 'this') acts.moveAlone(appointmentId, where, overrides);
    else acts.moveSeries(appointmentId, where, scope, overrides);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    confirm();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Move ${nameOf(facts, appointmentId)}`}
      size={440}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter moves, from any of the choices */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <p className={classes.what}>
          From {timeWords(facts, visit.startsAt, visit.locationId)} to{' '}
          {timeWords(facts, where.startsAt, where.locationId)}. The others move by the same time of day and
          day of the week.
        </p>
        <ScopeChoice legend="One of a series" counts={counts} scope={scope} onScope={setScope} />
        {decision?.kind === 'refused' && <RefusalReasons reasons={decision.reasons} />}
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose}>
            Leave it
          </ActionButton>
          <ActionButton tone="primary" keys="Enter" onClick={confirm}>
            Move {scope === 'this' ? 'this visit' : `${counts[scope]} visits`}
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}
