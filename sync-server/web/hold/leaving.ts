/** What is to be done when the visitor turns away from a booking; in the first script, which knows nothing of holds. */
let onLeave: (() => void) | null = null;

export function whenLeaving(act: () => void): void {
  onLeave = act;
}

export function leaveBooking(): void {
  onLeave?.();
  onLeave = null;
}
