/** What a shift would do, visit by visit, before it is done. */
import type { Decision, RefusalReason } from '@medic/shared/acts/act';
import type { Appointment } from '@medic/shared/model/appointment';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';

export interface ShiftRow {
  appointmentId: string;
  from: Instant;
  to: Instant;
  /** What stands in this visit's way there; empty when nothing does. */
  reasons: RefusalReason[];
}

export interface ShiftPreview {
  rows: ShiftRow[];
  /** What is not about one visit's time: a warning about a patient, a right that lacks. */
  others: RefusalReason[];
}

/** A refusal names a visit by the time it would have; each visit keeps its own reasons. */
export function shiftPreview(
  visits: readonly Pick<Appointment, 'id' | 'startsAt'>[],
  minutes: number,
  decision: Decision,
): ShiftPreview {
  const rows: ShiftRow[] = [...visits]
    .sort((a, b) => a.startsAt - b.startsAt)
    .map((visit) => ({
      appointmentId: visit.id,
      from: visit.startsAt,
      to: plusMinutes(visit.startsAt, minutes),
      reasons: [],
    }));
  const others: RefusalReason[] = [];
  for (const reason of decision.kind === 'refused' ? decision.reasons : []) {
    const row =
      reason.code === 'series' &&
      rows.find((each) => each.to === reason.startsAt && each.reasons.length === 0);
    if (row) row.reasons.push(reason);
    else others.push(reason);
  }
  return { rows, others };
}
