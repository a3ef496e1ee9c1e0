/**
 * Moving a visit, by pointer or by keyboard. The engine is asked once per spot; the nearest times are worked out only
 * when the pointer rests.
 */
import type { Facts } from '@medic/shared/acts/facts';
import type { Slot } from '@medic/shared/availability/query';
import type { Reason } from '@medic/shared/availability/reason';
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
import { MoveStore, type MoveTarget, noWayOut, type WayOut } from './move-store';
import {
  canOverbook,
  columnRefusal,
  fitsIn,
  goesOverHolds,
  isMovable,
  nearestFor,
  outlined,
  reasonsAgainst,
  type Where,
} from './place-check';
import {
  drawRange,
  type PointerDown,
  scrollNearEdge,
  snap,
  snapMinutes,
  tapSpot,
  watchForDrag,
} from './pointer-gestures';
import type { Spot } from './spot';
import type { VisitView } from './visit-view';

interface VisitMoveOptions {
  day: AgendaDay;
  facts: Facts;
  pxPerMinute: number;
  area: RefObject<HTMLDivElement | null>;
  scroller: RefObject<HTMLDivElement | null>;
  now: () => Instant;
  /** With the right to overbook, a refused time can be taken all the same. */
  mayOverbook: boolean;
  onMove: (view: VisitView, where: Where, overHolds?: boolean) => void;
  onOverbook: (view: VisitView, where: Where) => void;
  onTake: (view: VisitView, slot: Slot) => void;
  onNotMovable: (view: VisitView) => void;
  onSpot: (spot: Spot) => void;
}

const restMs = 180;
const stepMinutes = 15;

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
      if (!target || !where)
        return store.update({ target: null, reasons: [], alternatives: [], wayOut: noWayOut });
      const { facts, now } = latest.current;
      const home =
        where.startsAt === move.view.startsAt &&
        where.doctorId === move.view.doctorId &&
        where.locationId === move.view.locationId;
      const reasons = home ? [] : reasonsAgainst(facts, move.view, where, now());
      store.update({ target, reasons, alternatives: [], wayOut: noWayOut });
      if (reasons.length === 0) return;
      restTimer.current = setTimeout(() => {
        const current = store.get();
        if (current?.target === target)
          store.update({
            alternatives: nearestFor(latest.current.facts, current.view, where, latest.current.now()),
            wayOut: wayOutOf(latest.current, current.view, where, reasons),
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
        wayOut: noWayOut,
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
      store.update({
        held: true,
        corner: null,
        alternatives: nearestFor(facts, move.view, where, now()),
        wayOut: wayOutOf(latest.current, move.view, where, move.reasons),
      });
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

  /** Takes the refused time all the same: over visitors' holds at once, over anything else with a reason. */
  const goAhead = useCallback(
    (how: 'over-holds' | 'overbook') => {
      const move = store.get();
      const where = move?.target && whereOf(move.target);
      if (!move || !where) return;
      if (how === 'over-holds' ? !move.wayOut.overHolds : !move.wayOut.overbook) return;
      end();
      if (how === 'over-holds') latest.current.onMove(move.view, where, true);
      else latest.current.onOverbook(move.view, where);
    },
    [store, end, whereOf],
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
    (down: PointerDown, card: HTMLElement, view: VisitView, originIndex: number) => {
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

  /** A visit that is moved by keys goes where is pressed as well: to the start that is drawn there, if one is. */
  const putAt = useCallback(
    (x: number, y: number) => {
      const move = store.get();
      const spot = spotAt(x, y);
      const column = spot && latest.current.day.columns[spot.index];
      if (move?.how !== 'keyboard' || move.held || !column) return;
      const { day } = latest.current;
      const length = move.view.until - move.view.from;
      const drawn = outlined(move.fits.get(column.key) ?? [])
        .map((slot) => axisMinute(slot.startsAt, day.date, column.zone))
        .find((from) => from <= spot.minute && spot.minute < from + length);
      aim({ index: spot.index, minute: drawn ?? Math.floor(spot.minute / stepMinutes) * stepMinutes });
      commit();
      movedAt.current = performance.now();
    },
    [aim, commit, spotAt, store],
  );

  const onPointerDown = useCallback(
    (event: ReactPointerEvent) => {
      const target = event.target as HTMLElement;
      if (event.button !== 0 || target.closest('[data-header],[data-block],[data-answer],[data-why-not]'))
        return;
      if (store.get()) {
        // With the release, so that the click after it is known for part of it.
        window.addEventListener('pointerup', (up) => putAt(up.clientX, up.clientY), { once: true });
        return;
      }
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
    [dragVisit, putAt, spotAt, store],
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
        case 'overbook':
          if (move.wayOut.overbook) goAhead('overbook');
          return true;
        case 'open':
          if (move.held && move.wayOut.overHolds) {
            goAhead('over-holds');
            return true;
          }
      }
      if (move.how !== 'keyboard' || move.held) return true;
      if (command === 'up') step(-stepMinutes);
      else if (command === 'down') step(stepMinutes);
      else if (command === 'left') aim({ ...target, index: Math.max(0, target.index - 1) });
      else if (command === 'right')
        aim({ ...target, index: Math.min(day.columns.length - 1, target.index + 1) });
      else if (command === 'open') commit();
      return true;
    },
    [aim, commit, end, goAhead, store, take],
  );

  // A move outlives its screen no more than the screen does.
  useEffect(() => () => store.set(null), [store]);

  const justMoved = useCallback(
    () => performance.now() - movedAt.current < 120 || store.get() !== null,
    [store],
  );

  return { store, onPointerDown, startByKeyboard, onCommand, take, goAhead, putBack: end, justMoved };
}

function wayOutOf(
  { facts, now, mayOverbook }: VisitMoveOptions,
  view: VisitView,
  where: Where,
  reasons: readonly Reason[],
): WayOut {
  return {
    overHolds: goesOverHolds(facts, view, where, now()),
    overbook: mayOverbook && canOverbook(reasons),
  };
}
