import type { Instant, WallTime } from '@medic/shared/time/instant';
import classes from './legend.module.css';
import { VisitCard } from './visit-card';
import type { VisitView } from './visit-view';

const base: VisitView = {
  key: 'legend',
  visitIds: [],
  doctorId: '',
  locationId: '',
  appointmentTypeId: '',
  startsAt: 0 as Instant,
  endsAt: 0 as Instant,
  from: 480,
  until: 510,
  clock: '08:00' as WallTime,
  name: 'Santos Rui',
  shortName: 'Santos R.',
  typeName: 'Consultation',
  colour: 'blue',
  state: 'booked',
  arrivedAt: null,
  roomName: 'Room 1',
  tentative: false,
  overbooked: false,
  roomOverbooked: false,
  confirmed: false,
  inSeries: false,
  outsideHours: false,
  seats: null,
  lane: 0,
  lanes: 1,
};

const minute = 60_000;

const examples: readonly { word: string; view: Partial<VisitView> }[] = [
  { word: 'Booked', view: {} },
  { word: 'Request, to answer', view: { state: 'pending', colour: 'violet' } },
  { word: 'Suggested, not held', view: { state: 'proposed', colour: 'violet' } },
  { word: 'Not sent yet', view: { tentative: true, colour: 'violet' } },
  { word: 'Patient said they come', view: { confirmed: true } },
  { word: 'One of a series', view: { inSeries: true } },
  { word: 'Arrived, waiting', view: { state: 'arrived', arrivedAt: (0 - 11 * minute) as Instant } },
  {
    word: 'Waiting over 15 min',
    view: {
      state: 'arrived',
      arrivedAt: (0 - 17 * minute) as Instant,
      colour: 'olive',
      typeName: 'Vaccination',
    },
  },
  { word: 'In the room', view: { state: 'in-room' } },
  { word: 'Finished', view: { state: 'done' } },
  { word: 'Did not come', view: { state: 'no-show' } },
  { word: 'Overbooked', view: { overbooked: true } },
  { word: 'Outside hours', view: { outsideHours: true } },
  {
    word: 'Group with seats',
    view: { seats: { taken: 6, capacity: 8 }, shortName: 'Knee class', colour: 'copper' },
  },
];

/** Every state of a card, with its word. The same card as in the grid. */
export function Legend() {
  return (
    <ul className={classes.list}>
      {examples.map(({ word, view }) => (
        <li key={word}>
          <span>{word}</span>
          <div aria-hidden>
            <VisitCard view={{ ...base, ...view }} heightPx={38} selected={false} now={legendClock} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function legendClock(): number {
  return 0;
}
