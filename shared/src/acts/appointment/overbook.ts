import { boolean, text } from '../../model/fields';
import { defineAct } from '../act';
import { forbidsAgenda } from '../permissions';
import { bookingArgs, decideBooking } from './booking';
import { forbidsOverbooking } from './over-visits';

/**
 * Books over what forbids it: other visits, buffers, holds, hours, a block, time off. Where nothing does, it is a visit
 * like any other. It keeps its time from others as they do: a normal visit over it is refused.
 */
export const overbookAppointment = defineAct({
  name: 'appointment.overbook',
  version: 1,
  args: bookingArgs.omit({ seriesId: true }).extend({ reason: text(500), room: boolean().default(false) }),
  forbids: (actor, args) => forbidsAgenda(actor, args.doctorId) ?? forbidsOverbooking(actor),
  needs: (args) => ({ appointment: [args.appointmentId], patient: [args.patientId] }),
  decide: (facts, { reason, room, ...booking }, context) =>
    decideBooking(facts, booking, context, { overbook: { reason, room } }),
});
