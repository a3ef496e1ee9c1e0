/** Changing what somebody waits for, and taking somebody off the list. */
import { Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { KeyCap } from '../../ui/key-cap';
import { fullName } from '../../ui/person-name';
import classes from './offer-dialog.module.css';
import { useWaitlistActs } from './waitlist-acts';
import { WishesForm } from './wishes-form';

export function EditEntryDialog({ entryId, onClose }: { entryId: string; onClose: () => void }) {
  const entry = useFacts().get('waitlistEntry', entryId);
  if (!entry) return null;
  return (
    <Modal opened onClose={onClose} title="Waitlist" size={620} classNames={{ title: classes.title }}>
      <WishesForm
        entryId={entryId}
        patientId={entry.patientId}
        suggestion={{ appointmentTypeId: entry.appointmentTypeId, doctorId: null }}
        onSaved={onClose}
        onCancel={onClose}
      />
    </Modal>
  );
}

const presets = ['Patient asked', 'Booked another way', 'Could not be reached', 'No longer needed'];

/** Why somebody is taken off stays with the entry: it is always asked for, and a number is enough. */
export function CloseEntryDialog({ entryId, onClose }: { entryId: string; onClose: () => void }) {
  const facts = useFacts();
  const acts = useWaitlistActs();
  const [reason, setReason] = useState(presets[0] ?? '');
  const entry = facts.get('waitlistEntry', entryId);
  if (!entry) return null;
  const patient = facts.get('patient', entry.patientId);
  const type = facts.appointmentType(entry.appointmentTypeId);
  const confirm = async () => {
    if (reason.trim() && (await acts.close(entryId, reason.trim()))) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement;
    const preset = presets[Number(event.key) - 1];
    if (!typing && preset !== undefined) {
      event.preventDefault();
      setReason(preset);
    } else if (event.key === 'Enter' && !event.repeat && !isClose(event.target)) {
      event.preventDefault();
      void confirm();
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Take off the waitlist"
      size={460}
      classNames={{ title: classes.title }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: numbers choose a reason, Enter confirms */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <p className={classes.none}>
          <b>{patient ? fullName(patient) : 'This entry'}</b>
          {type && `, ${type.name}`}. Offers that are open end. This can’t be undone; a new entry starts at
          the end of the list.
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
            Keep waiting
          </ActionButton>
          <ActionButton tone="danger" keys="Enter" disabled={!reason.trim()} onClick={() => void confirm()}>
            Take off
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}

function isClose(target: EventTarget): boolean {
  return target instanceof HTMLButtonElement && target.dataset.close !== undefined;
}
