/** Changing what somebody waits for, and taking somebody off the list. */
import { Modal } from '@mantine/core';
import { useFacts } from '../../replica/hooks';
import { fullName } from '../../ui/person-name';
import { ReasonDialog } from '../../ui/reason-dialog';
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
  const entry = facts.get('waitlistEntry', entryId);
  if (!entry) return null;
  const patient = facts.get('patient', entry.patientId);
  const type = facts.appointmentType(entry.appointmentTypeId);
  return (
    <ReasonDialog
      title="Take off the waitlist"
      presets={presets}
      confirmWord="Take off"
      keepWord="Keep waiting"
      tone="danger"
      onConfirm={async (reason) => {
        if (await acts.close(entryId, reason)) onClose();
      }}
      onClose={onClose}
    >
      <p>
        <b>{patient ? fullName(patient) : 'This entry'}</b>
        {type && `, ${type.name}`}. Offers that are open end, and the patient hears of that. You can undo it:
        the place in line stays, the offers do not.
      </p>
    </ReasonDialog>
  );
}
