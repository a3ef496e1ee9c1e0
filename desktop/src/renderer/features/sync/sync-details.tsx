/** How sync stands, for whoever is asked to help; and a file of it to send them, which says nothing of any patient. */
import type { SyncReport } from '@medic/shared/sync/report';
import { localTime } from '@medic/shared/time/zone';
import { IconDownload, IconSend } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { useDesk, useFacts, useSyncStatus } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { collectionWords } from './collection-words';
import classes from './sync-pill.module.css';

const transportWords = {
  stream: 'told of changes as they happen',
  polling: 'asking every few seconds',
  'another tab': 'another tab does it',
} as const;

export function SyncDetails() {
  const desk = useDesk();
  const facts = useFacts();
  const status = useSyncStatus();
  const [sent, setSent] = useState<string | null>(null);
  const [told, setTold] = useState<SyncReport | null>(null);
  // `status` changes with every contact: what is shown is never older than that.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what the answer is made of
  useEffect(() => {
    let gone = false;
    void desk.diagnose().then((diagnostics) => {
      if (!gone) setTold(diagnostics);
    });
    return () => {
      gone = true;
    };
  }, [desk, status]);
  if (!told) return null;
  const zone = facts.clinic.timeZone;
  return (
    <div className={classes.details}>
      <table>
        <thead>
          <tr>
            <th scope="col">Collection</th>
            <th scope="col">Records</th>
            <th scope="col">Up to</th>
          </tr>
        </thead>
        <tbody>
          {told.collections.map(({ name, rows, checkpoint, complete }) => (
            <tr key={name}>
              <th scope="row">{collectionWords[name]}</th>
              <td>{rows}</td>
              <td>{complete ? checkpoint : `${checkpoint}, not all yet`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {transportWords[told.transport]} · backed up{' '}
        {told.backedUpSeq === null ? 'never, as far as is known' : `to ${told.backedUpSeq}`} · refused{' '}
        {told.answered.refused ?? 0}, failed {told.answered.failed ?? 0} so far
      </p>
      {told.errors.length > 0 && (
        <ul>
          {told.errors.slice(-4).map(({ at, during, code, times }) => (
            <li key={`${at} ${during} ${code}`}>
              {localTime(at, zone).time} {during}: {code}
              {times > 1 ? `, ${times} times` : ''}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.report}>
        <ActionButton
          size="small"
          icon={<IconSend size={14} aria-hidden />}
          onClick={async () => {
            setSent('Sending…');
            const reported = await desk.sendReport();
            setSent(
              reported.kind === 'sent'
                ? `Sent at ${localTime(desk.now(), zone).time}, into the server’s log.`
                : `Not sent. ${reported.message}.`,
            );
          }}
        >
          Send a report
        </ActionButton>
        <ActionButton
          size="small"
          icon={<IconDownload size={14} aria-hidden />}
          onClick={() => void desk.diagnose().then(save)}
        >
          Save a report
        </ActionButton>
      </div>
      <p role="status">{sent}</p>
      <p>Numbers and codes for whoever helps you. No patient is in it.</p>
    </div>
  );
}

function save(report: SyncReport): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }));
  link.download = `medic-sync-${new Date(report.at).toISOString().slice(0, 16).replace(':', '')}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
