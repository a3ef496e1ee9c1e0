import { localTime } from '@medic/shared/time/zone';
import {
  IconBeach,
  IconCalendar,
  IconCheck,
  IconCoffee,
  IconHourglass,
  IconLock,
  IconX,
} from '@tabler/icons-react';
import { memo, useEffect, useState } from 'react';
import { shortDay } from '../../ui/date-words';
import { doctorName } from '../../ui/person-name';
import classes from './agenda-column.module.css';
import { type AgendaColumn as Column, clockOfMinute, type DayBlock } from './day-model';
import { cardLabel, VisitCard } from './visit-card';
import { isToAnswer, type VisitView } from './visit-view';

interface AgendaColumnProps {
  column: Column;
  index: number;
  from: number;
  until: number;
  pxPerMinute: number;
  /** Key of the selected card, when it stands in this column. */
  selectedKey: string | null;
  /** Keys of the cards chosen together, when they stand in this column. */
  marked: readonly string[];
  hideFinished: boolean;
  now: () => number;
}

export const AgendaColumn = memo(function AgendaColumn(props: AgendaColumnProps) {
  const { column, from, until, pxPerMinute, selectedKey, marked, hideFinished, now } = props;
  const top = (minute: number) => (Math.min(until, Math.max(from, minute)) - from) * pxPerMinute;
  const box = (block: { from: number; until: number }) => ({
    top: top(block.from),
    height: Math.max(0, top(block.until) - top(block.from)),
  });
  const shown = hideFinished ? column.visits.filter((view) => view.state !== 'done') : column.visits;
  const early = shown.filter((view) => view.until <= from);
  const late = shown.filter((view) => view.from >= until);
  const inside = shown.filter((view) => view.until > from && view.from < until);
  return (
    <div
      className={classes.column}
      style={{ gridColumn: props.index + 2, height: (until - from) * pxPerMinute }}
      data-column={column.key}
    >
      {column.hours.map((open) => (
        <div key={`open ${open.from}`} className={classes.open} style={box(open)} />
      ))}
      <div className={classes.lines} style={{ '--hour': `${60 * pxPerMinute}px` } as React.CSSProperties} />
      {column.blocks.map((block) => (
        <BlockBox
          key={`${block.kind} ${block.sourceId} ${block.from}`}
          block={block}
          column={column}
          style={box(block)}
          now={now}
        />
      ))}
      <ul
        className={classes.visits}
        aria-label={`Visits of ${doctorName(column.doctor)}, ${column.location.name}`}
      >
        {inside.map((view) => (
          <VisitItem
            key={view.key}
            view={view}
            top={top(view.from)}
            bottom={top(view.until)}
            selected={view.key === selectedKey}
            marked={marked.includes(view.key)}
            now={now}
          />
        ))}
        {early.length > 0 && <PinnedChip views={early} side="top" selectedKey={selectedKey} />}
        {late.length > 0 && <PinnedChip views={late} side="bottom" selectedKey={selectedKey} />}
      </ul>
    </div>
  );
});

interface VisitItemProps {
  view: VisitView;
  top: number;
  bottom: number;
  selected: boolean;
  marked: boolean;
  now: () => number;
}

const VisitItem = memo(function VisitItem({ view, top, bottom, selected, marked, now }: VisitItemProps) {
  const height = Math.max(14, bottom - top - 1);
  const width = 100 / view.lanes;
  return (
    <li className={classes.item} style={{ top, height, left: `${view.lane * width}%`, width: `${width}%` }}>
      <button
        type="button"
        className={classes.visit}
        data-visit={view.key}
        aria-label={cardLabel(view)}
        aria-pressed={selected || marked}
        title={cardLabel(view)}
      >
        <VisitCard view={view} heightPx={height} selected={selected} marked={marked} now={now} />
      </button>
      {isToAnswer(view) && <CardAnswers view={view} heightPx={height} />}
    </li>
  );
});

/** Beside the card, not in it: a button holds no buttons. On a low card they show when it is pointed at or reached. */
function CardAnswers({ view, heightPx }: { view: VisitView; heightPx: number }) {
  const icon = { size: 14, stroke: 2, 'aria-hidden': true } as const;
  const who = `${view.name}, ${view.clock}`;
  return (
    <span className={classes.answers} data-low={heightPx < 34 || view.lanes > 1 || undefined}>
      <button
        type="button"
        data-answer="accept"
        data-of={view.key}
        title="Accept (Y)"
        aria-label={`Accept ${who}`}
      >
        <i>
          <IconCheck {...icon} />
        </i>
      </button>
      <button
        type="button"
        data-answer="decline"
        data-of={view.key}
        title="Decline (N)"
        aria-label={`Decline ${who}`}
      >
        <i>
          <IconX {...icon} />
        </i>
      </button>
    </span>
  );
}

/** Visits outside the hours shown are never hidden: the first stands as a chip, with how many more. */
function PinnedChip({
  views,
  side,
  selectedKey,
}: {
  views: readonly VisitView[];
  side: 'top' | 'bottom';
  selectedKey: string | null;
}) {
  const first = side === 'top' ? views[views.length - 1] : views[0];
  if (!first) return null;
  const more = views.length - 1;
  return (
    <li className={classes.pinned} data-side={side}>
      <button
        type="button"
        className={classes.chip}
        data-visit={first.key}
        aria-pressed={first.key === selectedKey}
        aria-label={`${cardLabel(first)}, ${side === 'top' ? 'earlier' : 'later'} than shown`}
      >
        <span aria-hidden>{side === 'top' ? '↑' : '↓'}</span> {first.clock} {first.shortName}
        {more > 0 && <b> +{more}</b>}
      </button>
    </li>
  );
}

function BlockBox({
  block,
  column,
  style,
  now,
}: {
  block: DayBlock;
  column: Column;
  style: { top: number; height: number };
  now: () => number;
}) {
  if (style.height <= 0) return null;
  const clock = `${clockOfMinute(block.from)}–${clockOfMinute(block.until)}`;
  const icon = { size: 13, stroke: 1.75, 'aria-hidden': true } as const;
  const small = style.height < 34;
  switch (block.kind) {
    case 'break':
      return (
        <div className={classes.break} style={style}>
          {style.height >= 14 && (
            <span>
              <IconCoffee {...icon} /> {block.label || 'Break'} to {clockOfMinute(block.until)}
            </span>
          )}
        </div>
      );
    case 'block':
    case 'closure':
      return (
        <div
          className={classes.blocked}
          style={style}
          data-block={block.sourceId}
          data-block-kind={block.kind}
          data-small={small || undefined}
        >
          <span className={classes.words}>
            <IconLock {...icon} />
            <span>{block.label || (block.kind === 'closure' ? 'Closed' : 'Blocked')}</span>
          </span>
          {!small && <span className={classes.when}>{clock}</span>}
        </div>
      );
    case 'time-off':
      return (
        <div className={classes.timeOff} style={style}>
          <div className={classes.timeOffCard}>
            <b>
              <IconBeach {...icon} /> Time off
            </b>
            <span>{awayWords(block, column)}</span>
            {block.label && <span>{block.label}</span>}
          </div>
        </div>
      );
    case 'external-busy':
      return (
        <div className={classes.busy} style={style} data-small={small || undefined}>
          <span className={classes.words}>
            <IconCalendar {...icon} />
            <span>Busy</span>
          </span>
          {!small && <span className={classes.when}>{clock}</span>}
          {style.height > 52 && <span className={classes.when}>Google Calendar</span>}
        </div>
      );
    case 'hold':
      return (
        <div
          className={classes.held}
          style={style}
          data-small={small || undefined}
          title={`Held online ${clock}, ${heldUntil(block, column)}`}
        >
          <span className={classes.words}>
            <IconHourglass {...icon} />
            <span>{small ? heldUntil(block, column) : 'Held online'}</span>
          </span>
          {!small && (
            <span className={classes.when}>
              {heldUntil(block, column)}
              <HoldLeft expiresAt={block.expiresAt} now={now} />
            </span>
          )}
        </div>
      );
    default:
      return null;
  }
}

function awayWords(block: DayBlock, column: Column): string {
  const days = Math.round((block.endsAt - block.startsAt) / 86_400_000);
  return days <= 1 ? shortDay(column.date) : `${days} days`;
}

/** By the place's clock: when a visitor's hold ends unless they book or ask for more. */
function heldUntil(block: DayBlock, column: Column): string {
  return block.expiresAt === null ? 'held' : `until ${localTime(block.expiresAt, column.zone).time}`;
}

/** Minutes and seconds that a visitor's hold still has. */
function HoldLeft({ expiresAt, now }: { expiresAt: number | null; now: () => number }) {
  const [left, setLeft] = useState(() => (expiresAt ?? 0) - now());
  useEffect(() => {
    const timer = setInterval(() => setLeft((expiresAt ?? 0) - now()), 1000);
    return () => clearInterval(timer);
  }, [expiresAt, now]);
  if (left <= 0) return null;
  const seconds = Math.floor(left / 1000);
  return (
    <>
      {' · '}
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')} left
    </>
  );
}
