import type { Appointment, AppointmentStatus } from '../../model/appointment';
import type { Notification } from '../../model/notification';
import type { Patient } from '../../model/patient';
import { plusMinutes } from '../../time/instant';
import type { ActContext, NotificationDraft } from '../act';

/** What staff changed waits, so that an undo sends nothing; what a patient did is answered at once. */
export const staffGraceMinutes = 3;

/** What a patient hears of a visit that they have not heard of before, or not as it stands now. */
export function firstMessage(status: AppointmentStatus): Notification['kind'] {
  if (status === 'pending') return 'requested';
  return status === 'proposed' ? 'proposed' : 'confirmed';
}

/** One message per channel that the patient agreed to and can be reached by; about a visit, or about none. */
export function messagesTo(
  patient: Patient | undefined,
  visit: Pick<Appointment, 'sequence'> & { id: string | null },
  kind: Notification['kind'],
  context: ActContext,
  payload: NotificationDraft['payload'] = {},
): NotificationDraft[] {
  if (!patient) return [];
  const dueAt = context.actor.kind === 'patient' ? context.now : plusMinutes(context.now, staffGraceMinutes);
  const draft = (channel: Notification['channel']): NotificationDraft => ({
    appointmentId: visit.id,
    patientId: patient.id,
    userId: null,
    kind,
    offsetMinutes: 0,
    channel,
    sequence: visit.sequence,
    dueAt,
    payload,
  });
  const drafts: NotificationDraft[] = [];
  if (patient.email && (patient.consentEmail || context.actor.kind === 'patient'))
    drafts.push(draft('email'));
  if (patient.phone && patient.consentSms) drafts.push(draft('sms'));
  return drafts;
}
