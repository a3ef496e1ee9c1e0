/** Every act by name. A name that is not here cannot be asked for, by anybody. */
import type { z } from 'zod';
import type { Act } from './act';
import { acceptAppointment } from './appointment/accept';
import { bookAppointment } from './appointment/book';
import { bookOnline } from './appointment/book-online';
import { cancelAppointment } from './appointment/cancel';
import { confirmAppointment } from './appointment/confirm';
import { declineAppointment } from './appointment/decline';
import { overbookAppointment } from './appointment/overbook';
import { proposeAppointment } from './appointment/propose';
import { rescheduleAppointment } from './appointment/reschedule';
import { revokeLink } from './appointment/revoke-link';
import { shiftAppointments } from './appointment/shift';
import {
  arriveAppointment,
  completeAppointment,
  noshowAppointment,
  startAppointment,
} from './appointment/status-acts';
import { swapAppointments } from './appointment/swap';
import { undoAppointment } from './appointment/undo';
import { undoTogether } from './appointment/undo-together';
import { voidAppointment } from './appointment/void';
import { settleAttention } from './attention/settle';
import { messageArrived } from './message/arrived';
import { messageFailed } from './message/failed';
import { createPatient } from './patient/create';
import { editPatient } from './patient/edit';
import { mergePatients } from './patient/merge';
import { proposeChanges } from './patient/propose-changes';
import { setConsent } from './patient/set-consent';
import { tellApart } from './patient/tell-apart';
import { unmergePatients } from './patient/unmerge';
import { bookSeries } from './series/book';
import { cancelSeries } from './series/cancel';
import { rejoinSeries } from './series/rejoin';
import { rescheduleSeries } from './series/reschedule';
import { extendHold } from './slot/extend';
import { holdSlot } from './slot/hold';
import { releaseSlot } from './slot/release';
import { blockTime } from './time/block';
import { unblockTime } from './time/unblock';
import { addToWaitlist, addToWaitlistOnline } from './waitlist/add';
import { acceptOffer, declineOffer } from './waitlist/answer';
import { closeWaitlistEntry } from './waitlist/close';
import { editWaitlistEntry } from './waitlist/edit';
import { offerToWaitlist } from './waitlist/offer';
import { reopenWaitlistEntry } from './waitlist/reopen';
import { withdrawOffer } from './waitlist/withdraw';

export const acts = {
  'slot.hold': holdSlot,
  'slot.extend': extendHold,
  'slot.release': releaseSlot,
  'appointment.book': bookAppointment,
  'appointment.book-online': bookOnline,
  'appointment.overbook': overbookAppointment,
  'appointment.propose': proposeAppointment,
  'appointment.accept': acceptAppointment,
  'appointment.decline': declineAppointment,
  'appointment.confirm': confirmAppointment,
  'appointment.reschedule': rescheduleAppointment,
  'appointment.swap': swapAppointments,
  'appointment.shift': shiftAppointments,
  'appointment.cancel': cancelAppointment,
  'appointment.void': voidAppointment,
  'appointment.arrive': arriveAppointment,
  'appointment.start': startAppointment,
  'appointment.complete': completeAppointment,
  'appointment.noshow': noshowAppointment,
  'appointment.undo': undoAppointment,
  'appointment.undo-together': undoTogether,
  'appointment.revoke-link': revokeLink,
  'series.book': bookSeries,
  'series.reschedule': rescheduleSeries,
  'series.cancel': cancelSeries,
  'series.rejoin': rejoinSeries,
  'waitlist.add': addToWaitlist,
  'waitlist.add-online': addToWaitlistOnline,
  'waitlist.edit': editWaitlistEntry,
  'waitlist.close': closeWaitlistEntry,
  'waitlist.offer': offerToWaitlist,
  'waitlist.accept': acceptOffer,
  'waitlist.decline': declineOffer,
  'waitlist.withdraw': withdrawOffer,
  'waitlist.reopen': reopenWaitlistEntry,
  'time.block': blockTime,
  'time.unblock': unblockTime,
  'patient.create': createPatient,
  'patient.edit': editPatient,
  'patient.merge': mergePatients,
  'patient.unmerge': unmergePatients,
  'patient.tell-apart': tellApart,
  'patient.propose-changes': proposeChanges,
  'patient.set-consent': setConsent,
  'message.failed': messageFailed,
  'message.arrived': messageArrived,
  'attention.settle': settleAttention,
} as const;

export type ActName = keyof typeof acts;
/** As they are given: what has a default may be left out. */
export type ActArgs<N extends ActName> = z.input<(typeof acts)[N]['args']>;

export function actNamed(name: string): Act | undefined {
  return Object.hasOwn(acts, name) ? (acts[name as ActName] as unknown as Act) : undefined;
}
