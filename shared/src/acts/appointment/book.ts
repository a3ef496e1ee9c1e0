import { defineAct, refused } from '../act';
import { forbidsAgenda } from '../permissions';
import { bookingArgs, decideBooking } from './booking';

/** Staff book a visit for a patient they know, or note it as a request that the doctor answers. */
export const bookAppointment = defineAct({
  name: 'appointment.book',
  version: 2,
  args: bookingArgs,
  forbids: (actor, args) => forbidsAgenda(actor, args.doctorId),
  needs: (args) => ({
    appointment: [args.appointmentId],
    patient: [args.patientId],
    appointmentSeries: args.seriesId ? [args.seriesId] : [],
  }),
  decide: (facts, args, context) =>
    args.seriesId && !facts.has('appointmentSeries', args.seriesId)
      ? refused([{ code: 'unknown', what: 'series', id: args.seriesId }])
      : decideBooking(facts, args, context),
});
