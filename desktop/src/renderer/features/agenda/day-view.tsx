/** The day of all doctors: builds the columns from the facts and hands them to the grid. */

import { useMediaQuery } from '@mantine/hooks';
import type { Facts } from '@medic/shared/acts/facts';
import { type Appointment, type AppointmentStatus, holdsSlot } from '@medic/shared/model/appointment';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { localDate } from '@medic/shared/time/zone';
import { IconCalendarPlus } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useDesk, useFacts, useTentative } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { shortDay, weekdayName } from '../../ui/date-words';
import { useMinute } from '../../ui/use-minute';
import { AgendaFilters } from './agenda-filters';
import { useAgendaStore } from './agenda-store';
import { DayGrid, type DayGridProps } from './day-grid';
import { type AgendaDay, agendaDate, DayModel, hourHeight, hoursShown } from './day-model';
import classes from './day-view.module.css';

export interface DayViewProps
  extends Pick<
    DayGridProps,
    | 'onSelect'
    | 'onOpenWeek'
    | 'onSpot'
    | 'onBlockChosen'
    | 'onMove'
    | 'onOverbook'
    | 'onNotMovable'
    | 'onCommand'
  > {
  date: PlainDate;
  onDate: (date: PlainDate) => void;
}

export function DayView({ date, onDate, ...handlers }: DayViewProps) {
  const desk = useDesk();
  const facts = useFacts();
  const tentative = useTentative();
  const now = useMemo(() => () => desk.now(), [desk]);
  const minute = useMinute(now);
  const [model] = useState(() => new DayModel());
  // A change that arrives while somebody works may wait a frame; what they do themselves is drawn at once all the same.
  const shownFacts = useDeferredValue(facts);
  const day = useMemo(
    () => model.build(shownFacts, date, tentative, minute as Instant),
    [model, shownFacts, date, tentative, minute],
  );
  const { hidden, hideFinished, selectedKey, marked, cell, setCell, mark } = useAgendaStore();
  const shown = useMemo<AgendaDay>(() => {
    const columns = day.columns.filter((column) => !hidden.has(column.key));
    return columns.length === day.columns.length ? day : { ...day, columns, ...hoursShown(columns) };
  }, [day, hidden]);
  const roomy = useMediaQuery('(max-width: 1279px)', false);
  const pxPerMinute = hourHeight(facts, roomy ? 96 : 72) / 60;
  return (
    <div className={classes.view}>
      <AgendaFilters columns={day.columns} />
      <div className={classes.body}>
        {shown.columns.length === 0 ? (
          <EmptyDay date={date} day={day} onDate={onDate} />
        ) : (
          <DayGrid
            {...handlers}
            day={shown}
            facts={facts}
            pxPerMinute={pxPerMinute}
            clinicZone={facts.clinic.timeZone}
            isToday={agendaDate(minute as Instant, facts.clinic.timeZone) === date}
            selectedKey={selectedKey}
            marked={marked}
            onMark={mark}
            mayOverbook={desk.user.rights.includes('overbook')}
            cell={cell}
            hideFinished={hideFinished}
            now={now}
            onCell={setCell}
          />
        )}
      </div>
    </div>
  );
}

function EmptyDay({
  date,
  day,
  onDate,
}: {
  date: PlainDate;
  day: AgendaDay;
  onDate: (date: PlainDate) => void;
}) {
  const facts = useFacts();
  const desk = useDesk();
  const toggleColumns = useAgendaStore((state) => state.toggleColumns);
  const next = useMemo(() => {
    const model = new DayModel();
    for (let ahead = 1; ahead <= 21; ahead++) {
      const other = addDays(date, ahead);
      if (model.build(facts, other, noIds, desk.now()).columns.some((column) => column.hours.length > 0))
        return other;
    }
    return null;
  }, [facts, date, desk]);
  if (day.columns.length > 0) {
    return (
      <div className={classes.empty}>
        <IconCalendarPlus size={28} stroke={1.5} aria-hidden />
        <h2>All doctors are hidden</h2>
        <p>{day.columns.length} doctors work this day.</p>
        <ActionButton
          onClick={() =>
            toggleColumns(
              day.columns.map((column) => column.key),
              true,
            )
          }
        >
          Show all
        </ActionButton>
      </div>
    );
  }
  return (
    <div className={classes.empty}>
      <IconCalendarPlus size={28} stroke={1.5} aria-hidden />
      <h2>Nothing booked on {weekdayName(date)}</h2>
      <p>No doctor has hours.{next ? ` Next open day: ${shortDay(next)}.` : ''}</p>
      {next && (
        <ActionButton keys="Enter" onClick={() => onDate(next)} autoFocus>
          Go to {weekdayName(next)}
        </ActionButton>
      )}
    </div>
  );
}

const noIds: ReadonlySet<string> = new Set();

/** What the footer counts of a day. */
export function useDayCounts(date: PlainDate): { visits: number; waiting: number; toAnswer: number } {
  const facts = useFacts();
  return useMemo(() => {
    const holding = visitsOfDay(facts, date).filter(({ status }) => holdsSlot(status) || status === 'noshow');
    const count = (status: AppointmentStatus) => holding.filter((visit) => visit.status === status).length;
    return { visits: holding.length, waiting: count('arrived'), toAnswer: count('pending') };
  }, [facts, date]);
}

/** Ids of the day's requests that wait for the clinic, earliest first. */
export function requestsOf(facts: Facts, date: PlainDate): string[] {
  return visitsOfDay(facts, date)
    .filter((visit) => visit.status === 'pending')
    .sort((a, b) => a.startsAt - b.startsAt)
    .map((visit) => visit.id);
}

/** By each place's own date. */
function visitsOfDay(facts: Facts, date: PlainDate): Appointment[] {
  const midnight = Date.parse(`${date}T00:00Z`);
  const from = (midnight - 86_400_000) as Instant;
  const until = (midnight + 2 * 86_400_000) as Instant;
  return [...facts.doctors()].flatMap((doctor) =>
    facts.appointmentsOfDoctor(doctor.id, from, until).filter((visit) => {
      const zone = facts.location(visit.locationId)?.timeZone;
      return zone !== undefined && localDate(visit.startsAt, zone) === date;
    }),
  );
}
