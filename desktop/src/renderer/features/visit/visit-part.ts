import type { VisitActs } from './visit-acts';
import type { VisitDialogOf } from './visit-dialog-of';

/** What every part of the inspector can do. */
export interface VisitPartProps {
  actions: VisitActs;
  onDialog: (of: VisitDialogOf) => void;
  onOpenPatient: (patientId: string) => void;
}
