/**
 * Moving a visit, by pointer or by keyboard, and drawing a range on free time. The engine is asked once per spot; the
 * nearest times are worked out only when the pointer rests.
 */
import type { Facts } from '@medic/shared/acts/facts';
import type { Slot } from '@medic/shared/availability/query';
import type { Instant } from '@medic/shared/time/instant';
import {
  type PointerEvent as ReactPointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import type { AgendaCommand } from './agenda-keys';
import { type AgendaColumn, type AgendaDay, axisMinute, instantAtMinute } from './day-model';
import { MoveStore, type MoveTarget } from './move-store';
import { columnRefusal, fitsIn, isMovable, nearestFor, reasonsAgainst, type Where } from './place-check';
import type { Spot } from './spot';
import type { VisitView } from './visit-view';

interface VisitMoveOptions {
  day: AgendaDay;
  facts: Facts;
  pxPerMinute: number;
  area: RefObject<HTMLDivElement | null>;
  scroller: RefObject<HTMLDivElement | null>;
  now: () => Instant;
  onMove: (view: VisitView, where: Where) => void;
  onTake: (view: VisitView, slot: Slot) => void;
  onNotMovable: (view: VisitView) => void;
  onSpot: (spot: Spot) => void;
}

const dragThresholdPx = 5;
const longPressMs = 400;
const restMs = 180;
const snapMinutes = 5;
const rangeMinutes = 15;

export function useVisitMove(options: VisitMoveOptions) {
  const store = useMemo(() => new MoveStore(), []);
  const latest = useRef(options);
  latest.current = options;
  const movedAt = useRef(0);
  const restTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const end = useCallback(() => {
    clearTimeout(restTimer.current);
    // The click that ends a drag is no click on a card; a move by keyboard ends without one.
    if (store.get()?.how === 'pointer') movedAt.current = performance.now();
    store.set(null);
  }, [store]);

  const whereOf = useCallback((target: MoveTarget): Where | null => {
    const { day } = latest.current;
    const column = day.columns[target.index];
    if (!column) return null;
    return {
      doctorId: column.doctor.id,
      locationId: column.location.id,
      startsAt: instantAtMinute(target.minute, day.date, column.zone),
    };
  }, []);

  const aim = useCallback(
    (target: MoveTarget | null) => {
      const move = store.get();
      if (!move) return;
      if (target && move.target && target.index === move.target.index && target.minute === move.target.minute)
        return;
      clearTimeout(restTimer.current);
      const where = target && whereOf(target);
      if (!target || !where) return store.update({ target: null, reasons: [], alternatives: [] });
      const { facts, now } = latest.current;
      const home =
        where.startsAt === move.view.startsAt &&
        where.doctorId === move.view.doctorId &&
        where.locationId === move.view.locationId;
      const reasons = home ? [] : reasonsAgainst(facts, move.view, where, now());
      store.update({ target, reasons, alternatives: [] });
      if (reasons.length === 0) return;
      restTimer.current = setTimeout(() => {
        const current = store.get();
        if (current?.target === target)
          store.update({
            alternatives: nearestFor(latest.current.facts, current.view, where, latest.current.now()),
          });
      }, restMs);
    },
    [store, whereOf],
  );

  const begin = useCallback(
    (view: VisitView, originIndex: number, how: 'pointer' | 'keyboard', cardWidth: number): boolean => {
      const { facts, day, now, onNotMovable } = latest.current;
      if (!isMovable(facts, view)) {
        onNotMovable(view);
        return false;
      }
      const fits = new Map<string, Slot[]>();
      const refusing = new Map<string, string>();
      for (const column of day.columns) {
        const why = columnRefusal(facts, view, column);
        if (why !== null) refusing.set(column.key, why);
        else fits.set(column.key, fitsIn(facts, view, column, day.date, now()));
      }
      store.set({
        view,
        originIndex,
        how,
        corner: null,
        cardWidth,
        target: null,
        reasons: [],
        alternatives: [],
        held: false,
        fits,
        refusing,
      });
      return true;
    },
    [store],
  );

  const commit = useCallback(() => {
    const move = store.get();
    if (!move?.target) return end();
    const where = whereOf(move.target);
    const home =
      where &&
      where.startsAt === move.view.startsAt &&
      where.doctorId === move.view.doctorId &&
      where.locationId === move.view.locationId;
    if (!where || home) return end();
    if (move.reasons.length > 0) {
      clearTimeout(restTimer.current);
      const { facts, now } = latest.current;
      store.update({ held: true, corner: null, alternatives: nearestFor(facts, move.view, where, now()) });
      return;
    }
    end();
    latest.current.onMove(move.view, where);
  }, [store, end, whereOf]);

  const take = useCallback(
    (slot: Slot) => {
      const move = store.get();
      if (!move) return;
      end();
      latest.current.onTake(move.view, slot);
    },
    [store, end],
  );

  /** The spot under a point of the window: which column, and which minute by its clock. */
  const spotAt = useCallback((x: number, y: number): MoveTarget | null => {
    const { area, day, pxPerMinute } = latest.current;
    const box = area.current?.getBoundingClientRect();
    if (!box || x < box.left || x >= box.right) return null;
    const index = Math.min(
      day.columns.length - 1,
      Math.floor(((x - box.left) / box.width) * day.columns.length),
    );
    return { index, minute: day.from + (y - box.top) / pxPerMinute };
  }, []);

  const dragVisit = useCallback(
    (
      down: { x: number; y: number; pointerId: number },
      card: HTMLElement,
      view: VisitView,
      originIndex: number,
    ) => {
      const rect = card.getBoundingClientRect();
      const grip = { x: down.x - rect.left, y: down.y - rect.top };
      if (!begin(view, originIndex, 'pointer', rect.width)) return;
      let pointer = { x: down.x, y: down.y };
      let frame = 0;
      const draw = () => {
        frame = 0;
        const move = store.get();
        if (!move || move.held) return;
        const { day, pxPerMinute } = latest.current;
        const spot = spotAt(pointer.x, pointer.y);
        const top = spot && spotAt(pointer.x, pointer.y - grip.y);
        const corner = { x: pointer.x - grip.x, y: pointer.y - grip.y };
        if (!spot || !top) {
          store.update({ corner });
          return aim(null);
        }
        const column = day.columns[spot.index] as AgendaColumn;
        const raw = Math.min(Math.max(top.minute, day.from), day.until - snapMinutes);
        const minute = snap(
          raw,
          move.fits.get(column.key) ?? [],
          day,
          column,
          Math.min(7.5, 8 / pxPerMinute),
        );
        store.update({ corner });
        aim({ index: spot.index, minute });
        if (scrollNearEdge(latest.current.scroller.current, pointer)) frame = requestAnimationFrame(draw);
      };
      const onPointerMove = (event: PointerEvent) => {
        if (event.pointerId !== down.pointerId) return;
        pointer = { x: event.clientX, y: event.clientY };
        if (frame === 0) frame = requestAnimationFrame(draw);
      };
      const finish = (apply: boolean) => {
        window.removeEventListener('pointermove', onPointerMove);
        window.removeEventListener('pointerup', onUp);
        window.removeEventListener('pointercancel', onCancel);
        window.removeEventListener('keydown', onKey, true);
        cancelAnimationFrame(frame);
        document.body.style.removeProperty('cursor');
        if (apply) {
          frame = 0;
          draw();
          commit();
        } else end();
      };
      const onUp = (event: PointerEvent) => {
        if (event.pointerId === down.pointerId) finish(true);
      };
      const onCancel = (event: PointerEvent) => {
        if (event.pointerId === down.pointerId) finish(false);
      };
      const onKey = (event: KeyboardEvent) => {
        const number = Number(event.key);
        const slot = number >= 1 && number <= 3 ? store.get()?.alternatives[number - 1] : undefined;
        if (event.key === 'Escape') finish(false);
        else if (slot) {
          finish(false);
          latest.current.onTake(view, slot);
        } else return;
        event.preventDefault();
        event.stopPropagation();
      };
      document.body.style.cursor = 'grabbing';
      window.addEventListener('pointermove', onPointerMove);
      window.addEventListener('pointerup', onUp);
      window.addEventListener('pointercancel', onCancel);
      window.addEventListener('keydown', onKey, true);
      frame = requestAnimationFrame(draw);
    },
    [aim, begin, commit, end, spotAt, store],
  );

  const onPointerDown = useCallback(
    (event: ReactPointerEvent) => {
      if (event.button !== 0 || store.get()) return;
      const target = event.target as HTMLElement;
      if (target.closest('[data-header],[data-block]')) return;
      const card = target.closest<HTMLElement>('[data-visit]');
      const columnKey = target.closest<HTMLElement>('[data-column]')?.dataset.column;
      const { day } = latest.current;
      const originIndex = day.columns.findIndex((column) => column.key === columnKey);
      const column = day.columns[originIndex];
      if (!column) return;
      const view = card && column.visits.find((each) => each.key === card.dataset.visit);
      const down = { x: event.clientX, y: event.clientY, pointerId: event.pointerId };
      const touch = event.pointerType === 'touch';
      if (card && view) watchForDrag(down, touch, () => dragVisit(down, card, view, originIndex));
      else if (!card && !touch) drawRange(down, originIndex, spotAt, latest, movedAt);
      else if (!card) tapSpot(down, originIndex, spotAt, latest);
    },
    [dragVisit, spotAt, store],
  );

  const startByKeyboard = useCallback(
    (view: VisitView, originIndex: number) => {
      if (!begin(view, originIndex, 'keyboard', 0)) return;
      aim({ index: originIndex, minute: view.from });
    },
    [aim, begin],
  );

  const onCommand = useCallback(
    (command: AgendaCommand): boolean => {
      const move = store.get();
      if (!move) return false;
      const { day } = latest.current;
      const target = move.target ?? { index: move.originIndex, minute: move.view.from };
      const step = (minutes: number) =>
        aim({
          ...target,
          minute: Math.min(Math.max(target.minute + minutes, day.from), day.until - snapMinutes),
        });
      switch (command) {
        case 'close':
          end();
          return true;
        case 'take-1':
        case 'take-2':
        case 'take-3': {
          const slot = move.alternatives[Number(command.slice(5)) - 1];
          if (slot) take(slot);
          return true;
        }
      }
      if (move.how !== 'keyboard' || move.held) return true;
      if (command === 'up') step(-15);
      else if (command === 'down') step(15);
      else if (command === 'left') aim({ ...target, index: Math.max(0, target.index - 1) });
      else if (command === 'right')
        aim({ ...target, index: Math.min(day.columns.length - 1, target.index + 1) });
      else if (command === 'open') commit();
      return true;
    },
    [aim, commit, end, store, take],
  );

  // A move outlives its screen no more than the screen does.
  useEffect(() => () => store.set(null), [store]);

  const justMoved = useCallback(
    () => performance.now() - movedAt.current < 120 || store.get() !== null,
    [store],
  );

  return { store, onPointerDown, startByKeyboard, onCommand, take, putBack: end, justMoved };
}

/** Calls `start` once the pointer has really moved, or has rested on a touch screen. */
function watchForDrag(
  down: { x: number; y: number; pointerId: number },
  touch: boolean,
  start: () => void,
): void {
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

type SpotAt = (x: number, y: number) => MoveTarget | null;

function quarter(minute: number): number {
  return Math.floor(minute / rangeMinutes) * rangeMinutes;
}

function spotOf(
  column: AgendaColumn,
  index: number,
  from: number,
  until: number,
  options: VisitMoveOptions,
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

function tapSpot(
  down: { x: number; y: number },
  index: number,
  spotAt: SpotAt,
  latest: { current: VisitMoveOptions },
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
function drawRange(
  down: { x: number; y: number; pointerId: number },
  index: number,
  spotAt: SpotAt,
  latest: { current: VisitMoveOptions },
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
function snap(
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
function scrollNearEdge(box: HTMLElement | null, pointer: { x: number; y: number }): boolean {
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
