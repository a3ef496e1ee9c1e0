import { defineAct } from '../act';
import { forbidsAgenda } from '../permissions';
import { bookingArgs, decideBooking } from './booking';

/** Staff suggest a time to a patient. It is free now but is not kept: the patient accepts it while it is. */
export const proposeAppointment = defineAct({
  name: 'appointment.propose',
  version: 1,
  args: bookingArgs.omit({ request: true, seriesId: true }),
  forbids: (actor, args) => forbidsAgenda(actor, args.doctorId),
  needs: (args) => ({ appointment: [args.appointmentId], patient: [args.patientId] }),
  decide: (facts, args, context) => decideBooking(facts, args, context, { proposed: true }),
});
