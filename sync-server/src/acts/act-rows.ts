/** The rows of an act: those that it reads besides the facts in memory, and those that it writes. */
import type { ActContext, Done, Needs } from '@medic/shared/acts/act';
import type { Change, Facts } from '@medic/shared/acts/facts';
import { survivorOf } from '@medic/shared/acts/patient/survivor';
import type { AppointmentEvent } from '@medic/shared/model/appointment';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, syncedRecords } from '@medic/shared/model/records';
import { instant } from '@medic/shared/time/instant';
import { touchItemsOfVisits } from '../db/attention-items';
import { touchDayNotes } from '../db/day-notes';
import { readOwned } from '../db/facts';
import { insertNotifications } from '../db/notifications';
import { possibleDuplicates, touchPatients } from '../db/patients';
import { appendEvents, lastEvents, putChanges, readByIds } from '../db/records';
import { touchSeries } from '../db/series';
import type { Transaction } from '../db/transaction';

/** Longer chains of merged patients do not happen. */
const longestChain = 10;

/**
 * Reads what an act needs besides the facts in memory: by id, and what belongs to a patient or a series. All questions
 * go out at once.
 */
export async function readNeeds(
  tx: Transaction,
  needs: Needs,
  freshIds: readonly string[] = [],
): Promise<Change[]> {
  const { ofPatients = [], ofSeries = [], likePatients = [], itemsOf = [], ...byId } = needs;
  const old = (ids: readonly string[]) => ids.filter((id) => !freshIds.includes(id));
  const answers = await Promise.all([
    readOwned(tx, 'patient', ofPatients),
    readOwned(tx, 'series', ofSeries),
    readOwned(tx, 'items', old(itemsOf)),
    // By id come visits with their timeline, so they stand over the same ones from above.
    read(tx, 'appointmentSeries', ofSeries),
    ...(Object.entries(byId) as [RecordKind, readonly string[]][]).map(([kind, ids]) =>
      read(tx, kind, old(ids)),
    ),
    read(tx, 'patient', ofPatients),
    ...likePatients.map(async (who) =>
      (await possibleDuplicates(tx, who)).map((record): Change => ({ kind: 'patient', record })),
    ),
  ]);
  return answers.flat();
}

async function read(tx: Transaction, kind: RecordKind, ids: readonly string[]): Promise<Change[]> {
  const records = await readByIds(tx, syncedRecords[kind] as RecordDefinition, ids);
  return records.map((record) => ({ kind, record }) as unknown as Change);
}

/** What was asked for by id need not be asked for again: it is there, or there is no such patient. */
export async function loadPatientsConcerned(tx: Transaction, facts: Facts, needs: Needs): Promise<void> {
  const { ofPatients = [], ofSeries = [], likePatients: _, itemsOf = [], ...byId } = needs;
  const asked = new Set([...(byId.patient ?? []), ...ofPatients]);
  const merged = [...asked].flatMap((id) => facts.get('patient', id)?.mergedIntoId ?? []);
  const others = [...patientsOf(facts, byId, ofSeries)].filter((id) => !asked.has(id));
  await loadPatients(tx, facts, [...others, ...merged]);
  // What waits about a merged record waits about the other: a question is added to it there, not asked twice.
  const survivors = [...itemsOf, ...ofPatients].flatMap((id) => {
    const survivor = survivorOf(facts, id);
    return survivor && survivor.id !== id ? [survivor.id] : [];
  });
  for (const change of await readOwned(tx, 'items', survivors)) facts.apply(change);
}

/**
 * Who can be written to depends on consent: so a visit that is touched brings its patient, and so does an offer that
 * is open, for any act that takes time may withdraw it.
 */
function* patientsOf(facts: Facts, byId: Needs, ofSeries: readonly string[]): Generator<string> {
  for (const kind of ['appointment', 'appointmentSeries', 'waitlistEntry'] as const) {
    for (const id of byId[kind] ?? []) {
      const record = facts.get(kind, id);
      if (record) yield record.patientId;
    }
  }
  for (const id of ofSeries) for (const visit of facts.visitsOfSeries(id)) yield visit.patientId;
  for (const entry of facts.all('waitlistEntry')) if (entry.status === 'offered') yield entry.patientId;
}

/** With those that they were merged into. */
async function loadPatients(tx: Transaction, facts: Facts, ids: Iterable<string>): Promise<void> {
  let wanted = new Set(ids);
  for (let step = 0; step < longestChain && wanted.size > 0; step++) {
    const unknown = [...wanted].filter((id) => !facts.has('patient', id));
    for (const change of await read(tx, 'patient', unknown)) facts.apply(change);
    const next = [...wanted].flatMap((id) => facts.get('patient', id)?.mergedIntoId ?? []);
    wanted = new Set(next);
  }
}

/**
 * A timeline is read by its times, and processes have clocks of their own: what the other one wrote a moment ago may
 * be dated after now. An entry never comes to stand before those that were there first.
 */
async function inOrder(tx: Transaction, events: readonly AppointmentEvent[]): Promise<AppointmentEvent[]> {
  const later = events.filter((event) => event.fromStatus !== null);
  if (later.length === 0) return [...events];
  const last = await lastEvents(
    tx,
    later.map((event) => event.appointmentId),
  );
  return events.map((event) => {
    const before = last.get(event.appointmentId);
    const isLater =
      !before ||
      event.occurredAt > before.occurredAt ||
      (event.occurredAt === before.occurredAt && event.id > before.id);
    const placed = isLater ? event : { ...event, occurredAt: instant(before.occurredAt + 1) };
    last.set(event.appointmentId, placed);
    return placed;
  });
}

export async function save(
  tx: Transaction,
  decision: Done,
  events: readonly AppointmentEvent[],
  context: ActContext,
): Promise<void> {
  const timeline = await inOrder(tx, events);
  // First, so that all that the act itself writes follows each other and goes out as one statement.
  stampForScopes(tx, decision.changes, context);
  // Events are added, never rewritten: a visit goes without those that it came with.
  await putChanges(
    tx,
    decision.changes.map((change) =>
      change.kind === 'appointment' ? { ...change, record: { ...change.record, events: [] } } : change,
    ),
  );
  await appendEvents(tx, timeline);
  insertNotifications(
    tx,
    decision.notifications.map((draft) => ({
      ...draft,
      id: context.newId(),
      clinicId: context.clinicId,
      state: 'due',
      attempts: 0,
      providerId: null,
      detail: '',
      createdAt: context.now,
      sentAt: null,
    })),
  );
}

/**
 * A visit or a wish may bring its patient (and what was merged into it), its series or what waits for a person about it
 * into a doctor's scope, or out of it: their rows are stamped too, or they would never arrive, or never leave.
 */
function stampForScopes(tx: Transaction, changes: readonly Change[], context: ActContext): void {
  const patients = new Set<string>();
  const series = new Set<string>();
  const visits = new Set<string>();
  for (const { kind, record } of changes) {
    if (kind === 'appointment' || kind === 'waitlistEntry') patients.add(record.patientId);
    if (kind === 'appointment' && record.seriesId !== null) series.add(record.seriesId);
    // Nothing is told yet of a visit that is new.
    if (kind === 'appointment' && record.seq > 0) visits.add(record.id);
  }
  // What the act wrote itself is stamped already; a patient that it made was never merged.
  const written = new Set<string>();
  for (const { kind, record } of changes) {
    if (kind === 'patient') written.add(record.id);
    if (kind === 'patient' && record.seq === 0) patients.delete(record.id);
    if (kind === 'appointmentSeries') series.delete(record.id);
  }
  touchPatients(
    tx,
    [...patients].filter((id) => !written.has(id)),
    [...patients],
  );
  touchSeries(tx, [...series]);
  touchItemsOfVisits(tx, [...visits]);
  // A doctor sees the notes of the places they work at.
  if (changes.some(({ kind }) => kind === 'doctor')) touchDayNotes(tx, context.now);
}
