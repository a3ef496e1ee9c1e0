/** The clinic that the runs are played in, as plain numbers: two places, two doctors, three rooms, five kinds of visit. */

export interface Kind {
  minutes: number;
  step: number;
  before: number;
  after: number;
  notice: number;
  capacity: number;
  needsRoom: boolean;
  needsAccepting: boolean;
  deskOnly: boolean;
  /** Indexes of places. */
  at: readonly number[];
}

const usual: Kind = {
  minutes: 30,
  step: 15,
  before: 0,
  after: 0,
  notice: 0,
  capacity: 1,
  needsRoom: false,
  needsAccepting: false,
  deskOnly: false,
  at: [0, 1],
};

export const kinds: readonly Kind[] = [
  { ...usual, after: 5, notice: 60 },
  { ...usual, minutes: 60, step: 30, capacity: 3 },
  { ...usual, step: 30, before: 5, needsRoom: true },
  { ...usual, minutes: 20, step: 10, needsAccepting: true, at: [0] },
  { ...usual, needsRoom: true, deskOnly: true },
];

/** The second place is an hour ahead of the first, whose clock is the clinic's. */
export const places: readonly { ahead: number }[] = [{ ahead: 0 }, { ahead: 60 }];

/** In the order in which they are tried. Equipment serves no kind here, but may be asked for by name. */
export const rooms: readonly { place: number; isEquipment: boolean }[] = [
  { place: 0, isEquipment: false },
  { place: 0, isEquipment: false },
  { place: 1, isEquipment: false },
  { place: 0, isEquipment: true },
];

export interface Hours {
  /** Minutes by the place's clock, every day of the week. */
  opens: number;
  closes: number;
  pause: readonly [number, number] | null;
  /** Index of the room that the plan names. */
  room: number | null;
}

export const doctors: readonly { needsAccepting: boolean; at: readonly Hours[] }[] = [
  {
    needsAccepting: false,
    at: [
      { opens: 8 * 60, closes: 12 * 60, pause: [10 * 60, 10 * 60 + 30], room: null },
      { opens: 14 * 60, closes: 16 * 60, pause: null, room: null },
    ],
  },
  {
    needsAccepting: true,
    at: [
      { opens: 8 * 60, closes: 12 * 60, pause: null, room: 1 },
      { opens: 14 * 60, closes: 16 * 60, pause: null, room: 2 },
    ],
  },
];

export const cancelWindow = 120;
export const holdMinutes = 10;
/** What staff did is told after so long. */
export const graceMinutes = 3;
export const day = 1440;

/** The day that a place's clock shows, counted from the Monday. */
export function dayAt(place: number, minute: number): number {
  return Math.floor((minute + aheadOf(place)) / day);
}

export function aheadOf(place: number): number {
  return places[place]?.ahead ?? 0;
}
