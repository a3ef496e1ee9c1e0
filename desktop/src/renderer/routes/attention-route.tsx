import { instant } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';
import { useState } from 'react';
import { AttentionList, useAttention } from '../features/attention/attention-list';
import type { AttentionEntry } from '../features/attention/attention-words';
import { useFacts } from '../replica/hooks';
import { Segments } from '../ui/segments';
import { useDialogs } from './dialogs';
import { Page } from './page';

const hints = [
  { keys: 'J', does: 'Next' },
  { keys: 'K', does: 'Previous' },
  { keys: '1', does: 'Take a slot' },
  { keys: 'M', does: 'More times' },
  { keys: 'O', does: 'Open the record' },
  { keys: 'E', does: 'Done' },
];

export function AttentionRoute() {
  const facts = useFacts();
  const { open, done } = useAttention();
  const [view, setView] = useState<'open' | 'done'>('open');
  const openDialog = useDialogs((state) => state.open);
  const more = (entry: AttentionEntry) => {
    const { doctorId, locationId, startsAt } = entry.args;
    if (
      entry.patientId === null ||
      typeof doctorId !== 'string' ||
      typeof locationId !== 'string' ||
      typeof startsAt !== 'number'
    )
      return;
    const zone = facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
    openDialog({
      kind: 'booking',
      start: {
        patientId: entry.patientId,
        doctorId,
        locationId,
        startsAt: instant(startsAt),
        date: localDate(instant(startsAt), zone),
        ...(entry.appointmentTypeId === null ? {} : { appointmentTypeId: entry.appointmentTypeId }),
      },
      ...(entry.itemId === null ? {} : { settles: entry.itemId }),
    });
  };
  return (
    <Page
      title="Needs attention"
      note={open.length === 0 ? 'nothing open' : `${open.length} open`}
      hints={hints}
      counts={<span>Nothing here is lost: each item stays until someone decides</span>}
      controls={
        <Segments
          label="Items"
          value={view}
          segments={[
            { value: 'open', label: `Open ${open.length}` },
            { value: 'done', label: `Done ${done.length}` },
          ]}
          onChange={setView}
        />
      }
    >
      <AttentionList
        view={view}
        onMoreTimes={more}
        onOpenPatient={(patientId) => openDialog({ kind: 'patient', patientId })}
      />
    </Page>
  );
}
