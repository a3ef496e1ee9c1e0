/** The rows of an act: those that it reads besides the facts in memory, and those that it writes. */
import type { Act, ActContext, Done } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import type { AppointmentEvent } from '@medic/shared/model/appointment';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, syncedRecords } from '@medic/shared/model/records';
import { insertNotifications } from '../db/notifications';
import { touchPatients } from '../db/patients';
import { appendEvents, putChanges, readByIds } from '../db/records';
import type { Transaction } from '../db/transaction';

export async function loadNeeds(tx: Transaction, facts: Facts, act: Act, args: unknown): Promise<void> {
  for (const [kind, ids] of Object.entries(act.needs(args)) as [RecordKind, readonly string[]][]) {
    for (const record of await readByIds(tx, syncedRecords[kind] as RecordDefinition, ids))
      facts.put(kind, record as never);
  }
  // A visit that is touched brings its patient: who can be written to depends on consent.
  for (const id of act.needs(args).appointment ?? []) {
    const patientId = facts.get('appointment', id)?.patientId;
    if (patientId && !facts.has('patient', patientId)) {
      for (const record of await readByIds(tx, syncedRecords.patient as RecordDefinition, [patientId]))
        facts.put('patient', record as never);
    }
  }
}

export async function save(
  tx: Transaction,
  decision: Done,
  events: readonly AppointmentEvent[],
  context: ActContext,
): Promise<void> {
  // Events are added, never rewritten: a visit goes without those that it came with.
  await putChanges(
    tx,
    decision.changes.map((change) =>
      change.kind === 'appointment' ? { ...change, record: { ...change.record, events: [] } } : change,
    ),
  );
  await appendEvents(tx, events);
  // A visit may bring its patient into a doctor's scope: the patient's row is stamped too, or it would never arrive.
  const made = new Set(
    decision.changes.flatMap((change) => (change.kind === 'patient' ? [change.record.id] : [])),
  );
  const touched = decision.changes.flatMap((change) =>
    change.kind === 'appointment' && !made.has(change.record.patientId) ? [change.record.patientId] : [],
  );
  await touchPatients(tx, touched);
  await insertNotifications(
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
