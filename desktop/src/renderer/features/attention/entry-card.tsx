/** One item: what happened, to whom, what is safe, and what can be done. What differs by kind is a part of its own. */

import { formatPhone } from '@medic/shared/model/phone';
import type { Instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import {
  IconCalendarExclamation,
  IconCloudOff,
  IconDatabaseImport,
  IconGitMerge,
  IconHistory,
  IconMessageX,
  IconPhone,
  IconUserEdit,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { agoInWords } from '../../ui/date-words';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';
import { ConflictVersions } from './conflict-versions';
import { DifferencesForm } from './differences-form';
import { DuplicateChoices } from './duplicate-choices';
import { FailedMessages } from './failed-messages';
import { settle } from './settle';
import { isTimed, SlotOffers, slotsFor, take } from './slot-offers';

/** A reason may end in an initial, which has its full stop. */
function sentence(words: string): string {
  return words.endsWith('.') ? words : `${words}.`;
}

const icons = {
  refused: IconCloudOff,
  failed: IconCloudOff,
  conflict: IconGitMerge,
  'google-moved': IconCalendarExclamation,
  'message-failed': IconMessageX,
  'patient-differs': IconUserEdit,
  restored: IconHistory,
  rebuilt: IconDatabaseImport,
} as const;

interface EntryCardProps {
  entry: AttentionEntry;
  isCurrent: boolean;
  minute: Instant;
  onCurrent: () => void;
  onMoreTimes: () => void;
  onOpenPatient: () => void;
}

export function EntryCard({
  entry,
  isCurrent,
  minute,
  onCurrent,
  onMoreTimes,
  onOpenPatient,
}: EntryCardProps) {
  const desk = useDesk();
  const facts = useFacts();
  const slots = useMemo(() => slotsFor(facts, entry, minute), [facts, entry, minute]);
  const Icon = icons[entry.kind];
  const timed = isTimed(entry);
  const verb = entry.act === 'appointment.reschedule' ? 'Move to' : 'Book';
  const first = slots[0];
  return (
    <article
      className={classes.card}
      data-entry={entry.id}
      data-current={isCurrent || undefined}
      aria-label={entry.title}
      onMouseDown={onCurrent}
      onFocus={onCurrent}
    >
      <span className={classes.icon} data-kind={entry.kind}>
        <Icon size={20} stroke={1.75} aria-hidden />
      </span>
      <div className={classes.words}>
        <div className={classes.head}>
          <h2>{entry.title}</h2>
          <time>{agoInWords((minute - entry.createdAt) / 60_000)}</time>
        </div>
        <p className={classes.about}>{entry.about}</p>
        {entry.reasons.length > 0 && (
          <p className={classes.why}>
            {entry.reasons.map(sentence).join(' ')}{' '}
            {entry.act === 'appointment.book'
              ? 'Nothing was sent to the patient.'
              : entry.act === 'appointment.reschedule'
                ? 'The visit stands where it was.'
                : ''}
          </p>
        )}
        {entry.itemId === null && entry.noticeId === null && (
          <p className={classes.why}>
            The server has not answered yet: its word counts, and settles this when you are back online.
          </p>
        )}
        {entry.conflicts.length > 0 && entry.itemId !== null && <ConflictVersions entry={entry} />}
        {entry.failures.length > 0 && <FailedMessages entry={entry} />}
        {entry.differences.length > 0 && entry.settled === null && (
          <DifferencesForm
            key={entry.differences.map((each) => each.field + each.proposed).join()}
            entry={entry}
          />
        )}
        {entry.duplicates.length > 0 && <DuplicateChoices entry={entry} />}
        {timed && slots.length > 0 && <SlotOffers entry={entry} slots={slots} now={minute} />}
        <div className={classes.buttons}>
          {timed && first && (
            <ActionButton tone="primary" size="small" keys="1" onClick={() => void take(desk, entry, first)}>
              {verb}{' '}
              {
                localTime(first.startsAt, facts.location(first.locationId)?.timeZone ?? facts.clinic.timeZone)
                  .time
              }
            </ActionButton>
          )}
          {timed && (
            <ActionButton size="small" keys="M" onClick={onMoreTimes}>
              More times
            </ActionButton>
          )}
          {entry.failures.length > 0 && entry.patientId !== null && (
            <ActionButton tone="primary" size="small" keys="O" onClick={onOpenPatient}>
              Correct the address
            </ActionButton>
          )}
          {entry.phone && (
            <span className={classes.phone}>
              <IconPhone size={14} stroke={1.75} aria-hidden /> {formatPhone(entry.phone)}
            </span>
          )}
          {(entry.itemId ?? entry.noticeId) !== null &&
            entry.conflicts.length === 0 &&
            entry.differences.length === 0 && (
              <ActionButton
                tone="quiet"
                size="small"
                keys="E"
                className={classes.drop}
                onClick={() => void settle(desk, entry, usualResolution(entry))}
              >
                {doneWords(entry)}
              </ActionButton>
            )}
        </div>
      </div>
    </article>
  );
}

/** What E means, where nothing else was chosen. */
export function usualResolution(entry: AttentionEntry): string {
  if (entry.differences.length > 0) return 'Kept the record as it was';
  if (entry.failures.length > 0) return 'Told the patient';
  return entry.act === 'appointment.book' ? 'Booking dropped' : 'Dropped';
}

function doneWords(entry: AttentionEntry): string {
  if (entry.failures.length > 0) return 'I told them';
  if (entry.noticeId !== null) return 'I have read this';
  return entry.act === 'appointment.book' ? 'Drop booking' : 'Done';
}
