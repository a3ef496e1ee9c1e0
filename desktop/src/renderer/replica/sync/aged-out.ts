/**
 * What a replica has outlived: rows that were in this person's scope because of a visit, or of their own making, that by
 * now is older than the server shows. Its `changes/scope.ts` says the same of what it sends; nobody tells a replica
 * that time has passed.
 */
import type { Facts } from '@medic/shared/acts/facts';
import type { Intent } from '@medic/shared/model/intent';
import type { CollectionName } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import { visitsSeenFrom } from '@medic/shared/sync/history-window';
import type { Instant } from '@medic/shared/time/instant';

export interface Outlived {
  facts: Facts;
  intents: Iterable<Intent>;
  user: User;
  deviceId: string;
  /** By the server's clock. */
  now: Instant;
  /** Of what pending intents lie over the facts. */
  laidOver: Iterable<string>;
  /** Everything that could bring a patient into this scope is here up to this position of the clinic's clock. */
  completeTo: number;
}

/** In the order in which they are to be removed: cut short, the next look finds the rest again. */
export const agingCollections = [
  'patients',
  'attentionItems',
  'appointments',
] as const satisfies CollectionName[];

export type AgedOut = Record<(typeof agingCollections)[number], string[]>;

export function agedOut({ facts, intents, user, deviceId, now, laidOver, completeTo }: Outlived): AgedOut {
  const from = visitsSeenFrom(now);
  const needed = new Set(laidOver);
  const everyDoctor = user.roles.includes('admin') || user.roles.includes('reception');
  const everyPlace = user.roles.includes('admin') || user.locationIds.length === 0;
  const own = [...intents];
  for (const intent of own) if (intent.status === 'pending') addTexts(intent.args, needed);
  for (const item of facts.all('attentionItem')) if (item.status === 'open') addTexts(item, needed);

  // Whoever brings a patient here stamps their record. One that was stamped later than what is complete here may have
  // been brought by a visit that is on its way: it would not come twice, so it stays until the next day.
  const isFresh = (patientId: string) =>
    !everyDoctor && (facts.get('patient', patientId)?.seq ?? 0) > completeTo;

  const gone = new Set<string>();
  const patients = new Set<string>();
  const series = new Set<string>();
  for (const visit of facts.all('appointment')) {
    if (visit.endsAt >= from || needed.has(visit.id) || isFresh(visit.patientId)) continue;
    if (visit.seriesId !== null && needed.has(visit.seriesId)) continue;
    gone.add(visit.id);
    patients.add(visit.patientId);
    if (visit.seriesId !== null) series.add(visit.seriesId);
  }
  const staying = new Set<string>();
  for (const visit of facts.all('appointment')) {
    if (gone.has(visit.id)) continue;
    staying.add(visit.patientId);
    if (visit.seriesId !== null) staying.add(visit.seriesId);
  }
  // A series before its visits: without them nobody would find it again.
  const appointments = [...[...series].filter((id) => !staying.has(id) && !needed.has(id)), ...gone];

  // Whoever sees every doctor sees every patient, and unless bound to some places every item.
  const attentionItems = everyDoctor && everyPlace ? [] : itemsOf(gone, facts, user, deviceId);
  if (everyDoctor) return { patients: [], attentionItems, appointments };

  for (const entry of facts.all('waitlistEntry'))
    if (entry.status === 'waiting' || entry.status === 'offered') staying.add(entry.patientId);
  const merged = new Set(patients);
  // Made at this desk, and perhaps without a visit: seen for as long, by when that was decided.
  for (const { act, status, args, decidedAt } of own) {
    if (act !== 'patient.create' || status !== 'done' || typeof args.patientId !== 'string') continue;
    if ((decidedAt ?? 0) >= from) staying.add(args.patientId);
    else if (!isFresh(args.patientId)) patients.add(args.patientId);
  }
  const isOver = (id: string) => !staying.has(id) && !needed.has(id);
  const merges = [...facts.all('patientMerge')].filter(
    ({ id, keptId, mergedId }) =>
      (merged.has(keptId) || merged.has(mergedId)) &&
      isOver(id) &&
      !visitOf(keptId, gone, facts) &&
      !visitOf(mergedId, gone, facts),
  );
  return {
    patients: [
      ...[...patients].filter((id) => facts.has('patient', id) && isOver(id)),
      ...merges.map(({ id }) => id),
    ],
    attentionItems,
    appointments,
  };
}

/** What a person has settled about these visits. What they asked for themselves stays theirs. */
function itemsOf(visits: ReadonlySet<string>, facts: Facts, user: User, deviceId: string): string[] {
  return [...facts.all('attentionItem')].flatMap((item) =>
    item.appointmentId !== null &&
    visits.has(item.appointmentId) &&
    !(item.deviceId === deviceId && item.userId === user.id)
      ? [item.id]
      : [],
  );
}

function visitOf(patientId: string, gone: ReadonlySet<string>, facts: Facts): boolean {
  return facts.visitsOfPatient(patientId).some(({ id }) => !gone.has(id));
}

/** Every text in it, ids among them, however deep: an act may name a record in any of its arguments. */
function addTexts(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') found.add(value);
  else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) addTexts(inner, found);
}
