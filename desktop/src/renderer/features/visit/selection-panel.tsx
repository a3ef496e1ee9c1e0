/** Several visits chosen together: shift them, or swap two. What would happen to each shows before it does. */
import { TextInput } from '@mantine/core';
import { describeReason } from '@medic/shared/availability/reason';
import type { TimeZone } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import { IconAlertTriangle, IconArrowsExchange, IconBan } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { KeyCap } from '../../ui/key-cap';
import { doctorName } from '../../ui/person-name';
import inspector from './inspector.module.css';
import { RefusalReasons } from './refusal-reasons';
import classes from './selection-panel.module.css';
import { shiftPreview } from './shift-preview';
import type { VisitActs } from './visit-acts';
import { nameOf, nameOfPatient } from './visit-words';
import { canOverbook, overridesFor } from './warnings';

const steps = [-30, -15, -5, 5, 15, 30] as const;

export function SelectionPanel({
  appointmentIds,
  acts,
  onClose,
}: {
  appointmentIds: readonly string[];
  acts: VisitActs;
  onClose: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const [minutes, setMinutes] = useState(15);
  const [reason, setReason] = useState('');
  const visits = useMemo(
    () => appointmentIds.flatMap((id) => facts.get('appointment', id) ?? []),
    [appointmentIds, facts],
  );
  const decision = useMemo(
    () =>
      minutes === 0 || visits.length === 0
        ? null
        : desk.preview('appointment.shift', { appointmentIds: visits.map((visit) => visit.id), minutes }),
    [desk, visits, minutes],
  );
  const first = visits[0];
  if (!first) return null;
  const zone = facts.location(first.locationId)?.timeZone ?? facts.clinic.timeZone;
  const { rows, others } = decision ? shiftPreview(visits, minutes, decision) : { rows: [], others: [] };
  const reasons = decision?.kind === 'refused' ? decision.reasons : [];
  const warned = overridesFor(reasons);
  const mayOverbook = desk.user.rights.includes('overbook') && canOverbook(reasons);
  const ready =
    decision !== null && (reasons.length === 0 || warned !== null || (mayOverbook && reason.trim() !== ''));
  const doctor = facts.doctor(first.doctorId);

  const shift = async () => {
    if (!ready) return;
    const done = await acts.shift({
      appointmentIds: visits.map((visit) => visit.id),
      minutes,
      overrides: warned ?? (mayOverbook ? ['hold', 'same-patient'] : []),
      overbook: warned === null && mayOverbook ? { reason: reason.trim(), room: false } : null,
    });
    if (done) onClose();
  };
  const swap = () => {
    const [one, other] = visits;
    if (visits.length !== 2 || !one || !other) return;
    onClose();
    acts.swap(one.id, other.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) void shift();
    else if (event.key.toLowerCase() === 's' && !(event.target instanceof HTMLInputElement)) swap();
    else return;
    event.preventDefault();
  };
  const clock = (at: typeof first.startsAt) => localTime(at, zone).time;
  return (
    <aside className={inspector.inspector} aria-label="Chosen visits" onKeyDown={onKeyDown}>
      <div className={inspector.head}>
        <b>
          {visits.length} {visits.length === 1 ? 'visit' : 'visits'} of {doctor ? doctorName(doctor) : ''}
        </b>
        <button type="button" className={inspector.close} onClick={onClose} aria-label="Close">
          <KeyCap keys="Esc" />
        </button>
      </div>
      <div className={classes.body}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row */}
        <div className={classes.steps} role="group" aria-label="Minutes">
          {steps.map((step) => (
            <button key={step} type="button" aria-pressed={minutes === step} onClick={() => setMinutes(step)}>
              {step > 0 ? `+${step}` : `−${-step}`}
            </button>
          ))}
        </div>
        <TextInput
          label="Minutes later; with a minus, earlier"
          type="number"
          step={5}
          min={-1440}
          max={1440}
          data-shift-minutes
          value={minutes}
          onChange={(event) => {
            const wanted = Math.trunc(event.currentTarget.valueAsNumber);
            setMinutes(Number.isFinite(wanted) ? Math.min(1440, Math.max(-1440, wanted)) : 0);
          }}
        />
        <ul className={classes.rows} aria-label="What would happen">
          {rows.map((row) => (
            <li key={row.appointmentId} data-refused={row.reasons.length > 0 || undefined}>
              <span className={classes.name}>{nameOf(facts, row.appointmentId)}</span>
              <span className={classes.times}>
                {clock(row.from)} → <b>{clock(row.to)}</b>
              </span>
              {row.reasons.map((each) => (
                <span key={JSON.stringify(each)} className={classes.why}>
                  {overridesFor([each]) ? (
                    <IconAlertTriangle size={14} stroke={1.75} aria-hidden />
                  ) : (
                    <IconBan size={14} stroke={1.75} aria-hidden />
                  )}
                  {each.code === 'series' &&
                    each.reasons
                      .map((rule) =>
                        describeReason(rule, each.timeZone as TimeZone, {
                          patientName: (id) => nameOfPatient(facts, id),
                        }),
                      )
                      .join(' · ')}
                </span>
              ))}
            </li>
          ))}
        </ul>
        {others.length > 0 && <RefusalReasons reasons={others} />}
        {reasons.length > 0 && warned === null && (
          <p className={classes.note}>Nothing moves while one of them can’t.</p>
        )}
        {mayOverbook && (
          <TextInput
            label="Overbook where it is needed, because"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <div className={classes.buttons}>
          {visits.length === 2 && (
            <ActionButton
              size="small"
              keys="S"
              icon={<IconArrowsExchange size={16} aria-hidden />}
              onClick={swap}
            >
              Swap the two
            </ActionButton>
          )}
          <ActionButton
            tone="primary"
            size="small"
            keys="Enter"
            disabled={!ready}
            onClick={() => void shift()}
          >
            {warned
              ? 'Shift all the same'
              : mayOverbook
                ? 'Shift and overbook'
                : `${Math.abs(minutes)} min ${minutes < 0 ? 'earlier' : 'later'}`}
          </ActionButton>
        </div>
      </div>
    </aside>
  );
}
