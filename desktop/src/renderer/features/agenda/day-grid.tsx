/**
 * The doctors' day: a column each, one roving cell for the keyboard, cards that can be moved. What is drawn again is
 * as little as can be: columns and cards are memoised, a move is drawn by its own layer, and one listener serves all.
 */
import type { Facts } from '@medic/shared/acts/facts';
import type { Slot } from '@medic/shared/availability/query';
import type { Instant } from '@medic/shared/time/instant';
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { dayTitle } from '../../ui/date-words';
import { AgendaColumn } from './agenda-column';
import { type AgendaCommand, agendaCommand, meansTheGrid } from './agenda-keys';
import { ColumnHeader } from './column-header';
import { cellMinutes, cellName, isFree, roundDown, visitAt } from './day-cell';
import classes from './day-grid.module.css';
import { Axis, NowLine } from './day-lines';
import type { AgendaDay, AgendaColumn as Column } from './day-model';
import { MoveLayer } from './move-layer';
import type { Where } from './place-check';
import { beside, isChoosable, rangeOf, toggled } from './several';
import type { Cell, Spot } from './spot';
import { useScrollToHours } from './use-scroll-to-hours';
import { useVisitMove } from './use-visit-move';
import type { VisitView } from './visit-view';

export interface DayGridProps {
  day: AgendaDay;
  facts: Facts;
  pxPerMinute: number;
  clinicZone: string;
  isToday: boolean;
  selectedKey: string | null;
  cell: Cell;
  hideFinished: boolean;
  now: () => Instant;
  onCell: (cell: Cell) => void;
  onSelect: (view: VisitView | null) => void;
  onOpenWeek: (doctorId: string) => void;
  /** A free place was pointed at. */
  onSpot: (spot: Spot) => void;
  onBlockChosen: (exceptionId: string, rect: DOMRect) => void;
  /** Keys of the cards chosen together. */
  marked: readonly string[];
  onMark: (keys: readonly string[]) => void;
  mayOverbook: boolean;
  /** `overHolds`: visitors' holds in the way are known of, and make way. */
  onMove: (view: VisitView, where: Where, overHolds?: boolean) => void;
  /** Where it is refused, with the right to overbook. */
  onOverbook: (view: VisitView, where: Where) => void;
  onNotMovable: (view: VisitView) => void;
  /** A key that the grid does not deal with itself; the visit is the one at the cell, else the one selected. */
  onCommand: (
    command: AgendaCommand,
    at: { view: VisitView | null; column: Column; minute: number; free: boolean },
  ) => void;
}

const nothing: readonly string[] = [];

export function DayGrid(props: DayGridProps) {
  const { day, facts, pxPerMinute, selectedKey, marked, cell, hideFinished, now } = props;
  const { onCell, onSelect, onMark } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const { columns } = day;
  const byKey = useMemo(
    () =>
      new Map(
        columns.flatMap((column, index) => column.visits.map((view) => [view.key, { view, index }] as const)),
      ),
    [columns],
  );

  const take = useCallback(
    (view: VisitView, slot: Slot) =>
      props.onMove(view, { doctorId: slot.doctorId, locationId: slot.locationId, startsAt: slot.startsAt }),
    [props.onMove],
  );
  const visitMove = useVisitMove({
    day,
    facts,
    pxPerMinute,
    area,
    scroller,
    now,
    mayOverbook: props.mayOverbook,
    onMove: props.onMove,
    onOverbook: props.onOverbook,
    onTake: take,
    onNotMovable: props.onNotMovable,
    onSpot: props.onSpot,
  });

  const focusWanted = useRef(false);
  const cellRef = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cell is another element wherever it stands
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    cellRef.current?.focus({ preventScroll: true });
    cellRef.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [cell.index, cell.minute]);

  // What was selected elsewhere, from a record or a list, is where the keys work.
  const cellFollowed = useRef<string | null>(null);
  useEffect(() => {
    if (selectedKey === cellFollowed.current) return;
    const found = selectedKey === null ? undefined : byKey.get(selectedKey);
    if (selectedKey !== null && !found) return;
    cellFollowed.current = selectedKey;
    if (found) onCell({ index: found.index, minute: roundDown(found.view.from) });
  }, [selectedKey, byKey, onCell]);

  useScrollToHours(scroller, day, pxPerMinute, props.isToday, now);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || !meansTheGrid(event)) return;
      if (agendaCommand(event) === null) return;
      cellRef.current?.focus({ preventScroll: true });
      cellRef.current?.dispatchEvent(
        new globalThis.KeyboardEvent('keydown', { ...keyInit(event), bubbles: true, cancelable: true }),
      );
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  if (columns.length === 0) return null;
  const index = Math.min(cell.index, columns.length - 1);
  const minute = Math.min(Math.max(cell.minute, day.from), day.until - cellMinutes);
  const column = columns[index] as Column;
  const here = visitAt(column, minute, hideFinished);

  const goTo = (next: Cell) => {
    focusWanted.current = true;
    onCell({
      index: Math.min(Math.max(next.index, 0), columns.length - 1),
      minute: Math.min(Math.max(next.minute, day.from), day.until - cellMinutes),
    });
    // The same cell does not draw again.
    cellRef.current?.focus({ preventScroll: true });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const command = agendaCommand(event);
    if (event.key === 'Tab' && !event.shiftKey && event.target === cellRef.current) {
      const next = column.visits.find(
        (view) => view.from >= minute && view.until > day.from && view.from < day.until,
      );
      const button =
        next &&
        area.current?.parentElement?.querySelector<HTMLElement>(`[data-visit="${CSS.escape(next.key)}"]`);
      if (button) {
        event.preventDefault();
        button.focus();
      }
      return;
    }
    if (command === null) return;
    if (visitMove.onCommand(command)) {
      event.preventDefault();
      return;
    }
    const focused = (event.target as HTMLElement).closest<HTMLElement>('[data-visit]')?.dataset.visit;
    const focusedVisit = focused === undefined ? undefined : byKey.get(focused);
    // Enter and the space bar on a card are its click.
    if (focusedVisit && (command === 'open' || command === 'mark')) return;
    if ((event.target as HTMLElement).closest('[data-answer]')) return;
    if ((event.target as HTMLElement).closest('[data-header]')) return;
    event.preventDefault();
    const at: Cell = focusedVisit
      ? { index: focusedVisit.index, minute: roundDown(focusedVisit.view.from) }
      : { index, minute };
    const view = focusedVisit?.view ?? here ?? null;
    switch (command) {
      case 'up':
        return goTo({ ...at, minute: at.minute - cellMinutes });
      case 'down':
        return goTo({ ...at, minute: at.minute + cellMinutes });
      case 'left':
        return goTo({ ...at, index: at.index - 1 });
      case 'right':
        return goTo({ ...at, index: at.index + 1 });
      case 'open':
        if (view) return onSelect(view);
        return props.onCommand('book', { view: null, column, minute, free: isFree(column, minute) });
      case 'extend-up':
      case 'extend-down': {
        const first = view ?? (selectedKey === null ? null : (byKey.get(selectedKey)?.view ?? null));
        const beginning = first && byKey.get(first.key);
        const there = beginning && columns[beginning.index];
        if (!first || !beginning || !there) return;
        const next = beside(there, first.key, command === 'extend-down' ? 1 : -1);
        // Back over what is chosen lets the last one go.
        if (next && marked.includes(next.key) && marked.includes(first.key))
          onMark(toggled(there, marked, first.key));
        else
          onMark(
            [first, next].reduce<readonly string[]>(
              (keys, each) => (each && !keys.includes(each.key) ? toggled(there, keys, each.key) : keys),
              marked,
            ),
          );
        if (next) goTo({ index: beginning.index, minute: roundDown(next.from) });
        return;
      }
      case 'mark':
        // On a card the space bar is its click.
        if (view && isChoosable(view) && !focusedVisit) onMark(toggled(column, marked, view.key));
        return;
      case 'close':
        onSelect(null);
        cellRef.current?.focus({ preventScroll: true });
        return;
      case 'move': {
        const moved = view ?? (selectedKey === null ? null : (byKey.get(selectedKey)?.view ?? null));
        if (!moved) return;
        goTo(at);
        const home = byKey.get(moved.key);
        if (home) visitMove.startByKeyboard(moved, home.index);
        return;
      }
      default: {
        const selected = selectedKey === null ? null : (byKey.get(selectedKey)?.view ?? null);
        return props.onCommand(command, {
          view: view ?? selected,
          column: columns[at.index] ?? column,
          minute: at.minute,
          free: isFree(column, at.minute),
        });
      }
    }
  };

  const onClick = (event: MouseEvent) => {
    if (visitMove.justMoved()) return;
    const target = event.target as HTMLElement;
    const key = target.closest<HTMLElement>('[data-visit]')?.dataset.visit;
    const found = key === undefined ? undefined : byKey.get(key);
    const answer = target.closest<HTMLElement>('[data-answer]');
    const answered = answer && byKey.get(answer.dataset.of ?? '');
    if (answered) {
      const there = columns[answered.index] as Column;
      props.onCommand(answer.dataset.answer === 'accept' ? 'accept' : 'decline', {
        view: answered.view,
        column: there,
        minute: answered.view.from,
        free: false,
      });
      return;
    }
    if (found && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      const there = columns[found.index] as Column;
      if (event.shiftKey) onMark(rangeOf(there, marked[0] ?? selectedKey, found.view.key));
      else {
        const before =
          marked.length === 0 && selectedKey !== null ? rangeOf(there, selectedKey, selectedKey) : marked;
        onMark(toggled(there, before, found.view.key));
      }
      return;
    }
    if (found) {
      onCell({
        index: found.index,
        minute: Math.min(Math.max(roundDown(found.view.from), day.from), day.until - cellMinutes),
      });
      onSelect(found.view);
      return;
    }
    const block = target.closest<HTMLElement>('[data-block][data-block-kind="block"]');
    if (block?.dataset.block) props.onBlockChosen(block.dataset.block, block.getBoundingClientRect());
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: one listener for the cells, cards and blocks inside, which have roles of their own
    <div
      className={classes.scroller}
      ref={scroller}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onPointerDown={visitMove.onPointerDown}
      data-agenda-grid
    >
      <div className={classes.canvas} style={{ '--columns': columns.length } as React.CSSProperties}>
        <div className={classes.corner} data-header />
        {columns.map((each, at) => (
          <div key={each.key} className={classes.headerCell} style={{ gridColumn: at + 2 }} data-header>
            <ColumnHeader column={each} clinicZone={props.clinicZone} onOpenWeek={props.onOpenWeek} />
          </div>
        ))}
        <Axis from={day.from} until={day.until} pxPerMinute={pxPerMinute} />
        <div className={classes.area} ref={area}>
          {/* biome-ignore lint/a11y/useSemanticElements: a table of every quarter hour would be thousands of elements; one cell roves */}
          <div
            role="grid"
            aria-label={`Times of ${dayTitle(day.date)}`}
            aria-rowcount={(day.until - day.from) / cellMinutes}
            aria-colcount={columns.length}
          >
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the cell takes the focus, not its row */}
            <div role="row" aria-rowindex={(minute - day.from) / cellMinutes + 1}>
              {/* biome-ignore lint/a11y/useSemanticElements: as above */}
              <div
                key={`${index} ${minute}`}
                ref={cellRef}
                role="gridcell"
                tabIndex={0}
                aria-colindex={index + 1}
                aria-label={cellName(column, minute, here)}
                className={classes.cell}
                style={{
                  left: `${(index / columns.length) * 100}%`,
                  width: `${100 / columns.length}%`,
                  top: (minute - day.from) * pxPerMinute,
                  height: cellMinutes * pxPerMinute,
                }}
              />
            </div>
          </div>
          <NowLine day={day} pxPerMinute={pxPerMinute} now={now} />
          <MoveLayer
            store={visitMove.store}
            day={day}
            facts={facts}
            pxPerMinute={pxPerMinute}
            now={now}
            onTake={visitMove.take}
            onGoAhead={visitMove.goAhead}
            onPutBack={visitMove.putBack}
          />
        </div>
        {columns.map((each, at) => (
          <AgendaColumn
            key={each.key}
            column={each}
            index={at}
            from={day.from}
            until={day.until}
            pxPerMinute={pxPerMinute}
            selectedKey={selectedKey !== null && byKey.get(selectedKey)?.index === at ? selectedKey : null}
            marked={marked.some((key) => byKey.get(key)?.index === at) ? marked : nothing}
            hideFinished={hideFinished}
            now={now}
          />
        ))}
      </div>
    </div>
  );
}

function keyInit(event: globalThis.KeyboardEvent): KeyboardEventInit {
  const { key, code, shiftKey, ctrlKey, altKey, metaKey } = event;
  return { key, code, shiftKey, ctrlKey, altKey, metaKey };
}
