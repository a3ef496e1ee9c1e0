import type { Instant } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';
import { IconUserPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type WaitlistView, waitlistCounts } from '../features/waitlist/waitlist-model';
import { WaitlistScreen } from '../features/waitlist/waitlist-screen';
import { useDesk, useFacts } from '../replica/hooks';
import { ActionButton } from '../ui/action-button';
import { Segments } from '../ui/segments';
import { useMinute } from '../ui/use-minute';
import { useDialogs } from './dialogs';
import { Page } from './page';

const hints = [
  { keys: '1', does: 'Offer a time' },
  { keys: 'Shift+1', does: 'Book it' },
  { keys: 'B', does: 'Book another time' },
  { keys: 'E', does: 'Change' },
  { keys: 'Backspace', does: 'Take off' },
  { keys: 'N', does: 'Add' },
];

export function WaitlistRoute() {
  const desk = useDesk();
  const facts = useFacts();
  const open = useDialogs((state) => state.open);
  const [view, setView] = useState<WaitlistView>('waiting');
  const clock = useMemo(() => () => desk.now(), [desk]);
  const now = useMinute(clock) as Instant;
  const counts = useMemo(() => waitlistCounts(facts, now), [facts, now]);
  const add = () => open({ kind: 'booking', start: {}, toWaitlist: true });
  return (
    <Page
      title="Waitlist"
      note={`${counts.waiting + counts.offered} waiting`}
      hints={hints}
      counts={<span>An offer keeps no time: who accepts first gets it</span>}
      controls={
        <>
          <Segments
            label="Entries"
            value={view}
            segments={[
              { value: 'waiting', label: `Waiting ${counts.waiting}` },
              { value: 'offered', label: `Offered ${counts.offered}` },
              { value: 'over', label: `Over ${counts.over}` },
            ]}
            onChange={setView}
          />
          <ActionButton keys="N" icon={<IconUserPlus size={16} aria-hidden />} onClick={add}>
            Add
          </ActionButton>
        </>
      }
    >
      <WaitlistScreen
        key={view}
        view={view}
        onAdd={add}
        onOffer={(time, entryId) =>
          open({ kind: 'offer', time, ...(entryId === undefined ? {} : { entryId }) })
        }
        onBook={(entry) => {
          const [doctorId] = entry.doctorIds;
          const [locationId] = entry.locationIds;
          open({
            kind: 'booking',
            forEntry: entry.id,
            start: {
              patientId: entry.patientId,
              appointmentTypeId: entry.appointmentTypeId,
              ...(doctorId === undefined ? {} : { doctorId }),
              ...(locationId === undefined ? {} : { locationId }),
              ...(entry.earliestOn !== null && entry.earliestOn > localDate(now, facts.clinic.timeZone)
                ? { date: entry.earliestOn }
                : {}),
            },
          });
        }}
        onEdit={(entryId) => open({ kind: 'waitlist-edit', entryId })}
        onRemove={(entryId) => open({ kind: 'waitlist-close', entryId })}
        onOpenPatient={(patientId) => open({ kind: 'patient', patientId })}
      />
    </Page>
  );
}
