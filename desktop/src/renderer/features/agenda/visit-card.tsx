/** A visit in day and week. The name always wins; what has no room is left out, never shrunk. */
import {
  IconCalendarQuestion,
  IconCheck,
  IconCircleCheck,
  IconClockQuestion,
  IconCloudOff,
  IconDoorEnter,
  IconMoon,
  IconRepeat,
  IconStack2,
  IconUsersGroup,
  IconUserX,
} from '@tabler/icons-react';
import { memo } from 'react';
import { useMinute } from '../../ui/use-minute';
import classes from './visit-card.module.css';
import {
  type CardSize,
  cardNote,
  cardSize,
  isToAnswer,
  longWaitMinutes,
  stateWord,
  type VisitView,
} from './visit-view';

interface VisitCardProps {
  view: VisitView;
  heightPx: number;
  selected: boolean;
  /** Chosen together with others. */
  marked?: boolean;
  /** Full names where there is room for them, as in the week. */
  wide?: boolean;
  now: () => number;
}

export const VisitCard = memo(function VisitCard({
  view,
  heightPx,
  selected,
  marked = false,
  wide = false,
  now,
}: VisitCardProps) {
  const size = cardSize(heightPx);
  const narrow = view.lanes > 1;
  const mark = markOf(view, size, narrow);
  return (
    <div
      className={classes.card}
      data-type-colour={view.colour}
      data-state={view.state}
      data-size={size}
      data-tentative={view.tentative || undefined}
      data-overbooked={view.overbooked || view.roomOverbooked || undefined}
      data-selected={selected || undefined}
      data-marked={marked || undefined}
    >
      <span className={classes.first} data-mark={mark}>
        <span className={classes.name}>{wide ? view.name : view.shortName}</span>
        <CardMark view={view} mark={mark} small={size === 'tiny'} now={now} />
      </span>
      {(size === 'normal' || size === 'tall') && (
        <span className={classes.second}>
          <span className={classes.clock}>{view.clock}</span>
          {/* In the day the two answers stand where the word would. */}
          {(wide || size === 'tall' || !isToAnswer(view)) && <CardNote view={view} narrow={narrow} />}
          {!narrow && <CardSigns view={view} />}
        </span>
      )}
      {size === 'tall' && cardNote(view) !== view.typeName && !view.seats && (
        <span className={classes.third}>{view.typeName}</span>
      )}
      {size === 'tall' && view.seats && <SeatMeter taken={view.seats.taken} capacity={view.seats.capacity} />}
    </div>
  );
});

/** What is true beside the state. */
function CardSigns({ view }: { view: VisitView }) {
  if (!view.confirmed && !view.inSeries) return null;
  return (
    <span className={classes.signs}>
      {view.inSeries && <IconRepeat size={12} stroke={1.75} aria-hidden />}
      {view.confirmed && <IconCircleCheck size={13} stroke={1.75} aria-hidden />}
    </span>
  );
}

function CardNote({ view, narrow }: { view: VisitView; narrow: boolean }) {
  const over = view.overbooked || view.roomOverbooked;
  if (narrow && !over) return null;
  return (
    <span className={classes.note} data-strong={view.seats !== null || undefined}>
      {over && view.state === 'booked' && <IconStack2 size={12} stroke={1.75} aria-hidden />}
      {cardNote(view)}
    </span>
  );
}

type Mark =
  | 'waiting'
  | 'proposed'
  | 'pending'
  | 'in-room'
  | 'done'
  | 'no-show'
  | 'tentative'
  | 'group'
  | 'outside'
  | 'time'
  | undefined;

/** The icon of a state, the waiting minutes, or the time: one of them, by what there is room for. */
function markOf(view: VisitView, size: CardSize, narrow: boolean): Mark {
  if (view.arrivedAt !== null) return 'waiting';
  if (view.state === 'pending' || view.state === 'proposed') return view.state;
  if (size === 'tiny') return undefined;
  if (view.state === 'in-room' || view.state === 'done' || view.state === 'no-show') return view.state;
  if (view.tentative) return 'tentative';
  if (view.seats) return 'group';
  if (view.outsideHours) return 'outside';
  return size === 'short' && !narrow ? 'time' : undefined;
}

const icons = {
  proposed: IconCalendarQuestion,
  pending: IconClockQuestion,
  'in-room': IconDoorEnter,
  done: IconCheck,
  'no-show': IconUserX,
  tentative: IconCloudOff,
  group: IconUsersGroup,
  outside: IconMoon,
} as const;

function CardMark({
  view,
  mark,
  small,
  now,
}: {
  view: VisitView;
  mark: Mark;
  small: boolean;
  now: () => number;
}) {
  if (mark === undefined) return null;
  if (mark === 'waiting')
    return view.arrivedAt === null ? null : <WaitingMinutes since={view.arrivedAt} now={now} />;
  if (mark === 'time') return <span className={classes.time}>{view.clock}</span>;
  const Icon = icons[mark];
  return (
    <Icon
      size={small ? 12 : 14}
      stroke={1.75}
      className={classes.icon}
      data-tint={mark === 'pending' || mark === 'proposed' ? 'edge' : undefined}
      aria-hidden
    />
  );
}

export function WaitingMinutes({ since, now }: { since: number; now: () => number }) {
  const minutes = Math.max(0, Math.floor((useMinute(now) + 59_999 - since) / 60_000));
  return (
    <span
      className={classes.waiting}
      data-long={minutes > longWaitMinutes || undefined}
      title={`Waiting ${minutes} min`}
    >
      {minutes}′
    </span>
  );
}

export function SeatMeter({ taken, capacity }: { taken: number; capacity: number }) {
  return (
    <span className={classes.seats} aria-hidden>
      {Array.from({ length: Math.min(capacity, 12) }, (_, seat) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a seat is its number
        <i key={seat} data-taken={seat < taken || undefined} />
      ))}
    </span>
  );
}

/** What a screen reader says of a card, and the tooltip shows. */
export function cardLabel(view: VisitView): string {
  const parts = [view.name, view.clock, view.seats ? cardNote(view) : view.typeName, stateWord(view)];
  if (view.roomName) parts.push(view.roomName);
  if (view.tentative && view.state !== 'booked') parts.push('not sent yet');
  if (view.overbooked) parts.push('overbooked');
  if (view.roomOverbooked) parts.push('room overbooked');
  if (view.confirmed) parts.push('patient said they come');
  if (view.inSeries) parts.push('one of a series');
  return parts.join(', ');
}
