import { Modal } from '@mantine/core';
import { agendaKeyList } from '../features/agenda/agenda-keys';
import { KeyCap } from '../ui/key-cap';
import classes from './small-dialogs.module.css';

const inBooking = [
  { keys: ['Enter'], does: 'Pick the patient, then book' },
  { keys: ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4'], does: 'Take a next available time' },
  { keys: ['Alt+W'], does: 'Show why times are taken' },
  { keys: ['Alt+N'], does: 'New patient' },
  { keys: ['Mod+Enter'], does: 'Book' },
];

const anywhere = [
  { keys: ['G', 'A'], does: 'Agenda' },
  { keys: ['G', 'P'], does: 'Patients' },
  { keys: ['G', 'N'], does: 'Needs attention' },
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="All keys" size={760} classNames={{ title: classes.title }}>
      <div className={classes.keys}>
        <KeyGroup title="Agenda" keys={agendaKeyList} />
        <div>
          <KeyGroup title="Booking" keys={inBooking} />
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
