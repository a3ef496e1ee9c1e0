import type { z } from 'zod';
import { uuid } from '../../model/fields';
import type { Patient } from '../../model/patient';
import { type WaitlistEntry, waitlistEntry } from '../../model/waitlist';
import { localDate } from '../../time/zone';
import { type ActContext, type Actor, type Decision, defineAct, done, type Refused, refused } from '../act';
import { onlinePatient } from '../appointment/book-online';
import { timeZoneAt } from '../appointment/placing';
import type { Change, Facts } from '../facts';
import { differencesItem } from '../patient/differences';
import { survivorOf } from '../patient/survivor';
import { forbidsStaffOnly, forbidsVisitorsOnly } from '../permissions';
import { isWaiting } from './standing';

/** What somebody waits for: none of the doctors, places, weekdays or parts of the day means any. */
export const waitlistWishes = waitlistEntry.schema.pick({
  appointmentTypeId: true,
  doctorIds: true,
  locationIds: true,
  weekdays: true,
  partsOfDay: true,
  earliestOn: true,
  latestOn: true,
  urgency: true,
  note: true,
});
export type WaitlistWishes = z.infer<typeof waitlistWishes>;

/** Staff, or the patient whose entry it is. */
export function forbidsEntry(actor: Actor, patientId: string | undefined): string | null {
  if (actor.kind === 'patient') {
    return actor.id !== null && actor.id === patientId
      ? null
      : 'Patients change their own waitlist entries only';
  }
  return forbidsStaffOnly(actor);
}

/** Puts a patient on the waitlist. One open entry for each kind of visit: a second wish belongs into the first. */
export const addToWaitlist = defineAct({
  name: 'waitlist.add',
  version: 1,
  args: waitlistWishes.extend({ entryId: uuid(), patientId: uuid() }),
  forbids: (actor, args) => forbidsEntry(actor, args.patientId),
  needs: (args) => ({
    waitlistEntry: [args.entryId],
    patient: [args.patientId],
    ofPatients: [args.patientId],
  }),
  decide: (facts, { entryId, patientId, ...wishes }, context) => {
    const patient = survivorOf(facts, patientId);
    if (!patient) return refused([{ code: 'unknown', what: 'patient', id: patientId }]);
    for (const other of facts.all('waitlistEntry')) {
      if (
        isWaiting(other) &&
        other.patientId === patient.id &&
        other.appointmentTypeId === wishes.appointmentTypeId
      )
        return refused([{ code: 'exists', what: 'waitlist entry', id: other.id }]);
    }
    return addEntry(facts, entryId, patient.id, wishes, context);
  },
});

/**
 * A visitor joins from a public page. The patient is made with the entry; a record that exists already under the id
 * is used as it is: what differs waits for the desk. Nothing in the answer tells whether somebody was known, so a second entry is not refused either.
 */
export const addToWaitlistOnline = defineAct({
  name: 'waitlist.add-online',
  version: 1,
  args: waitlistWishes.extend({ entryId: uuid(), patientId: uuid(), patient: onlinePatient }),
  forbids: (actor, _args, facts) => forbidsVisitorsOnly(actor, facts),
  needs: (args) => ({
    waitlistEntry: [args.entryId],
    patient: [args.patientId],
    itemsOf: [args.patientId],
  }),
  decide: (facts, { entryId, patientId, patient, ...wishes }, context) => {
    const known = survivorOf(facts, patientId);
    if (known) {
      const item = differencesItem(facts, known, patient, 'booking', context);
      return withBefore(item ? [item] : [], addEntry(facts, entryId, known.id, wishes, context));
    }
    if (!patient.phone && !patient.email) {
      return refused([
        {
          code: 'invalid',
          field: 'patient.email',
          message: 'Enter an e-mail address or a phone number, so that the clinic can reach you',
        },
      ]);
    }
    const record: Patient = {
      ...patient,
      id: patientId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      notes: '',
      source: 'public',
      createdAt: context.now,
      mergedIntoId: null,
      apartFrom: [],
    };
    return withBefore([{ kind: 'patient', record }], addEntry(facts, entryId, patientId, wishes, context));
  },
});

function withBefore(changes: Change[], decision: Decision): Decision {
  return decision.kind === 'refused' ? decision : { ...decision, changes: [...changes, ...decision.changes] };
}

function addEntry(
  facts: Facts,
  entryId: string,
  patientId: string,
  wishes: WaitlistWishes,
  context: ActContext,
): Decision {
  if (facts.get('waitlistEntry', entryId))
    return refused([{ code: 'exists', what: 'waitlist entry', id: entryId }]);
  const refusal = refuseWishes(facts, wishes, context);
  if (refusal) return refusal;
  const entry: WaitlistEntry = {
    ...wishes,
    id: entryId,
    clinicId: context.clinicId,
    seq: 0,
    deleted: false,
    patientId,
    status: 'waiting',
    closeReason: '',
    createdAt: context.madeAt,
    offers: [],
  };
  return done([{ kind: 'waitlistEntry', record: entry }]);
}

/** What is wrong with the wishes; null when nothing. Patients say themselves what is soon, not what is urgent. */
export function refuseWishes(facts: Facts, wishes: WaitlistWishes, context: ActContext): Refused | null {
  const type = facts.appointmentType(wishes.appointmentTypeId);
  if (!type) return refused([{ code: 'unknown', what: 'appointment type', id: wishes.appointmentTypeId }]);
  for (const id of wishes.doctorIds)
    if (!facts.doctor(id)) return refused([{ code: 'unknown', what: 'doctor', id }]);
  for (const id of wishes.locationIds)
    if (!facts.location(id)) return refused([{ code: 'unknown', what: 'location', id }]);
  const timeZone = timeZoneAt(facts, wishes.locationIds[0] ?? '');
  if (!type.active) {
    return refused([{ code: 'slot', reason: { code: 'inactive', what: 'appointment-type' }, timeZone }]);
  }
  if (context.actor.kind === 'patient') {
    if (type.bookableBy === 'desk')
      return refused([{ code: 'slot', reason: { code: 'desk-only' }, timeZone }]);
    if (wishes.urgency === 'urgent') return invalid('urgency', 'If it is urgent, call the clinic');
  }
  const { earliestOn, latestOn } = wishes;
  if (earliestOn !== null && latestOn !== null && latestOn < earliestOn)
    return invalid('latestOn', 'The last date is before the first');
  if (latestOn !== null && latestOn < localDate(context.madeAt, facts.clinic.timeZone))
    return invalid('latestOn', 'The last date has passed');
  return null;
}

function invalid(field: string, message: string): Refused {
  return refused([{ code: 'invalid', field, message }]);
}
