import type { SavedBounds } from './settings';

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const firstSize = { width: 1440, height: 900 };
export const smallestSize = { width: 900, height: 600 };
/** As much of the window as a person needs to get hold of it. */
const graspable = 80;

/**
 * Where the window opens: where it was, unless no screen shows that place any more (a laptop taken off its dock),
 * and never larger than the screen.
 */
export function fitBounds(
  saved: SavedBounds | undefined,
  screens: readonly Area[],
): Partial<Area> & { width: number; height: number } {
  if (!saved) return firstSize;
  const screen = screens.find((area) => overlap(saved, area) >= graspable);
  const widest = screen ?? screens[0];
  const width = Math.max(smallestSize.width, Math.min(saved.width, widest?.width ?? saved.width));
  const height = Math.max(smallestSize.height, Math.min(saved.height, widest?.height ?? saved.height));
  return screen ? { x: saved.x, y: Math.max(saved.y, screen.y), width, height } : { width, height };
}

/** The smaller side of what two areas share. */
function overlap(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.min(width, height);
}
