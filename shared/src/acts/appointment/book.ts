import { z } from 'zod';
import type { Appointment } from '../../model/appointment';
import { freeText, instantField, uuid } from '../../model/fields';
import { patient as patientRecord } from '../../model/patient';
import { type ActContext, type Decision, defineAct, done, refused } from '../act';
import type { Facts } from '../facts';
import { forbidsAgenda } from '../permissions';
import { messagesTo } from './messages';
import { missingOf, place } from './placing';

const bookArgs = z.object({
  appointmentId: uuid(),
  patientId: uuid(),
  doctorId: uuid(),
  locationId: uuid(),
  appointmentTypeId: uuid(),
  startsAt: instantField(),
  notes: freeText(4000),
});
type BookArgs = z.infer<typeof bookArgs>;

/** Staff book a visit for a patient they know. */
export const bookAppointment = defineAct({
  name: 'appointment.book',
  version: 1,
  args: bookArgs,
  forbids: (actor, args) => forbidsAgenda(actor, args.doctorId),
  needs: (args) => ({ appointment: [args.appointmentId], patient: [args.patientId] }),
  decide: (facts, args, context) => {
    if (!facts.has('patient', args.patientId))
      return refused([{ code: 'unknown', what: 'patient', id: args.patientId }]);
    return decideBooking(facts, args, context);
  },
});

/** What a visitor types about the patient. */
export const onlinePatient = patientRecord.schema.pick({
  givenName: true,
  familyName: true,
  birthDate: true,
  phone: true,
  email: true,
  language: true,
  consentSms: true,
  consentEmail: true,
});

/**
 * A visitor books on a public page. The patient is made with the visit; a record that exists already under the id is
 * used as it is, never changed by a form.
 */
export const bookOnline = defineAct({
  name: 'appointment.book-online',
  version: 1,
  args: bookArgs.extend({ patient: onlinePatient }),
  forbids: (actor) => (actor.kind === 'patient' ? null : 'This is for the public page'),
  needs: (args) => ({ appointment: [args.appointmentId], patient: [args.patientId] }),
  decide: (facts, args, context) => {
    if (facts.has('patient', args.patientId)) return decideBooking(facts, args, context);
    if (!args.patient.phone && !args.patient.email) {
      return refused([
        {
          code: 'invalid',
          field: 'patient.email',
          message: 'Enter an e-mail address or a phone number, so that the clinic can reach you',
        },
      ]);
    }
    const withPatient = facts.layer();
    const record = {
      ...args.patient,
      id: args.patientId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      notes: '',
      source: 'public' as const,
      createdAt: context.now,
      mergedIntoId: null,
    };
    withPatient.put('patient', record);
    const decision = decideBooking(withPatient, args, context);
    return decision.kind === 'refused'
      ? decision
      : { ...decision, changes: [{ kind: 'patient', record }, ...decision.changes] };
  },
});

function decideBooking(facts: Facts, args: BookArgs, context: ActContext): Decision {
  if (facts.get('appointment', args.appointmentId))
    return refused([{ code: 'exists', what: 'visit', id: args.appointmentId }]);
  const missing = missingOf(facts, args);
  if (missing) return missing;
  const placed = place(facts, args, context);
  if ('refusal' in placed) return placed.refusal;
  const online = context.actor.kind === 'patient';
  const asks =
    online &&
    (facts.appointmentType(args.appointmentTypeId)?.needsAccepting ||
      facts.doctor(args.doctorId)?.needsAccepting);
  const visit: Appointment = {
    id: args.appointmentId,
    clinicId: context.clinicId,
    seq: 0,
    deleted: false,
    doctorId: args.doctorId,
    locationId: args.locationId,
    roomId: placed.slot.roomId,
    appointmentTypeId: args.appointmentTypeId,
    patientId: args.patientId,
    seriesId: null,
    startsAt: placed.slot.startsAt,
    endsAt: placed.slot.endsAt,
    reservedFrom: placed.slot.reservedFrom,
    reservedUntil: placed.slot.reservedUntil,
    status: asks ? 'pending' : 'booked',
    statusChangedAt: context.now,
    seat: placed.slot.seat,
    capacity: placed.slot.capacity,
    overbooked: false,
    roomOverbooked: false,
    overbookReason: '',
    sequence: 0,
    source: online ? 'public' : 'desk',
    notes: args.notes,
    cancelReason: '',
    createdAt: context.now,
    events: [],
  };
  return done(
    [{ kind: 'appointment', record: visit }],
    [{ appointmentId: visit.id, fromStatus: null, toStatus: visit.status, changed: {}, reason: '' }],
    messagesTo(facts.get('patient', args.patientId), visit, asks ? 'requested' : 'confirmed', context),
  );
}
