/** Every act by name. A name that is not here cannot be asked for, by anybody. */
import type { z } from 'zod';
import type { Act } from './act';
import { bookAppointment, bookOnline } from './appointment/book';
import { cancelAppointment } from './appointment/cancel';
import { rescheduleAppointment } from './appointment/reschedule';
import {
  arriveAppointment,
  completeAppointment,
  noshowAppointment,
  startAppointment,
  undoStatus,
} from './appointment/status-acts';
import { settleAttention } from './attention/settle';
import { createPatient } from './patient/create';
import { editPatient } from './patient/edit';
import { blockTime } from './time/block';
import { unblockTime } from './time/unblock';

export const acts = {
  'appointment.book': bookAppointment,
  'appointment.book-online': bookOnline,
  'appointment.reschedule': rescheduleAppointment,
  'appointment.cancel': cancelAppointment,
  'appointment.arrive': arriveAppointment,
  'appointment.start': startAppointment,
  'appointment.complete': completeAppointment,
  'appointment.noshow': noshowAppointment,
  'appointment.undo': undoStatus,
  'time.block': blockTime,
  'time.unblock': unblockTime,
  'patient.create': createPatient,
  'patient.edit': editPatient,
  'attention.settle': settleAttention,
} as const;

export type ActName = keyof typeof acts;
export type ActArgs<N extends ActName> = z.infer<(typeof acts)[N]['args']>;

export function actNamed(name: string): Act | undefined {
  return Object.hasOwn(acts, name) ? (acts[name as ActName] as unknown as Act) : undefined;
}
