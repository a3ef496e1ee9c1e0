/** What only this desk knows of and a person has to read, as an entry among the others. */
import type { Facts } from '@medic/shared/acts/facts';
import { actNamed } from '@medic/shared/acts/registry';
import type { DeskNotice } from '../../replica/desk';
import { type AttentionEntry, entryOfFailed } from './attention-words';

export function entryOfNotice(notice: DeskNotice, facts: Facts): AttentionEntry {
  switch (notice.kind) {
    case 'failed':
      return {
        ...entryOfFailed(notice.intent, facts),
        noticeId: notice.id,
        reasons: [failedWords(notice.intent), 'Look at what it was, and do it again if it is still wanted'],
      };
    case 'restored':
      return plain(notice, 'restored', 'The server was restored from a backup', restoredWords(notice));
    case 'rebuilt':
      return plain(notice, 'rebuilt', rebuiltTitle(notice), rebuiltWords(notice));
  }
}

function failedWords(intent: { act: string; outcome: Record<string, unknown> }): string {
  if (!actNamed(intent.act)) return 'This version of Medic does not know that change';
  const { message } = intent.outcome;
  return typeof message === 'string' ? message : 'The server could not read it';
}

function restoredWords({ again, refused, known }: DeskNotice & { kind: 'restored' }): string[] {
  if (again === 0)
    return [
      known === 0
        ? 'Nothing of this desk’s work was newer than the backup'
        : `It still had all ${changes(known)} that this desk made since the backup`,
    ];
  return [
    `It had lost ${changes(again)} of this desk, and was sent ${again === 1 ? 'it' : 'them'} again`,
    refused === 0
      ? 'All are in place'
      : `${refused} of them ${refused === 1 ? 'is' : 'are'} not possible any more: ${refused === 1 ? 'it waits' : 'they wait'} here as items of their own`,
    'What was done on other desks since the backup comes back when they connect; what was booked online does not. Compare with your e-mail',
  ];
}

function rebuiltTitle({ fromJournal, lost }: DeskNotice & { kind: 'rebuilt' }): string {
  if (lost > 0) return 'This computer lost changes that were not sent';
  return fromJournal > 0
    ? 'Your changes came back from the journal'
    : 'A part of this computer’s copy is damaged';
}

function rebuiltWords({
  fromJournal,
  damaged,
  unreadable,
  lost,
}: DeskNotice & { kind: 'rebuilt' }): string[] {
  const told: string[] = [];
  if (lost > 0)
    told.push(
      `The browser has deleted what was saved here, and ${changes(lost)} that waited to be sent ${lost === 1 ? 'is' : 'are'} gone with it. Look whether what you did last is there, and do again what is not`,
    );
  if (fromJournal > 0)
    told.push(
      `The browser’s storage was gone or incomplete. ${changes(fromJournal)} ${fromJournal === 1 ? 'was' : 'were'} found in the journal; look whether something is missing`,
    );
  if (damaged > 0)
    told.push(
      `The journal was damaged in ${damaged} place${damaged === 1 ? '' : 's'}: what stood there could not be read. Have this computer’s disk looked at`,
    );
  if (unreadable > 0)
    told.push(
      `${changes(unreadable)} kept here ${unreadable === 1 ? 'does' : 'do'} not open with this desk’s key, and stay as they are`,
    );
  return told;
}

function changes(count: number): string {
  return `${count} change${count === 1 ? '' : 's'}`;
}

function plain(
  notice: DeskNotice,
  kind: 'restored' | 'rebuilt',
  title: string,
  reasons: string[],
): AttentionEntry {
  return {
    id: notice.id,
    itemId: null,
    noticeId: notice.id,
    kind,
    act: '',
    args: {},
    title,
    about: '',
    reasons,
    alternatives: [],
    patientId: null,
    appointmentTypeId: null,
    phone: null,
    conflicts: [],
    differences: [],
    duplicates: [],
    failures: [],
    createdAt: notice.at,
    settled: null,
  };
}
