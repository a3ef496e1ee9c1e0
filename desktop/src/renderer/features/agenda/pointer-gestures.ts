/** What the pointer does on the grid, without what it means: waiting for a drag, a tap, a range drawn on free time. */
import type { Slot } from '@medic/shared/availability/query';
import { type AgendaColumn, type AgendaDay, axisMinute } from './day-model';
import type { MoveTarget } from './move-store';
import type { Spot } from './spot';

export const dragThresholdPx = 5;
const longPressMs = 400;
export const snapMinutes = 5;
const rangeMinutes = 15;

/** What a gesture reads of the grid, as it is at the moment. */
export interface GestureGround {
  day: AgendaDay;
  pxPerMinute: number;
  area: { readonly current: HTMLDivElement | null };
  onSpot: (spot: Spot) => void;
}

export interface PointerDown {
  x: number;
  y: number;
  pointerId: number;
}

/** Calls `start` once the pointer has really moved, or has rested on a touch screen. */
export function watchForDrag(down: PointerDown, touch: boolean, start: () => void): void {
  const stop = () => {
    clearTimeout(timer);
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', stop);
    window.removeEventListener('pointercancel', stop);
  };
  const onMove = (event: PointerEvent) => {
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) < dragThresholdPx) return;
    stop();
    // A finger that moves at once scrolls.
    if (!touch) start();
  };
  const timer = touch
    ? setTimeout(() => {
        stop();
        start();
      }, longPressMs)
    : undefined;
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', stop);
  window.addEventListener('pointercancel', stop);
}

export type SpotAt = (x: number, y: number) => MoveTarget | null;

function quarter(minute: number): number {
  return Math.floor(minute / rangeMinutes) * rangeMinutes;
}

function spotOf(
  column: AgendaColumn,
  index: number,
  from: number,
  until: number,
  options: GestureGround,
): Spot | null {
  const box = options.area.current?.getBoundingClientRect();
  if (!box) return null;
  const width = box.width / options.day.columns.length;
  const rect = new DOMRect(
    box.left + index * width,
    box.top + (from - options.day.from) * options.pxPerMinute,
    width,
    (until - from) * options.pxPerMinute,
  );
  return { column, from, until, rect };
}

export function tapSpot(
  down: PointerDown,
  index: number,
  spotAt: SpotAt,
  latest: { readonly current: GestureGround },
): void {
  const onUp = (event: PointerEvent) => {
    window.removeEventListener('pointerup', onUp);
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > dragThresholdPx) return;
    const spot = spotAt(down.x, down.y);
    const column = latest.current.day.columns[index];
    if (!spot || !column) return;
    const minute = quarter(spot.minute);
    const found = spotOf(column, index, minute, minute, latest.current);
    if (found) latest.current.onSpot(found);
  };
  window.addEventListener('pointerup', onUp, { once: true });
  window.addEventListener('pointercancel', () => window.removeEventListener('pointerup', onUp), {
    once: true,
  });
}

/** A click chooses a quarter hour, a pull a range of them; shown while it is pulled. */
export function drawRange(
  down: PointerDown,
  index: number,
  spotAt: SpotAt,
  latest: { readonly current: GestureGround },
  movedAt: { current: number },
): void {
  const first = spotAt(down.x, down.y);
  const area = latest.current.area.current;
  if (!first || !area) return;
  const start = quarter(first.minute);
  let from = start;
  let until = start;
  const box = document.createElement('div');
  box.dataset.range = '';
  Object.assign(box.style, {
    position: 'absolute',
    zIndex: '4',
    borderRadius: '4px',
    boxSizing: 'border-box',
    border: '1.5px solid var(--primary)',
    background: 'color-mix(in srgb, var(--primary-soft) 70%, transparent)',
    left: `${(index / latest.current.day.columns.length) * 100}%`,
    width: `${100 / latest.current.day.columns.length}%`,
  });
  const draw = () => {
    const { day, pxPerMinute } = latest.current;
    box.style.top = `${(from - day.from) * pxPerMinute}px`;
    box.style.height = `${Math.max(rangeMinutes, until - from) * pxPerMinute}px`;
  };
  const onMove = (event: PointerEvent) => {
    if (event.pointerId !== down.pointerId) return;
    if (!box.isConnected && Math.abs(event.clientY - down.y) < dragThresholdPx) return;
    const spot = spotAt(down.x, event.clientY);
    if (!spot) return;
    const here = quarter(spot.minute);
    from = Math.max(latest.current.day.from, Math.min(start, here));
    until = Math.min(latest.current.day.until, Math.max(start, here) + rangeMinutes);
    if (!box.isConnected) area.append(box);
    draw();
  };
  const stop = () => {
    box.remove();
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', onUp);
    window.removeEventListener('pointercancel', stop);
    window.removeEventListener('keydown', onKey, true);
  };
  const onUp = () => {
    const drawn = box.isConnected;
    stop();
    if (drawn) movedAt.current = performance.now();
    const column = latest.current.day.columns[index];
    const found = column && spotOf(column, index, from, drawn ? until : from, latest.current);
    if (found) latest.current.onSpot(found);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    movedAt.current = performance.now();
    stop();
  };
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', onUp);
  window.addEventListener('pointercancel', stop);
  window.addEventListener('keydown', onKey, true);
}

/** To a start that fits when one is near, else to five minutes. */
export function snap(
  raw: number,
  fits: readonly Slot[],
  day: AgendaDay,
  column: AgendaColumn,
  reach: number,
): number {
  let best: number | null = null;
  for (const slot of fits) {
    const minute = axisMinute(slot.startsAt, day.date, column.zone);
    if (Math.abs(minute - raw) <= reach && (best === null || Math.abs(minute - raw) < Math.abs(best - raw)))
      best = minute;
  }
  return best ?? Math.round(raw / snapMinutes) * snapMinutes;
}

/** Scrolls while the pointer is held near an edge. True while there is more to scroll. */
export function scrollNearEdge(box: HTMLElement | null, pointer: { x: number; y: number }): boolean {
  if (!box) return false;
  const rect = box.getBoundingClientRect();
  const edge = 40;
  const step = 12;
  const before = { top: box.scrollTop, left: box.scrollLeft };
  if (pointer.y < rect.top + 60 + edge) box.scrollTop -= step;
  else if (pointer.y > rect.bottom - edge) box.scrollTop += step;
  if (pointer.x < rect.left + 48 + edge) box.scrollLeft -= step;
  else if (pointer.x > rect.right - edge) box.scrollLeft += step;
  return box.scrollTop !== before.top || box.scrollLeft !== before.left;
}
