/** What the replica's collections are called on screen. */
import type { CollectionName } from '@medic/shared/model/records';
import type { SyncStatus } from '../../replica/desk';

export const collectionWords: Readonly<Record<CollectionName, string>> = {
  directory: 'Clinic, doctors, places',
  scheduleTemplates: 'Weekly hours',
  availabilityExceptions: 'Exceptions and blocks',
  timeOffRequests: 'Time off',
  patients: 'Patients',
  appointments: 'Visits',
  busyTimes: 'Busy times',
  waitlistEntries: 'Waitlist',
  attentionItems: 'Needs attention',
  dayNotes: 'Day notes',
  intents: 'Changes of this desk',
};

/** What somebody would look for in vain, the worst first. */
const told: readonly CollectionName[] = [
  'appointments',
  'patients',
  'scheduleTemplates',
  'availabilityExceptions',
  'timeOffRequests',
  'busyTimes',
  'waitlistEntries',
  'attentionItems',
  'dayNotes',
];

/**
 * That the first pull was cut short, and what is not to be trusted until it goes on; null while it runs, which is a
 * matter of seconds, and once all is here.
 */
export function notAllHere({
  online,
  missing,
  phase,
}: Pick<SyncStatus, 'online' | 'missing' | 'phase'>): string | null {
  if (online || phase === 'ready') return null;
  const names = told
    .filter((name) => missing.includes(name))
    .map((name) => collectionWords[name].toLowerCase());
  if (names.length === 0) return null;
  const last = names.length > 1 ? ` and ${names.at(-1)}` : '';
  const list = (names.length > 1 ? names.slice(0, -1) : names).join(', ') + last;
  return `Not everything has arrived yet: ${list} may be incomplete. The rest comes as soon as the server answers.`;
}
