import { Modal } from '@mantine/core';
import { agendaKeyList } from '../features/agenda/agenda-keys';
import { KeyCap } from '../ui/key-cap';
import classes from './small-dialogs.module.css';

const inBooking = [
  { keys: ['Enter'], does: 'Pick the patient, then book' },
  { keys: ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4'], does: 'Take a next available time' },
  { keys: ['Alt+W'], does: 'Show why times are taken' },
  { keys: ['Alt+N'], does: 'New patient' },
  { keys: ['Alt+A'], does: 'The doctor has to accept' },
  { keys: ['Alt+S'], does: 'Only suggest it to the patient' },
  { keys: ['Alt+R'], does: 'Repeat the visit' },
  { keys: ['Alt+X'], does: 'Leave out times that can’t be booked' },
  { keys: ['Alt+L'], does: 'Add to the waitlist' },
  { keys: ['Mod+Enter'], does: 'Book' },
];

const inWaitlist = [
  { keys: ['J', 'K'], does: 'Next, previous' },
  { keys: ['1', '2', '3'], does: 'Offer a free time' },
  { keys: ['Shift+1', 'Shift+2', 'Shift+3'], does: 'Book a free time without asking' },
  { keys: ['B'], does: 'Book another time' },
  { keys: ['E'], does: 'Change what is waited for' },
  { keys: ['N'], does: 'Add somebody' },
  { keys: ['O'], does: 'Open the record' },
  { keys: ['Y'], does: 'The patient takes the offer' },
  { keys: ['D'], does: 'The patient declines the offer' },
  { keys: ['X'], does: 'Take an offer back' },
  { keys: ['Backspace'], does: 'Take off the waitlist' },
  { keys: ['R'], does: 'Waits again, of one that is over' },
];

const anywhere = [
  { keys: ['G', 'A'], does: 'Agenda' },
  { keys: ['G', 'P'], does: 'Patients' },
  { keys: ['G', 'L'], does: 'Waitlist' },
  { keys: ['G', 'N'], does: 'Needs attention' },
  { keys: ['Alt+L'], does: 'Offer the time that came free' },
  { keys: ['Mod+L'], does: 'Lock, or change who is at the desk' },
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="All keys" size={840} classNames={{ title: classes.title }}>
      <div className={classes.keys}>
        <KeyGroup title="Agenda" keys={agendaKeyList} />
        <div>
          <KeyGroup title="Booking" keys={inBooking} />
          <KeyGroup title="Waitlist" keys={inWaitlist} />
          <KeyGroup title="Anywhere" keys={anywhere} />
        </div>
      </div>
    </Modal>
  );
}

function KeyGroup({
  title,
  keys,
}: {
  title: string;
  keys: readonly { keys: readonly string[]; does: string }[];
}) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map((each) => (
          <div key={each.does}>
            <dt>
              {each.keys.map((key) => (
                <KeyCap key={key} keys={key} />
              ))}
              <span className={classes.hidden}>{each.keys.join(', ')}</span>
            </dt>
            <dd>{each.does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
