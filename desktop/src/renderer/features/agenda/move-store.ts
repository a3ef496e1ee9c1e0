/**
 * The move in progress, outside React's tree: a pointer moves sixty times a second, and only the layer that draws
 * the move reads this.
 */
import type { Slot } from '@medic/shared/availability/query';
import type { Reason } from '@medic/shared/availability/reason';
import { useSyncExternalStore } from 'react';
import type { VisitView } from './visit-view';

export interface MoveTarget {
  /** Which column, counted from the left. */
  index: number;
  /** Minute of the axis at which the visit would start. */
  minute: number;
}

/** How a refused time can be taken all the same. */
export interface WayOut {
  /** Visitors' holds alone are in the way: staff go over them. */
  overHolds: boolean;
  /** By somebody with the right, for a reason. */
  overbook: boolean;
}

export const noWayOut: WayOut = { overHolds: false, overbook: false };

export interface Move {
  view: VisitView;
  originIndex: number;
  how: 'pointer' | 'keyboard';
  /** Where the card's top left corner is, in the window; null for a move by keyboard. */
  corner: { x: number; y: number } | null;
  cardWidth: number;
  target: MoveTarget | null;
  /** Every rule against the target; empty when it fits. */
  reasons: readonly Reason[];
  alternatives: readonly Slot[];
  wayOut: WayOut;
  /** Let go on a refused spot: waits for 1–3 or Esc. */
  held: boolean;
  /** Starts that fit, by column key. */
  fits: ReadonlyMap<string, readonly Slot[]>;
  /** Columns that cannot take the type, and why. */
  refusing: ReadonlyMap<string, string>;
}

export class MoveStore {
  #move: Move | null = null;
  readonly #listeners = new Set<() => void>();

  get = (): Move | null => this.#move;

  set(move: Move | null): void {
    this.#move = move;
    for (const listener of this.#listeners) listener();
  }

  update(changes: Partial<Move>): void {
    if (this.#move) this.set({ ...this.#move, ...changes });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export function useMove(store: MoveStore): Move | null {
  return useSyncExternalStore(store.subscribe, store.get);
}
