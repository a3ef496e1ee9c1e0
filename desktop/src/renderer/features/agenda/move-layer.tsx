/** What is drawn while a visit is moved: where it came from, where it fits, where it is, and why it may not. */
import type { Facts } from '@medic/shared/acts/facts';
import type { Slot } from '@medic/shared/availability/query';
import { describeReason, type Reason } from '@medic/shared/availability/reason';
import type { Instant } from '@medic/shared/time/instant';
import { localTime } from '@medic/shared/time/zone';
import {
  IconArrowBackUp,
  IconArrowBarToRight,
  IconBan,
  IconBeach,
  IconCalendarEvent,
  IconCoffee,
  IconDoor,
  IconHourglass,
  IconLock,
  IconMoon,
  IconPlus,
} from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { relativeDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, shortName } from '../../ui/person-name';
import { type AgendaDay, agendaDate, axisMinute, clockOfMinute } from './day-model';
import classes from './move-layer.module.css';
import { type Move, type MoveStore, useMove } from './move-store';
import { outlined } from './place-check';
import { VisitCard } from './visit-card';

interface MoveLayerProps {
  store: MoveStore;
  day: AgendaDay;
  facts: Facts;
  pxPerMinute: number;
  now: () => Instant;
  onTake: (slot: Slot) => void;
  onGoAhead: (how: 'over-holds' | 'overbook') => void;
  onPutBack: () => void;
}

export function MoveLayer(props: MoveLayerProps) {
  const move = useMove(props.store);
  if (!move) return null;
  return <MoveDrawing {...props} move={move} />;
}

function MoveDrawing({
  move,
  day,
  facts,
  pxPerMinute,
  now,
  onTake,
  onGoAhead,
  onPutBack,
}: MoveLayerProps & { move: Move }) {
  const count = day.columns.length;
  const place = (index: number, from: number, until: number) => ({
    left: `calc(${(index / count) * 100}% + 3px)`,
    width: `calc(${100 / count}% - 7px)`,
    top: (from - day.from) * pxPerMinute,
    height: Math.max(14, (until - from) * pxPerMinute - 1),
  });
  const length = move.view.until - move.view.from;
  const target = move.target;
  const refused = target !== null && move.reasons.length > 0;
  return (
    <div className={classes.layer}>
      {day.columns.map((column, index) => {
        const why = move.refusing.get(column.key);
        if (why !== undefined) {
          return (
            <div
              key={column.key}
              className={classes.faded}
              style={{ left: `${(index / count) * 100}%`, width: `${100 / count}%` }}
            >
              <span>
                {why === 'Time off' ? <IconBeach size={13} aria-hidden /> : <IconBan size={13} aria-hidden />}{' '}
                {why}
              </span>
            </div>
          );
        }
        return outlined(move.fits.get(column.key) ?? []).map((slot) => {
          const from = axisMinute(slot.startsAt, day.date, column.zone);
          if (from < day.from || from >= day.until) return null;
          return (
            <div
              key={`${column.key} ${slot.startsAt}`}
              className={classes.fits}
              style={place(index, from, from + length)}
            >
              <IconPlus size={12} aria-hidden /> {clockOfMinute(from)} fits
            </div>
          );
        });
      })}
      <div className={classes.origin} style={place(move.originIndex, move.view.from, move.view.until)}>
        <IconArrowBackUp size={12} aria-hidden /> {move.view.shortName} from {move.view.clock}
      </div>
      {target && (
        <div
          className={refused ? classes.refusedSpot : classes.goodSpot}
          style={place(target.index, target.minute, target.minute + length)}
        >
          {move.how === 'keyboard' && (
            <span>
              {refused && <IconBan size={13} aria-hidden />} {move.view.shortName}{' '}
              <b>{clockOfMinute(target.minute)}</b>
              {refused ? ' doesn’t fit' : ' fits'}
            </span>
          )}
        </div>
      )}
      {move.corner && !move.held && (
        <div
          className={classes.moving}
          data-refused={refused || undefined}
          style={{
            transform: `translate(${move.corner.x}px, ${move.corner.y}px)`,
            width: move.cardWidth,
            height: Math.max(18, length * pxPerMinute - 1),
          }}
        >
          {refused && target ? (
            <div className={classes.no} data-type-colour={move.view.colour}>
              <span>
                <IconBan size={13} aria-hidden /> <b>{move.view.shortName}</b>
              </span>
              <span>
                <b>{clockOfMinute(target.minute)}</b> doesn’t fit
              </span>
            </div>
          ) : (
            <VisitCard
              view={target ? { ...move.view, clock: clockOfMinute(target.minute), lanes: 1 } : move.view}
              heightPx={Math.max(18, length * pxPerMinute - 1)}
              selected={false}
              now={now}
            />
          )}
        </div>
      )}
      {refused && target && (
        <WhyNot
          move={move}
          day={day}
          facts={facts}
          now={now}
          onTake={onTake}
          onGoAhead={onGoAhead}
          onPutBack={onPutBack}
        />
      )}
    </div>
  );
}

interface WhyNotProps {
  move: Move;
  day: AgendaDay;
  facts: Facts;
  now: () => Instant;
  onTake: (slot: Slot) => void;
  onGoAhead: (how: 'over-holds' | 'overbook') => void;
  onPutBack: () => void;
}

/** Every rule in the way, then the nearest times. Beside the spot, inside the window. */
function WhyNot({ move, day, facts, now, onTake, onGoAhead, onPutBack }: WhyNotProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ x: number; y: number }>({ x: 0, y: 0 });
  const column = day.columns[move.target?.index ?? 0];
  const minute = move.target?.minute ?? 0;
  useLayoutEffect(() => {
    const box = ref.current;
    const spot = box?.parentElement?.querySelector(`.${classes.refusedSpot}`)?.getBoundingClientRect();
    if (!box || !spot) return;
    const width = box.offsetWidth;
    const height = box.offsetHeight;
    const right = spot.right + 16 + width <= window.innerWidth;
    const x = right ? spot.right + 16 : Math.max(8, spot.left - width - 16);
    const y = Math.min(Math.max(8, spot.top), window.innerHeight - height - 8);
    // The same object again ends the rendering that this very effect has asked for.
    setAt((before) => (before.x === x && before.y === y ? before : { x, y }));
  });
  if (!column) return null;
  const ready = move.held || move.how === 'keyboard';
  const length = move.view.until - move.view.from;
  const names = {
    patientName: (id: string) => {
      const patient = facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  return (
    <div ref={ref} className={classes.why} style={{ left: at.x, top: at.y }} role="status" data-why-not>
      <p className={classes.whyTitle}>
        <IconBan size={18} aria-hidden />
        {doctorName(column.doctor)} can’t take {clockOfMinute(minute)}–{clockOfMinute(minute + length)}
      </p>
      <ul className={classes.reasons}>
        {move.reasons.map((reason) => (
          <li key={JSON.stringify(reason)}>
            <ReasonIcon code={reason.code} />
            <span>{describeReason(reason, column.zone, names)}</span>
          </li>
        ))}
      </ul>
      {move.alternatives.length > 0 && (
        <div className={classes.nearest}>
          <p>Nearest free for {move.view.shortName}</p>
          {move.alternatives.map((slot, index) => (
            <button
              key={`${slot.doctorId} ${slot.startsAt}`}
              type="button"
              onClick={() => onTake(slot)}
              disabled={!ready}
            >
              <KeyCap keys={String(index + 1)} />
              <SlotWords slot={slot} move={move} facts={facts} now={now()} />
            </button>
          ))}
        </div>
      )}
      <div className={classes.whyFooter}>
        <button type="button" onClick={onPutBack}>
          <KeyCap keys="Esc" /> Put back at {move.view.clock}
        </button>
        {move.wayOut.overHolds && (
          <button type="button" onClick={() => onGoAhead('over-holds')} disabled={!ready}>
            <KeyCap keys="Enter" /> Take it from the visitor
          </button>
        )}
        {move.wayOut.overbook && (
          <button type="button" onClick={() => onGoAhead('overbook')} disabled={!ready}>
            <KeyCap keys="V" /> Overbook here…
          </button>
        )}
      </div>
    </div>
  );
}

function SlotWords({ slot, move, facts, now }: { slot: Slot; move: Move; facts: Facts; now: Instant }) {
  const location = facts.location(slot.locationId);
  const doctor = facts.doctor(slot.doctorId);
  if (!location || !doctor) return null;
  const local = localTime(slot.startsAt, location.timeZone);
  const room = location.rooms.find((r) => r.id === slot.roomId)?.name;
  const otherPlace = slot.locationId !== move.view.locationId;
  return (
    <>
      <b>
        {relativeDay(local.date, agendaDate(now, location.timeZone))} {local.time}
      </b>
      <span>
        {doctorName(doctor)} · {otherPlace ? location.name : (room ?? location.name)}
      </span>
      <small>
        {otherPlace ? 'other place' : slot.doctorId === move.view.doctorId ? 'own doctor' : 'other doctor'}
      </small>
    </>
  );
}

const reasonIcons: Partial<Record<Reason['code'], typeof IconBan>> = {
  break: IconCoffee,
  buffer: IconArrowBarToRight,
  visit: IconCalendarEvent,
  'external-busy': IconCalendarEvent,
  block: IconLock,
  closure: IconLock,
  'time-off': IconBeach,
  'outside-hours': IconMoon,
  hold: IconHourglass,
  'room-taken': IconDoor,
  'no-room': IconDoor,
};

export function ReasonIcon({ code }: { code: Reason['code'] }) {
  const Icon = reasonIcons[code] ?? IconBan;
  return <Icon size={15} stroke={1.75} aria-hidden />;
}
