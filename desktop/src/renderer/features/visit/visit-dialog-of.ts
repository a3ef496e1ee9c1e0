/** The dialogs about one visit: which is open, and what it needs to know. */
import type { Override, RefusalReason } from '@medic/shared/acts/act';
import type { Slot } from '@medic/shared/availability/query';
import type { Instant } from '@medic/shared/time/instant';

/** Where a visit is to go; what is left out it keeps. */
export interface VisitPlace {
  doctorId: string;
  locationId: string;
  startsAt: Instant;
  appointmentTypeId?: string | null;
}

/** A refusal with what can be done about it; null where that is nothing. */
export interface ShownRefusal {
  /** `Polańska A. isn’t moved` */
  title: string;
  reasons: readonly RefusalReason[];
  alternatives: readonly Slot[];
  goAhead: (() => void) | null;
  take: ((slot: Slot) => void) | null;
  overbook: (() => void) | null;
}

export type VisitDialogOf =
  | { kind: 'cancel' | 'decline' | 'void' | 'revoke' | 'change'; appointmentId: string }
  | { kind: 'overbook'; appointmentId: string; where: VisitPlace }
  | {
      kind: 'series-move';
      appointmentId: string;
      where: VisitPlace;
      overrides: readonly Override[];
    }
  | { kind: 'refused'; refusal: ShownRefusal };
