/** One message about all visits of a series that an act touched, where a single visit has one of its own. */
import type { Appointment } from '../../model/appointment';
import type { Patient } from '../../model/patient';
import type { ActContext, NotificationDraft } from '../act';
import { messagesTo } from '../appointment/messages';

export type SeriesChange = 'booked' | 'requested' | 'moved' | 'cancelled';

export function summaryTo(
  patient: Patient | undefined,
  seriesId: string,
  visits: readonly Appointment[],
  change: SeriesChange,
  context: ActContext,
): NotificationDraft[] {
  const [first] = visits;
  if (!first) return [];
  return messagesTo(patient, first, 'series-summary', context, {
    seriesId,
    change,
    appointmentIds: visits.map(({ id }) => id),
  });
}
