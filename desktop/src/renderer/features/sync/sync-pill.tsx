/** The truth about sync, always in sight: online or not, what waits, and what stands in the way. */

import { Popover } from '@mantine/core';
import type { Facts } from '@medic/shared/acts/facts';
import type { ActName } from '@medic/shared/acts/registry';
import { localTime } from '@medic/shared/time/zone';
import {
  IconArrowsMove,
  IconCalendarPlus,
  IconCalendarX,
  IconCircleCheck,
  IconCloudOff,
  IconInfoCircle,
  IconLock,
  IconLockOpen,
  IconRefresh,
  IconUserCheck,
  IconUserEdit,
  IconUserPlus,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { PendingIntent, SyncStatus } from '../../replica/desk';
import { useDesk, useFacts, usePendingIntents, useSession, useSyncStatus } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { minutesInWords } from '../../ui/date-words';
import { useMinute } from '../../ui/use-minute';
import { intentWords } from './intent-words';
import { SyncDetails } from './sync-details';
import classes from './sync-pill.module.css';
import { syncWarnings } from './sync-warnings';

export function pillText(status: Pick<SyncStatus, 'phase' | 'online' | 'unsent' | 'problem'>): string {
  const waiting =
    status.unsent === 0
      ? ''
      : `${status.unsent} change${status.unsent === 1 ? '' : 's'} ${status.online ? 'being sent' : 'waiting'}`;
  if (status.problem?.kind === 'signed-out') return waiting ? `Signed out · ${waiting}` : 'Signed out';
  if (status.problem?.kind === 'version') return waiting ? `Update needed · ${waiting}` : 'Update needed';
  if (status.online && !waiting && status.phase === 'filling') return 'Online · bringing the rest';
  if (status.online) return waiting ? `Online · ${waiting}` : 'Online · all saved';
  if (waiting) return `Offline · ${waiting}`;
  return status.phase === 'ready' ? 'Offline · nothing waiting' : 'Offline · not all here yet';
}

export function SyncPill() {
  const status = useSyncStatus();
  const troubled = !status.online || status.problem !== null;
  return (
    <Popover position="bottom-end" width={398} trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.pill}
          data-troubled={troubled || undefined}
          aria-live="polite"
        >
          {troubled ? (
            <IconCloudOff size={16} stroke={1.75} aria-hidden />
          ) : (
            <IconCircleCheck size={16} stroke={1.75} aria-hidden />
          )}
          {pillText(status)}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Sync">
        <SyncPanel status={status} />
      </Popover.Dropdown>
    </Popover>
  );
}

function SyncPanel({ status }: { status: SyncStatus }) {
  const desk = useDesk();
  const facts = useFacts();
  const pending = usePendingIntents();
  const { people, othersWaitFor } = useSession();
  const [detailed, setDetailed] = useState(false);
  const now = useMemo(() => () => desk.now(), [desk]);
  const minute = useMinute(now);
  const zone = facts.clinic.timeZone;
  const refusedCount = pending.filter((each) => each.decision.kind === 'refused' && !each.again).length;
  const clock = (at: SyncStatus['lastContactAt']) => (at === null ? '–' : localTime(at, zone).time);
  const title = status.problem
    ? status.problem.message
    : status.online
      ? 'Online, all desks see the same'
      : offlineWords((minute - (status.offlineSince ?? minute)) / 60_000);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <span
          className={classes.badge}
          data-troubled={!status.online || status.problem !== null || undefined}
        >
          {status.online && !status.problem ? (
            <IconCircleCheck size={20} aria-hidden />
          ) : (
            <IconCloudOff size={20} aria-hidden />
          )}
        </span>
        <div>
          <b>{title}</b>
          <p>
            {status.online
              ? 'Changes are sent as you make them.'
              : 'Keep working. Changes are saved on this PC.'}
          </p>
        </div>
        <ActionButton
          size="small"
          icon={<IconRefresh size={14} aria-hidden />}
          onClick={() => desk.syncNow()}
          data-autofocus
        >
          Try now
        </ActionButton>
      </div>
      <dl className={classes.figures}>
        <div>
          <dt>waiting to send</dt>
          <dd>{status.unsent}</dd>
        </div>
        <div>
          <dt>refused</dt>
          <dd>{refusedCount}</dd>
        </div>
        <div>
          <dt>last in step</dt>
          <dd>{clock(status.lastContactAt)}</dd>
        </div>
      </dl>
      {pending.length > 0 && (
        <>
          <p className={classes.section}>Waiting, in the order they will be sent</p>
          <ul className={classes.list}>
            {pending.map((each) => (
              <PendingRow
                key={each.intent.id}
                pending={each}
                facts={facts}
                clock={clock(each.intent.madeAt)}
              />
            ))}
          </ul>
          <p className={classes.info}>
            <IconInfoCircle size={16} stroke={1.75} aria-hidden />
            If a slot is gone when you are back, Medic asks you and offers the nearest.
          </p>
        </>
      )}
      {syncWarnings(status, people, desk.user.id, othersWaitFor).map((warning) => (
        <p key={warning} className={classes.info}>
          <IconInfoCircle size={16} stroke={1.75} aria-hidden />
          {warning}
        </p>
      ))}
      <div className={classes.more}>
        <ActionButton
          tone="quiet"
          size="small"
          aria-expanded={detailed}
          onClick={() => setDetailed(!detailed)}
        >
          {detailed ? 'Less' : 'Details'}
        </ActionButton>
      </div>
      {detailed && <SyncDetails />}
    </div>
  );
}

function offlineWords(minutes: number): string {
  return minutes < 1 ? 'Offline since a moment ago' : `Offline for ${minutesInWords(minutes)}`;
}

const icons: Partial<Record<ActName, typeof IconInfoCircle>> = {
  'appointment.book': IconCalendarPlus,
  'appointment.reschedule': IconArrowsMove,
  'appointment.cancel': IconCalendarX,
  'patient.create': IconUserPlus,
  'patient.edit': IconUserEdit,
  'time.block': IconLock,
  'time.unblock': IconLockOpen,
};

function PendingRow({ pending, facts, clock }: { pending: PendingIntent; facts: Facts; clock: string }) {
  const Icon = icons[pending.intent.act as ActName] ?? IconUserCheck;
  const words = intentWords(pending.intent, facts);
  return (
    <li>
      <Icon size={18} stroke={1.5} aria-hidden />
      <span>
        <b>{words.title}</b>
        <span>
          {words.detail}
          {pending.again
            ? ' · sent again, the server was restored'
            : pending.decision.kind === 'refused'
              ? ' · will not be possible, see Needs attention'
              : words.tentative
                ? ' · tentative'
                : ''}
        </span>
      </span>
      <time>{clock}</time>
    </li>
  );
}
