/** Choosing several visits of one column, with the keys and clicks that lists have. */
import type { AgendaColumn } from './day-model';
import type { VisitView } from './visit-view';

type Column = Pick<AgendaColumn, 'visits'>;

/** Several are shifted or swapped: only what may still be moved can be among them. */
export function isChoosable(view: Pick<VisitView, 'seats' | 'state'>): boolean {
  return view.seats === null && (view.state === 'booked' || view.state === 'pending');
}

/** All from the one to the other, in either order; just the second where the first stands elsewhere. */
export function rangeOf(column: Column, fromKey: string | null, toKey: string): string[] {
  const at = (key: string | null) => column.visits.findIndex((view) => view.key === key);
  const to = at(toKey);
  if (to === -1) return [];
  const from = at(fromKey) === -1 ? to : at(fromKey);
  return column.visits
    .slice(Math.min(from, to), Math.max(from, to) + 1)
    .filter(isChoosable)
    .map((view) => view.key);
}

/** With one more, or one less; in order of time. What stands in another column is let go. */
export function toggled(column: Column, keys: readonly string[], key: string): string[] {
  return column.visits
    .filter((view) => isChoosable(view) && keys.includes(view.key) !== (view.key === key))
    .map((view) => view.key);
}

/** The next that can be chosen above or below a visit. */
export function beside(column: Column, key: string, step: 1 | -1): VisitView | undefined {
  const at = column.visits.findIndex((view) => view.key === key);
  if (at === -1) return undefined;
  const after = step === 1 ? column.visits.slice(at + 1) : column.visits.slice(0, at).reverse();
  return after.find(isChoosable);
}
