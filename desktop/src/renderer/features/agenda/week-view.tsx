/** One doctor's week, by FullCalendar; the card, the rules and the words are the day's own. Loaded when first shown. */
import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/classic/theme.css';
import '@fullcalendar/react/themes/classic/palette.css';
import FullCalendar, { type CalendarOptions, type CalendarRef } from '@fullcalendar/react';
import interactionPlugin from '@fullcalendar/react/interaction';
import classicThemePlugin from '@fullcalendar/react/themes/classic';
import timeGridPlugin from '@fullcalendar/react/timegrid';
import { Select } from '@mantine/core';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { addDays, mondayOf } from '@medic/shared/time/plain-date';
import {
  IconBeach,
  IconCalendar,
  IconClockQuestion,
  IconCoffee,
  IconHourglass,
  IconLock,
  IconMapPin,
} from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useDesk, useFacts, useTentative } from '../../replica/hooks';
import { shortWeekday } from '../../ui/date-words';
import { doctorName } from '../../ui/person-name';
import { useMinute } from '../../ui/use-minute';
import { type AgendaCommand, agendaCommand, meansTheGrid } from './agenda-keys';
import { useAgendaStore } from './agenda-store';
import type { DayGridProps } from './day-grid';
import { type AgendaColumn, agendaDate, hourHeight } from './day-model';
import { isMovable } from './place-check';
import { cardLabel, VisitCard } from './visit-card';
import type { VisitView } from './visit-view';
import { instantOfStamp, placeAt, type Week, type WeekSpan, wallStamp, weekOf } from './week-model';
import classes from './week-view.module.css';

export interface WeekViewProps
  extends Pick<
    DayGridProps,
    'onSelect' | 'onMove' | 'onNotMovable' | 'onSpot' | 'onBlockChosen' | 'onCommand'
  > {
  doctorId: string;
  date: PlainDate;
  onDoctor: (doctorId: string) => void;
}

// FullCalendar compares options by identity: what does not change stands outside.
const plugins = [timeGridPlugin, interactionPlugin, classicThemePlugin];
// FullCalendar draws no quarter hour lower than 25 px, its line included: the lines of the open hours go by that.
const weekHourPx = 100;
const slotFormat = { hour: '2-digit', minute: '2-digit', hour12: false } as const;

export function WeekView(props: WeekViewProps) {
  const { doctorId, date } = props;
  const desk = useDesk();
  const facts = useFacts();
  const tentative = useTentative();
  const selectedKey = useAgendaStore((state) => state.selectedKey);
  const hideFinished = useAgendaStore((state) => state.hideFinished);
  const now = useMemo(() => () => desk.now(), [desk]);
  const minute = useMinute(now) as Instant;
  const monday = mondayOf(date);
  const week = useMemo(
    () => weekOf(facts, doctorId, monday, tentative, minute),
    [facts, doctorId, monday, tentative, minute],
  );
  const doctor = facts.doctor(doctorId);
  const homePlace = doctor?.places[0]?.locationId ?? '';
  const homeZone = facts.location(homePlace)?.timeZone ?? facts.clinic.timeZone;
  const calendar = useRef<CalendarRef>(null);
  const pxPerHour = hourHeight(facts, weekHourPx);
  const escaped = useRef(false);

  useEffect(() => {
    // After the render that brings the date: the calendar must not be told while React draws it.
    queueMicrotask(() => calendar.current?.getApi().gotoDate(monday));
  }, [monday]);

  const events = useMemo(
    () => [
      ...week.spans.map((span) => ({
        id: span.key,
        start: span.start,
        end: span.end,
        display: 'background' as const,
        editable: false,
        extendedProps: { span },
      })),
      ...week.visits
        .filter(({ view }) => !hideFinished || view.state !== 'done')
        .map(({ view, start, end }) => ({
          id: view.key,
          title: view.name,
          start,
          end,
          editable: isMovable(facts, view),
          durationEditable: false,
          extendedProps: { view },
        })),
    ],
    [week, hideFinished, facts],
  );

  const latest = useRef({ props, week, facts, selectedKey });
  latest.current = { props, week, facts, selectedKey };

  const spotFor = useCallback(
    (start: Date, end: Date | null, rect: DOMRect) => {
      const { week: shown, facts: current, props: handlers } = latest.current;
      const locationId = placeAt(shown, start) ?? homePlace;
      const location = current.location(locationId);
      const who = current.doctor(doctorId);
      if (!location || !who) return;
      const day = start.toISOString().slice(0, 10) as PlainDate;
      const from = start.getUTCHours() * 60 + start.getUTCMinutes();
      const length = end ? Math.round((end.getTime() - start.getTime()) / 60_000) : 0;
      const column: AgendaColumn = {
        key: '',
        date: day,
        doctor: who,
        location,
        zone: location.timeZone,
        title: '',
        subtitle: '',
        hours: [],
        blocks: [],
        visits: [],
        load: 0,
        freeCount: null,
        timeOff: null,
      };
      handlers.onSpot({ column, from, until: length > 15 ? from + length : from, rect });
    },
    [doctorId, homePlace],
  );

  const options = useMemo<CalendarOptions>(
    () => ({
      eventContent: (info) => {
        const view = info.event.extendedProps.view as VisitView | undefined;
        return view ? (
          <WeekCard view={view} pxPerHour={pxPerHour} now={now} selectedKey={selectedKey} />
        ) : null;
      },
      backgroundEventContent: (info) => {
        const span = info.event.extendedProps.span as WeekSpan | undefined;
        return span ? <WeekBlock span={span} /> : null;
      },
      dayHeaderContent: (info) => <DayHead date={info.date.toISOString().slice(0, 10) as PlainDate} />,
      eventClick: (info) => {
        const { view, span } = info.event.extendedProps as { view?: VisitView; span?: WeekSpan };
        const rect = info.el.getBoundingClientRect();
        if (view) latest.current.props.onSelect(view);
        else if (span?.kind === 'block') latest.current.props.onBlockChosen(span.sourceId, rect);
        else if (span && info.jsEvent instanceof MouseEvent)
          spotFor(
            stampAt(info.jsEvent, rect, span),
            null,
            new DOMRect(info.jsEvent.clientX - 60, info.jsEvent.clientY - 9, 120, 18),
          );
      },
      select: (info) => {
        const event = info.jsEvent;
        const at = event ? new DOMRect(event.clientX - 60, event.clientY - 9, 120, 18) : new DOMRect();
        spotFor(info.start, info.end, at);
        calendar.current?.getApi().unselect();
      },
      eventDragStart: () => {
        escaped.current = false;
      },
      eventDrop: (info) => {
        const view = info.event.extendedProps.view as VisitView | undefined;
        const start = info.event.start;
        const { week: shown, facts: current, props: handlers } = latest.current;
        // The calendar moves first and asks later: what stands is decided by the act, and drawn from the facts.
        info.revert();
        if (!view || !start || escaped.current) return;
        if (!isMovable(current, view)) return handlers.onNotMovable(view);
        const locationId = placeAt(shown, start) ?? view.locationId;
        const zone = current.location(locationId)?.timeZone ?? current.clinic.timeZone;
        const where = { doctorId: view.doctorId, locationId, startsAt: instantOfStamp(start, zone) };
        handlers.onMove(view, where);
      },
    }),
    [now, pxPerHour, selectedKey, spotFor],
  );

  // Esc while a card is pulled: the calendar would let it fall where it is.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') escaped.current = true;
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);

  useWeekKeys(latest, facts.doctor(doctorId));

  const places = new Set(
    week.spans
      .filter((span) => span.kind === 'open' && span.start >= monday && span.start < addDays(monday, 7))
      .map((span) => span.locationId),
  );
  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <Select
          aria-label="Doctor"
          searchable
          w={220}
          data={[...facts.doctors()]
            .filter((each) => each.active || each.id === doctorId)
            .map((each) => ({ value: each.id, label: `${each.title} ${each.name}`.trim() }))}
          value={doctorId}
          onChange={(id) => id && props.onDoctor(id)}
        />
        {[...places].map((id) => (
          <span key={id} className={classes.fact}>
            <IconMapPin size={14} stroke={1.75} aria-hidden />{' '}
            {(id && facts.location(id)?.name) ?? 'Every place'}
          </span>
        ))}
        {week.toAnswer > 0 && (
          <span className={classes.fact} data-amber>
            <IconClockQuestion size={14} stroke={1.75} aria-hidden /> {week.toAnswer} request
            {week.toAnswer === 1 ? '' : 's'} to answer
          </span>
        )}
        <span className={classes.load}>
          Booked {hoursWords(week.bookedMinutes)} of {hoursWords(week.openMinutes)}
          <span>
            <i
              style={{
                width: `${week.openMinutes > 0 ? Math.min(100, Math.round((week.bookedMinutes / week.openMinutes) * 100)) : 0}%`,
              }}
            />
          </span>
        </span>
      </div>
      <section
        className={classes.calendar}
        style={{ '--slot': `${pxPerHour / 4}px` } as React.CSSProperties}
        aria-label={doctor ? `Week of ${doctorName(doctor)}` : 'Week'}
        data-week-grid
      >
        <FullCalendar
          ref={calendar}
          {...options}
          plugins={plugins}
          events={events}
          initialView="timeGridWeek"
          initialDate={monday}
          headerToolbar={false}
          timeZone="UTC"
          now={wallStamp(minute, homeZone)}
          nowIndicator
          firstDay={1}
          allDaySlot={false}
          slotDuration="00:15:00"
          snapDuration="00:05:00"
          slotHeaderInterval="01:00"
          slotHeaderFormat={slotFormat}
          slotMinTime={week.slotMin}
          slotMaxTime={week.slotMax}
          slotMinHeight={pxPerHour / 4 - 1}
          height="100%"
          expandRows={false}
          editable
          selectable
          selectMinDistance={0}
          eventInteractive
          slotEventOverlap={false}
          scrollTime="07:30:00"
          columnEventClass={classes.event}
          columnEventInnerClass={classes.eventInner}
          backgroundEventClass={classes.background}
          backgroundEventInnerClass={classes.eventInner}
          dayLaneClass={classes.lane}
          slotLaneClass={classes.slotLane}
          slotHeaderClass={classes.slotHeader}
          nowIndicatorLineClass={classes.nowLine}
          nowIndicatorHeaderClass={classes.nowHeader}
        />
      </section>
    </div>
  );
}

function WeekCard({
  view,
  pxPerHour,
  now,
  selectedKey,
}: {
  view: VisitView;
  pxPerHour: number;
  now: () => number;
  selectedKey: string | null;
}) {
  const height = ((view.until - view.from) / 60) * pxPerHour - 2;
  return (
    <div className={classes.card} title={cardLabel(view)} data-visit={view.key}>
      <VisitCard view={view} heightPx={height} selected={view.key === selectedKey} wide now={now} />
    </div>
  );
}

const blockIcons = {
  break: IconCoffee,
  block: IconLock,
  closure: IconLock,
  'time-off': IconBeach,
  hold: IconHourglass,
  'external-busy': IconCalendar,
} as const;
const blockWords = {
  break: 'Break',
  block: 'Blocked',
  closure: 'Closed',
  'time-off': 'Time off',
  hold: 'Held online',
  'external-busy': 'Busy',
} as const;

function WeekBlock({ span }: { span: WeekSpan }) {
  if (span.kind === 'open')
    return (
      <div
        className={classes.open}
        style={{ '--shift': Number(span.start.slice(14, 16)) / 15 } as React.CSSProperties}
      />
    );
  const Icon = blockIcons[span.kind];
  return (
    <div className={classes.block} data-kind={span.kind}>
      <span>
        <Icon size={13} stroke={1.75} aria-hidden /> {span.label || blockWords[span.kind]}
        {span.kind === 'break' ? ` to ${span.end.slice(11, 16)}` : ''}
      </span>
      {span.kind !== 'break' && span.start.slice(0, 10) === span.end.slice(0, 10) && (
        <small>
          {span.start.slice(11, 16)}–{span.end.slice(11, 16)}
        </small>
      )}
    </div>
  );
}

function DayHead({ date }: { date: PlainDate }) {
  const desk = useDesk();
  const today = agendaDate(desk.now(), desk.facts.clinic.timeZone) === date;
  return (
    <span className={classes.dayHead} data-today={today || undefined}>
      <span>
        {shortWeekday(date)}
        {today && ' · today'}
      </span>
      <b>{Number(date.slice(8))}</b>
    </span>
  );
}

/** The wall time that was pointed at inside a background event. */
function stampAt(event: MouseEvent, rect: DOMRect, span: WeekSpan): Date {
  const start = Date.parse(span.start);
  const part = rect.height > 0 ? (event.clientY - rect.top) / rect.height : 0;
  const minutes = (part * (Date.parse(span.end) - start)) / 60_000;
  return new Date(start + Math.floor(minutes / 15) * 15 * 60_000);
}

function hoursWords(minutes: number): string {
  const rest = Math.round(minutes) % 60;
  const hours = Math.floor(Math.round(minutes) / 60);
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')}`;
}

/** What needs the day's cell and columns. */
const dayOnly: readonly AgendaCommand[] = [
  'up',
  'down',
  'left',
  'right',
  'open',
  'move',
  'mark',
  'extend-up',
  'extend-down',
  'accept-all',
];

/** Keys for the visit that is selected, and for going about, with the focus in the week or nowhere. */
function useWeekKeys(
  latest: {
    current: {
      props: WeekViewProps;
      week: Week;
      facts: ReturnType<typeof useFacts>;
      selectedKey: string | null;
    };
  },
  doctor: ReturnType<ReturnType<typeof useFacts>['doctor']>,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || (!meansTheGrid(event) && target.closest('[data-week-grid]') === null))
        return;
      const command = agendaCommand(event);
      const { props, week, facts, selectedKey } = latest.current;
      const location = facts.location(doctor?.places[0]?.locationId ?? '');
      if (command === null || !doctor || !location || dayOnly.includes(command)) return;
      event.preventDefault();
      if (command === 'close') return props.onSelect(null);
      const view = week.visits.find((each) => each.view.key === selectedKey)?.view ?? null;
      const column: AgendaColumn = {
        key: '',
        date: props.date,
        doctor,
        location,
        zone: location.timeZone,
        title: '',
        subtitle: '',
        hours: [],
        blocks: [],
        visits: [],
        load: 0,
        freeCount: null,
        timeOff: null,
      };
      props.onCommand(command, { view, column, minute: view?.from ?? 540, free: true });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [latest, doctor]);
}
