import type { AgendaColumn as Column } from './day-model';

/** A place in the grid: a column and minutes after midnight. */
export interface Cell {
  index: number;
  minute: number;
}

/** A free place that somebody points at, in the window's coordinates for what opens beside it. */
export interface Spot {
  column: Column;
  from: number;
  /** Later than `from` when a range was drawn. */
  until: number;
  rect: DOMRect;
}
