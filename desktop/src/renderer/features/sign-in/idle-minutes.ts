/** How long this computer waits before it locks: chosen in the menu of the person, kept on the computer. */
import { create } from 'zustand';
import type { Secrets } from '../../platform/platform';

const keptUnder = 'idle-minutes';
export const idleChoices = [5, 10, 30] as const;
export type IdleMinutes = (typeof idleChoices)[number];
const standard: IdleMinutes = 10;

interface IdleState {
  /** Null until it is read. */
  minutes: IdleMinutes | null;
  read: (secrets: Secrets) => Promise<void>;
  choose: (secrets: Secrets, minutes: IdleMinutes) => Promise<void>;
}

export const useIdleMinutes = create<IdleState>()((set) => ({
  minutes: null,
  read: async (secrets) => {
    const kept = Number(await secrets.get(keptUnder));
    set({ minutes: idleChoices.find((choice) => choice === kept) ?? standard });
  },
  choose: async (secrets, minutes) => {
    set({ minutes });
    await secrets.set(keptUnder, String(minutes));
  },
}));
