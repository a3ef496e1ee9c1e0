import type { Appointment, AppointmentStatus } from '../../model/appointment';
import type { ActContext } from '../act';
import type { Placed } from './placed';

/** The record of a visit as it is made. */
export function newVisit(
  args: Pick<Appointment, 'appointmentTypeId' | 'patientId' | 'notes'> & {
    appointmentId: string;
    seriesId?: string | null;
  },
  { slot, overbooked, roomOverbooked, overbookReason }: Placed,
  status: AppointmentStatus,
  context: ActContext,
): Appointment {
  return {
    id: args.appointmentId,
    clinicId: context.clinicId,
    seq: 0,
    deleted: false,
    doctorId: slot.doctorId,
    locationId: slot.locationId,
    roomId: slot.roomId,
    appointmentTypeId: args.appointmentTypeId,
    patientId: args.patientId,
    seriesId: args.seriesId ?? null,
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    reservedFrom: slot.reservedFrom,
    reservedUntil: slot.reservedUntil,
    status,
    statusChangedAt: context.madeAt,
    seat: slot.seat,
    capacity: slot.capacity,
    overbooked,
    roomOverbooked,
    overbookReason,
    sequence: 0,
    source: context.actor.kind === 'patient' ? 'public' : context.actor.kind === 'google' ? 'google' : 'desk',
    notes: args.notes,
    cancelReason: '',
    confirmedAt: null,
    linkVersion: 0,
    createdAt: context.now,
    events: [],
  };
}
