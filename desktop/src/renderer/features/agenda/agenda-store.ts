/** What this person looks at in the agenda: view state only, kept while the app runs. */
import { create } from 'zustand';
import type { Cell } from './spot';

interface AgendaState {
  /** Columns that were taken out of sight, by key. */
  hidden: ReadonlySet<string>;
  hideFinished: boolean;
  /** Key of the selected card: a visit's id, or a group's key. */
  selectedKey: string | null;
  /** Keys of the cards that are chosen together, of one column and in order of time; none while only one is. */
  marked: readonly string[];
  cell: Cell;
  toggleColumns: (keys: readonly string[], shown: boolean) => void;
  setHideFinished: (hide: boolean) => void;
  select: (key: string | null) => void;
  mark: (keys: readonly string[]) => void;
  setCell: (cell: Cell) => void;
}

export const useAgendaStore = create<AgendaState>()((set) => ({
  hidden: new Set(),
  hideFinished: false,
  selectedKey: null,
  marked: [],
  cell: { index: 0, minute: 540 },
  toggleColumns: (keys, shown) =>
    set((state) => {
      const hidden = new Set(state.hidden);
      for (const key of keys) {
        if (shown) hidden.delete(key);
        else hidden.add(key);
      }
      return { hidden };
    }),
  setHideFinished: (hideFinished) => set({ hideFinished }),
  select: (selectedKey) => set({ selectedKey, marked: [] }),
  mark: (marked) => set({ marked }),
  setCell: (cell) => set({ cell }),
}));
