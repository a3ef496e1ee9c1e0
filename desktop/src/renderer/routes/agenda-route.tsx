/** The agenda: day of all doctors or week of one, with the inspector beside it. */
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { addDays, isPlainDate, mondayOf } from '@medic/shared/time/plain-date';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import type { AgendaCommand } from '../features/agenda/agenda-keys';
import { AgendaSkeleton } from '../features/agenda/agenda-skeleton';
import { useAgendaStore } from '../features/agenda/agenda-store';
import { startOf } from '../features/agenda/day-cell';
import type { DayGridProps } from '../features/agenda/day-grid';
import { agendaDate } from '../features/agenda/day-model';
import { DayView, requestsOf, useDayCounts } from '../features/agenda/day-view';
import { beside } from '../features/agenda/several';
import type { Spot } from '../features/agenda/spot';
import { SpotMenu, type SpotMenuState } from '../features/agenda/spot-menu';
import type { VisitView } from '../features/agenda/visit-view';
import { Inspector } from '../features/visit/inspector';
import { SelectionPanel } from '../features/visit/selection-panel';
import type { VisitDialogOf } from '../features/visit/visit-dialog-of';
import { useDesk, useFacts } from '../replica/hooks';
import { ActionButton } from '../ui/action-button';
import { announce } from '../ui/announcer';
import { dayTitle, spanTitle, weekNumber } from '../ui/date-words';
import { Segments } from '../ui/segments';
import { useMinute } from '../ui/use-minute';
import classes from './agenda-route.module.css';
import { useDialogs } from './dialogs';
import { Page } from './page';
import { useVisitActions } from './visit-actions';

const WeekView = lazy(() =>
  import('../features/agenda/week-view').then((module) => ({ default: module.WeekView })),
);

export interface AgendaSearch {
  /** Left out: today. */
  date?: string;
  view?: 'week';
  doctor?: string;
}

export function agendaSearch(search: Record<string, unknown>): AgendaSearch {
  return {
    ...(typeof search.date === 'string' && isPlainDate(search.date) ? { date: search.date } : {}),
    ...(search.view === 'week' ? { view: 'week' as const } : {}),
    ...(typeof search.doctor === 'string' ? { doctor: search.doctor } : {}),
  };
}

const route = getRouteApi('/agenda');

const dayHints = [
  { keys: 'B', does: 'Book' },
  { keys: 'A', does: 'Arrived' },
  { keys: 'R', does: 'In room' },
  { keys: 'F', does: 'Finished' },
  { keys: 'M', does: 'Move' },
  { keys: 'Y', does: 'Accept' },
  { keys: 'K', does: 'Block' },
  { keys: '?', does: 'All keys' },
];

export function AgendaRoute() {
  const desk = useDesk();
  const facts = useFacts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const actions = useVisitActions();
  const openDialog = useDialogs((state) => state.open);
  const { selectedKey, select, marked, mark } = useAgendaStore();
  const [menu, setMenu] = useState<SpotMenuState | null>(null);
  const now = useMemo(() => () => desk.now(), [desk]);
  const today = agendaDate(useMinute(now) as Instant, facts.clinic.timeZone);
  const date = (search.date as PlainDate | undefined) ?? today;
  const view = search.view === 'week' ? 'week' : 'day';
  const doctorId = search.doctor ?? desk.user.doctorId ?? firstDoctor(facts);
  const counts = useDayCounts(date);

  const goTo = useCallback(
    (next: PlainDate) =>
      void navigate({ search: (before) => ({ ...before, date: next === today ? undefined : next }) }),
    [navigate, today],
  );
  const show = useCallback(
    (next: 'day' | 'week', doctor?: string) =>
      void navigate({
        search: (before) => ({
          ...before,
          view: next === 'week' ? 'week' : undefined,
          doctor: doctor ?? before.doctor,
        }),
      }),
    [navigate],
  );

  const onSelect = useCallback((chosen: VisitView | null) => select(chosen?.key ?? null), [select]);
  const onMove = useCallback<DayGridProps['onMove']>(
    (moved, where, overHolds = false) => {
      const id = moved.visitIds[0];
      if (id !== undefined) actions.move(id, where, overHolds ? ['hold'] : []);
    },
    [actions],
  );
  const onOverbook = useCallback<DayGridProps['onOverbook']>(
    (moved, where) => {
      const id = moved.visitIds[0];
      if (id !== undefined) actions.askOverbook(id, where);
    },
    [actions],
  );
  const onDialog = useCallback((of: VisitDialogOf) => openDialog({ kind: 'visit', of }), [openDialog]);
  const onNotMovable = useCallback(
    (chosen: VisitView) =>
      announce(
        chosen.seats
          ? 'A group stays where it is. Its seats move one by one'
          : 'Only a booked visit can be moved',
        { tone: 'refused' },
      ),
    [],
  );
  const book = useCallback(
    (spot: Pick<Spot, 'column' | 'from'>) =>
      openDialog({
        kind: 'booking',
        start: {
          doctorId: spot.column.doctor.id,
          locationId: spot.column.location.id,
          date: spot.column.date,
          startsAt: startOf(spot.column, spot.from),
        },
      }),
    [openDialog],
  );
  const block = useCallback(
    (spot: Pick<Spot, 'column' | 'from' | 'until'>) =>
      openDialog({
        kind: 'block',
        start: {
          doctorId: spot.column.doctor.id,
          locationId: spot.column.location.id,
          date: spot.from >= 1440 ? addDays(spot.column.date, 1) : spot.column.date,
          from: spot.from % 1440,
          until: (spot.until > spot.from ? spot.until : spot.from + 30) % 1440 || 1440,
        },
      }),
    [openDialog],
  );

  const onCommand = useCallback<DayGridProps['onCommand']>(
    (command: AgendaCommand, at) => {
      const id = at.view?.visitIds.length === 1 ? at.view.visitIds[0] : undefined;
      switch (command) {
        case 'today':
          return goTo(today);
        case 'previous':
          return goTo(addDays(date, view === 'week' ? -7 : -1));
        case 'next':
          return goTo(addDays(date, view === 'week' ? 7 : 1));
        case 'day':
          return show('day');
        case 'week':
          return show('week', at.column.doctor.id);
        case 'keys':
          return openDialog({ kind: 'keys' });
        case 'book':
          return book({ column: at.column, from: at.minute });
        case 'block':
          return block({ column: at.column, from: at.minute, until: at.minute + 30 });
        case 'unblock': {
          const found = at.column.blocks.find(
            (each) => each.kind === 'block' && each.from <= at.minute && at.minute < each.until,
          );
          if (found) actions.unblock(found.sourceId);
          return;
        }
        case 'accept-all': {
          const requests = requestsOf(desk.facts, date);
          if (requests.length === 0) announce('Nothing to answer on this day');
          else void actions.acceptAll(requests);
          return;
        }
        case 'shift':
          if (id !== undefined && marked.length < 2) mark([id]);
          focusShift();
          return;
        case 'swap': {
          const [first, second] =
            marked.length === 2 ? marked : [id, at.view && beside(at.column, at.view.key, 1)?.key];
          if (first && second) {
            mark([]);
            actions.swap(first, second);
          } else announce('There is nobody after this visit to swap with', { tone: 'refused' });
          return;
        }
      }
      if (at.view && id === undefined) {
        select(at.view.key);
        announce('Choose one of the group’s seats beside the agenda', { tone: 'refused' });
        return;
      }
      if (id === undefined) return;
      switch (command) {
        case 'arrive':
          return actions.arrive(id);
        case 'start':
          return actions.start(id);
        case 'complete':
          return actions.complete(id);
        case 'noshow':
          return actions.noshow(id);
        case 'accept':
          return actions.accept(id);
        case 'confirm':
          return actions.confirm(id);
        case 'decline':
        case 'change':
        case 'cancel':
        case 'void':
        case 'revoke':
          return onDialog({ kind: command, appointmentId: id });
        case 'record': {
          const patientId = desk.facts.get('appointment', id)?.patientId;
          if (patientId) openDialog({ kind: 'patient', patientId });
        }
      }
    },
    [actions, block, book, date, desk, goTo, mark, marked, onDialog, openDialog, select, show, today, view],
  );

  const monday = mondayOf(date);
  return (
    <Page
      title={view === 'week' ? spanTitle(monday, addDays(monday, 6)) : dayTitle(date)}
      note={`Week ${weekNumber(date)}`}
      hints={dayHints}
      onBook={() => openDialog({ kind: 'booking', start: view === 'week' ? { doctorId, date } : { date } })}
      counts={
        <span className={classes.counts}>
          <b>{counts.visits}</b> visits <b>{counts.waiting}</b> waiting <b>{counts.toAnswer}</b> to answer
        </span>
      }
      controls={
        <>
          <ActionButton
            tone="quiet"
            size="small"
            icon={<IconChevronLeft size={18} aria-hidden />}
            aria-label="Previous"
            onClick={() => goTo(addDays(date, view === 'week' ? -7 : -1))}
          />
          <ActionButton keys="T" onClick={() => goTo(today)} aria-pressed={date === today}>
            Today
          </ActionButton>
          <ActionButton
            tone="quiet"
            size="small"
            icon={<IconChevronRight size={18} aria-hidden />}
            aria-label="Next"
            onClick={() => goTo(addDays(date, view === 'week' ? 7 : 1))}
          />
          <Segments
            label="View"
            value={view}
            segments={[
              { value: 'day', label: 'Day', keys: 'D' },
              { value: 'week', label: 'Week', keys: 'W' },
            ]}
            onChange={(next) => show(next)}
          />
        </>
      }
    >
      <div className={classes.split}>
        <div className={classes.main}>
          {view === 'day' ? (
            <DayView
              date={date}
              onDate={goTo}
              onSelect={onSelect}
              onOpenWeek={(id) => show('week', id)}
              onSpot={(spot) => setMenu({ kind: 'spot', spot })}
              onBlockChosen={(exceptionId, rect) => setMenu({ kind: 'block', exceptionId, rect })}
              onMove={onMove}
              onOverbook={onOverbook}
              onNotMovable={onNotMovable}
              onCommand={onCommand}
            />
          ) : (
            <Suspense fallback={<AgendaSkeleton columns={7} />}>
              <WeekView
                doctorId={doctorId}
                date={date}
                onDoctor={(id) => show('week', id)}
                onSelect={onSelect}
                onMove={onMove}
                onNotMovable={onNotMovable}
                onSpot={(spot) => setMenu({ kind: 'spot', spot })}
                onBlockChosen={(exceptionId, rect) => setMenu({ kind: 'block', exceptionId, rect })}
                onCommand={onCommand}
              />
            </Suspense>
          )}
        </div>
        {marked.length > 0 ? (
          <SelectionPanel appointmentIds={marked} acts={actions} onClose={() => mark([])} />
        ) : (
          selectedKey !== null && (
            <Inspector
              selectedKey={selectedKey}
              actions={actions}
              onClose={() => select(null)}
              onDialog={onDialog}
              onOpenPatient={(patientId) => openDialog({ kind: 'patient', patientId })}
            />
          )
        )}
      </div>
      <SpotMenu
        menu={menu}
        onClose={() => setMenu(null)}
        onBook={book}
        onBlock={block}
        onUnblock={actions.unblock}
      />
    </Page>
  );
}

/** To the minutes of the panel beside the agenda, once it is there. */
function focusShift(): void {
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-shift-minutes]')?.select());
}

function firstDoctor(facts: ReturnType<typeof useFacts>): string {
  let first = '';
  for (const doctor of facts.doctors())
    if (doctor.active && (first === '' || doctor.id < first)) first = doctor.id;
  return first;
}
