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
import { doctorName } from '../../ui/person-name';
import { useMinute } from '../../ui/use-minute';
import { AgendaColumn } from './agenda-column';
import { type AgendaCommand, agendaCommand } from './agenda-keys';
import { ColumnHeader } from './column-header';
import classes from './day-grid.module.css';
import {
  type AgendaDay,
  axisMinute,
  type AgendaColumn as Column,
  clockOfMinute,
  instantAtMinute,
} from './day-model';
import { MoveLayer } from './move-layer';
import type { Where } from './place-check';
import type { Cell, Spot } from './spot';
import { useVisitMove } from './use-visit-move';
import { cardLabel } from './visit-card';
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
  onMove: (view: VisitView, where: Where) => void;
  onNotMovable: (view: VisitView) => void;
  /** A key that the grid does not deal with itself; the visit is the one at the cell, else the one selected. */
  onCommand: (
    command: AgendaCommand,
    at: { view: VisitView | null; column: Column; minute: number; free: boolean },
  ) => void;
}

const cellMinutes = 15;
/** Half the height of an hour's label, which stands across its line. */
const hourLabelPx = 10;

export function DayGrid(props: DayGridProps) {
  const { day, facts, pxPerMinute, selectedKey, cell, hideFinished, now, onCell, onSelect } = props;
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
    onMove: props.onMove,
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

  useScrollToHours(scroller, day, pxPerMinute, props.isToday, now);

  // With nothing focused, as after the page has loaded, keys belong to the grid.
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.target !== document.body || event.defaultPrevented) return;
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
    // Enter on a card is its click.
    if (focusedVisit && command === 'open') return;
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

function roundDown(minute: number): number {
  return Math.floor(minute / cellMinutes) * cellMinutes;
}

function visitAt(column: Column, minute: number, hideFinished: boolean): VisitView | undefined {
  const meets = (view: VisitView) =>
    view.from < minute + cellMinutes && view.until > minute && !(hideFinished && view.state === 'done');
  return column.visits.find((view) => meets(view) && view.from >= minute) ?? column.visits.find(meets);
}

function isFree(column: Column, minute: number): boolean {
  return (
    column.hours.some((open) => open.from <= minute && minute < open.until) &&
    !column.blocks.some((block) => block.from <= minute && minute < block.until)
  );
}

/** `Dr Nowak, 11:15, free` */
export function cellName(column: Column, minute: number, view: VisitView | undefined): string {
  const who = `${doctorName(column.doctor)}, ${clockOfMinute(minute)}`;
  if (view) return `${who}, ${cardLabel(view)}`;
  const block = column.blocks.find((each) => each.from <= minute && minute < each.until);
  if (block) {
    const words = {
      break: 'break',
      block: 'blocked',
      closure: 'closed',
      'time-off': 'time off',
      hold: 'held online',
      'external-busy': 'busy',
      open: 'free',
    };
    return `${who}, ${words[block.kind]}${block.label ? `, ${block.label}` : ''}`;
  }
  return column.hours.some((open) => open.from <= minute && minute < open.until)
    ? `${who}, free`
    : `${who}, outside hours`;
}

function Axis({ from, until, pxPerMinute }: { from: number; until: number; pxPerMinute: number }) {
  const hours: number[] = [];
  for (let minute = from; minute < until; minute += 60) hours.push(minute);
  return (
    <div className={classes.axis} style={{ height: (until - from) * pxPerMinute }} aria-hidden>
      {hours.map((minute) => (
        <span
          key={minute}
          style={{ top: (minute - from) * pxPerMinute }}
          data-first={minute === from || undefined}
        >
          {clockOfMinute(minute)}
          {minute === 1440 && <small>next day</small>}
        </span>
      ))}
    </div>
  );
}

/** Ink, behind the cards, and across them at 16 %: never to be taken for a struck name. Per column, by its own clock. */
function NowLine({ day, pxPerMinute, now }: { day: AgendaDay; pxPerMinute: number; now: () => Instant }) {
  useMinute(now);
  const at = now();
  const count = day.columns.length;
  const lines = day.columns.map((column, index) => ({
    key: column.key,
    index,
    minute: axisMinute(at, day.date, column.zone),
  }));
  const shown = lines.filter((line) => line.minute >= day.from && line.minute < day.until);
  const first = shown[0];
  if (!first) return null;
  const style = (line: { index: number; minute: number }) => ({
    left: `${(line.index / count) * 100}%`,
    width: `${100 / count}%`,
    top: (line.minute - day.from) * pxPerMinute,
  });
  return (
    <>
      {shown.map((line) => (
        <div key={line.key} aria-hidden>
          <div className={classes.nowUnder} style={style(line)} />
          <div className={classes.nowOver} style={style(line)} />
        </div>
      ))}
      <div className={classes.nowMark} style={{ top: (first.minute - day.from) * pxPerMinute }} aria-hidden>
        <span>{clockOfMinute(first.minute)}</span>
      </div>
    </>
  );
}

/** Opens at the morning's first hours, or an hour before now on the day itself; once for each date. */
function useScrollToHours(
  scroller: React.RefObject<HTMLDivElement | null>,
  day: AgendaDay,
  pxPerMinute: number,
  isToday: boolean,
  now: () => Instant,
): void {
  const done = useRef('');
  useLayoutEffect(() => {
    const box = scroller.current;
    const column = day.columns[0];
    if (!box || !column || done.current === day.date) return;
    done.current = day.date;
    const minute = isToday ? axisMinute(now(), day.date, column.zone) - 120 : 480;
    const tooTall = box.scrollHeight > box.clientHeight;
    // A little above the hour, so that its label shows.
    const top = (Math.floor(minute / 60) * 60 - day.from) * pxPerMinute - hourLabelPx;
    box.scrollTop = tooTall ? Math.max(0, top) : 0;
  }, [scroller, day, pxPerMinute, isToday, now]);
}

/** Where a booking at a cell would start. */
export function startOf(column: Column, minute: number): Instant {
  return instantAtMinute(minute, column.date, column.zone);
}
