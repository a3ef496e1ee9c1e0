import { z } from 'zod';
import { freeText, instantField, uuid } from '../../model/fields';
import { type Patient, patient } from '../../model/patient';
import { type ActContext, type Done, defineAct, type NotificationDraft, refused } from '../act';
import type { Change, Facts } from '../facts';
import { differencesItem } from '../patient/differences';
import { survivorOf } from '../patient/survivor';
import { forbidsVisitorsOnly } from '../permissions';
import { releaseAll } from '../slot/release-all';
import { decideBooking } from './booking';
import { firstMessage, messagesTo } from './messages';

/** What a visitor types about the patient. */
export const onlinePatient = patient.schema.pick({
  givenName: true,
  familyName: true,
  birthDate: true,
  phone: true,
  email: true,
  language: true,
  consentSms: true,
  consentEmail: true,
});

const args = z.object({
  appointmentId: uuid(),
  patientId: uuid(),
  doctorId: uuid(),
  locationId: uuid(),
  appointmentTypeId: uuid(),
  startsAt: instantField(),
  notes: freeText(4000),
  patient: onlinePatient,
});
type Args = z.infer<typeof args>;

/**
 * A visitor books on a public page, over the time that was kept for them. The patient is made with the visit; a record
 * that exists already under the id is used as it is, never changed by a form: what differs waits for the desk.
 */
export const bookOnline = defineAct({
  name: 'appointment.book-online',
  version: 1,
  args,
  forbids: (actor, _args, facts) => forbidsVisitorsOnly(actor, facts),
  needs: ({ appointmentId, patientId }) => ({
    appointment: [appointmentId],
    patient: [patientId],
    // What the form says otherwise is laid over what waits already.
    itemsOf: [patientId],
  }),
  decide: (facts, booking, context) => {
    // Of a record that was merged meanwhile, the other is asked about.
    const known = survivorOf(facts, booking.patientId);
    if (!known && !booking.patient.phone && !booking.patient.email) {
      return refused([
        {
          code: 'invalid',
          field: 'patient.email',
          message: 'Enter an e-mail address or a phone number, so that the clinic can reach you',
        },
      ]);
    }
    const before: Change[] = known
      ? differences(facts, known, booking, context)
      : [newPatient(booking, context)];
    const layer = facts.layer();
    for (const change of before) layer.apply(change);
    const decision = decideBooking(layer, booking, context);
    if (decision.kind === 'refused') return decision;
    // The visitor has what the hold was for: it goes in the same commit.
    return {
      ...decision,
      changes: [...before, ...releaseAll(facts, context.actor), ...decision.changes],
      notifications: known
        ? toTypedAddress(decision, known, booking.patient, context)
        : decision.notifications,
    };
  },
});

function differences(facts: Facts, known: Patient, { patient: typed }: Args, context: ActContext): Change[] {
  const item = differencesItem(facts, known, typed, 'booking', context);
  return item ? [item] : [];
}

/**
 * The answer to a form goes to the address in the form, whatever the record says: else its absence would tell who is a
 * patient here. Later messages go to the record's, which the desk may correct by the differences it is shown.
 */
function toTypedAddress(
  decision: Done,
  known: Patient,
  typed: Args['patient'],
  context: ActContext,
): NotificationDraft[] {
  if (typed.email === null || typed.email.toLowerCase() === known.email?.toLowerCase())
    return decision.notifications;
  const visits = decision.changes.flatMap((change) => (change.kind === 'appointment' ? [change.record] : []));
  return [
    ...decision.notifications.filter((draft) => draft.channel !== 'email'),
    ...visits.flatMap((visit) =>
      messagesTo({ ...known, email: typed.email, phone: null }, visit, firstMessage(visit.status), context, {
        email: typed.email,
      }),
    ),
  ];
}

function newPatient({ patientId, patient: typed }: Args, context: ActContext): Change {
  return {
    kind: 'patient',
    record: {
      ...typed,
      id: patientId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      notes: '',
      source: 'public',
      createdAt: context.now,
      mergedIntoId: null,
      apartFrom: [],
    },
  };
}
