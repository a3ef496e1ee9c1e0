import { Modal, TextInput } from '@mantine/core';
import { localTime } from '@medic/shared/time/zone';
import { type KeyboardEvent, useState } from 'react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { shortDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './cancel-dialog.module.css';

const presets = ['Patient called', 'Patient is ill', 'Doctor is away', 'Booked by mistake', 'Clinic had to'];

/** A cancelled visit keeps its reason for good, so one is always asked for; a number is enough. */
export function CancelDialog({
  appointmentId,
  onCancel,
  onClose,
}: {
  appointmentId: string;
  onCancel: (reason: string) => void;
  onClose: () => void;
}) {
  const facts = useFacts();
  const visit = facts.get('appointment', appointmentId);
  const [reason, setReason] = useState(presets[0] ?? '');
  if (!visit) return null;
  const patient = facts.get('patient', visit.patientId);
  const doctor = facts.doctor(visit.doctorId);
  const local = localTime(
    visit.startsAt,
    facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone,
  );
  const confirm = () => {
    if (!reason.trim()) return;
    onCancel(reason.trim());
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement;
    const preset = presets[Number(event.key) - 1];
    if (!typing && preset !== undefined) {
      event.preventDefault();
      setReason(preset);
    } else if (
      event.key === 'Enter' &&
      !(event.target instanceof HTMLButtonElement && event.target.dataset.close !== undefined)
    ) {
      event.preventDefault();
      confirm();
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Cancel this visit"
      size={440}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: numbers choose a reason, Enter cancels */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <p className={classes.what}>
          <b>{patient ? fullName(patient) : 'The visit'}</b>, {shortDay(local.date)} {local.time}
          {doctor && `, ${doctorName(doctor)}`}. The time becomes free at once. You can undo it while nobody
          has taken it.
        </p>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row */}
        <div className={classes.presets} role="group" aria-label="Reason">
          {presets.map((preset, index) => (
            <button
              key={preset}
              type="button"
              aria-pressed={reason === preset}
              data-autofocus={index === 0 || undefined}
              onClick={() => setReason(preset)}
            >
              <KeyCap keys={String(index + 1)} /> {preset}
            </button>
          ))}
        </div>
        <TextInput
          label="Reason"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={reason.trim() ? null : 'Say why, in a word or two'}
        />
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose} data-close>
            Keep it
          </ActionButton>
          <ActionButton tone="danger" keys="Enter" onClick={confirm} disabled={!reason.trim()}>
            Cancel the visit
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}
