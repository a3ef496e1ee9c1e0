/**
 * Cases that once went wrong, and corners that chance seldom meets, as literals: a seed would mean another case as
 * soon as the generator changes. A failing random test prints its case in this form; give it a name by its symptom.
 */
import type { LocationRoom } from '../../model/location';
import type { SyncedOf } from '../../model/records';
import type { ScheduleTemplate } from '../../model/schedule-template';
import {
  aBusyTime,
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  anException,
  aRoom,
  aTemplate,
  aTimeOff,
  idOf,
} from '../../testing/builders';
import type { PlainDate } from '../../time/instant';
import { dayNumber } from '../../time/plain-date';
import type { SlotQuery } from '../query';
import type { OracleFacts } from './oracle';
import type { RandomCase } from './random-clinic';

/** Records as what differs from the builders' values; branded words and numbers as plain ones. */
type Loose<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends object
      ? { [K in keyof T]?: Loose<T[K]> }
      : T;

export type KeptCase = {
  name: string;
  at: [zone: string, date: string];
  query: Loose<SlotQuery>;
} & { [K in keyof OracleFacts]?: Loose<OracleFacts[K][number]>[] };

const builders = {
  locations: aLocation,
  doctors: aDoctor,
  types: anAppointmentType,
  templates: aTemplate,
  exceptions: anException,
  timeOff: aTimeOff,
  appointments: anAppointment,
  holds: aHold,
  busy: aBusyTime,
} as unknown as Record<keyof OracleFacts, (overrides: object) => SyncedOf<'location'>>;

const parts = Object.keys(builders) as (keyof OracleFacts)[];

/** The case that a literal stands for. */
export function keptCase(kept: KeptCase): RandomCase {
  const facts = Object.fromEntries(
    parts.map((part) => [part, (kept[part] ?? []).map((record) => builders[part](record))]),
  );
  const [zone, date] = kept.at;
  return { centre: { zone, date }, facts, query: kept.query } as unknown as RandomCase;
}

/** The fields in which a record, or a child of one, is not as its builder would make it. */
function differing(record: object, plain: object): Record<string, unknown> {
  const usual = plain as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(record)
      .filter(([field, value]) => field === 'id' || JSON.stringify(value) !== JSON.stringify(usual[field]))
      .map(([field, value]) => [
        field,
        field === 'rooms'
          ? (value as LocationRoom[]).map((room) => differing(room, aRoom({ id: room.id })))
          : value,
      ]),
  );
}

/** The literal that stands for a case. */
export function literalOf({ centre, facts, query }: RandomCase): string {
  const literal: Record<string, unknown> = { name: '', at: [centre.zone, centre.date], query };
  for (const part of parts) {
    const records = facts[part].map((record) => differing(record, builders[part]({ id: record.id })));
    if (records.length > 0) literal[part] = records;
  }
  return JSON.stringify(literal);
}

const everyDay = (hours: Loose<ScheduleTemplate>): Loose<ScheduleTemplate>[] =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    id: idOf('scheduleTemplate', weekday),
    weekday,
    validFrom: '1840-01-01',
    ...hours,
  }));

function asked(from: string, until: string): Loose<SlotQuery> {
  return {
    doctorIds: [],
    appointmentTypeId: idOf('appointmentType', 1),
    from,
    until,
    channel: 'online',
    now: (dayNumber(from as PlainDate) - 2) * 86_400_000,
  };
}

export const keptCases: readonly KeptCase[] = [
  {
    name: 'hours that go on after midnight are named to their end',
    at: ['Europe/Warsaw', '2024-04-01'],
    query: asked('2024-04-01', '2024-04-03'),
    locations: [{}],
    doctors: [{}],
    types: [{}],
    templates: [
      { id: idOf('scheduleTemplate', 1), weekday: 1, opensAt: '02:30', closesAt: '24:00' },
      { id: idOf('scheduleTemplate', 2), weekday: 2, opensAt: '00:00', closesAt: '01:00' },
    ],
  },
  {
    name: 'hours that began weeks ago are named from their beginning',
    at: ['Europe/Warsaw', '2024-03-31'],
    query: asked('2024-03-31', '2024-04-02'),
    locations: [{}],
    doctors: [{}],
    types: [{ slotStepMinutes: 25 }],
    templates: everyDay({
      opensAt: '00:00',
      closesAt: '24:00',
      validFrom: '2024-03-12',
      validUntil: '2024-04-01',
    }),
  },
  {
    name: 'hours that open later on the date and never close',
    at: ['Europe/Warsaw', '2024-03-31'],
    query: asked('2024-03-31', '2024-04-02'),
    locations: [{}],
    doctors: [{}],
    types: [{}],
    templates: everyDay({ opensAt: '00:30', closesAt: '00:30', validFrom: '2024-03-31' }),
  },
  {
    name: 'a night before a date that the zone skipped ends on the date after it',
    at: ['Pacific/Apia', '2011-12-30'],
    query: asked('2011-12-28', '2012-01-02'),
    locations: [{ timeZone: 'Pacific/Apia' }],
    doctors: [{}],
    types: [{ slotStepMinutes: 45, bufferBeforeMinutes: 10 }],
    templates: everyDay({ opensAt: '22:00', closesAt: '05:30' }),
    exceptions: [{ id: idOf('availabilityException', 1), kind: 'block', date: '2011-12-30' }],
  },
  {
    name: 'a date that a zone lived twice has one set of hours',
    at: ['Pacific/Kwajalein', '1969-09-30'],
    query: asked('1969-09-29', '1969-10-03'),
    locations: [{ timeZone: 'Pacific/Kwajalein' }],
    doctors: [{}],
    types: [{}],
    templates: everyDay({ opensAt: '20:00', closesAt: '04:00' }),
    exceptions: [{ id: idOf('availabilityException', 1), kind: 'block', date: '1969-10-01' }],
  },
  {
    name: 'a clock that goes back across midnight leaves the minutes it repeats to the day that had begun',
    at: ['America/St_Johns', '2006-10-29'],
    query: asked('2006-10-28', '2006-10-31'),
    locations: [{ timeZone: 'America/St_Johns' }],
    doctors: [{}],
    types: [{ slotStepMinutes: 15 }],
    templates: everyDay({ opensAt: '22:00', closesAt: '24:00' }),
    exceptions: [{ id: idOf('availabilityException', 1), kind: 'block', date: '2006-10-28' }],
  },
  {
    name: 'hours from a midnight that is skipped begin where the clock goes on',
    at: ['Africa/Cairo', '2026-04-24'],
    query: asked('2026-04-23', '2026-04-26'),
    locations: [{ timeZone: 'Africa/Cairo' }],
    doctors: [{}],
    types: [{ slotStepMinutes: 20 }],
    templates: everyDay({ opensAt: '00:00', closesAt: '03:00' }),
  },
  {
    name: 'hours that touch at midnight touch under an offset of seconds too',
    at: ['Africa/Monrovia', '1972-01-07'],
    query: asked('1972-01-05', '1972-01-09'),
    locations: [{ timeZone: 'Africa/Monrovia' }],
    doctors: [{}],
    types: [{ slotStepMinutes: 25 }],
    templates: [
      ...everyDay({ opensAt: '21:00', closesAt: '24:00' }),
      ...everyDay({ opensAt: '00:00', closesAt: '02:00' }).map((template, i) => ({
        ...template,
        id: idOf('scheduleTemplate', 11 + i),
      })),
    ],
  },
  {
    name: 'two doctors before 1970 are merged in order of time',
    at: ['Europe/Moscow', '1918-06-01'],
    query: asked('1918-05-30', '1918-06-03'),
    locations: [{ timeZone: 'Europe/Moscow' }],
    doctors: [{}, { id: idOf('doctor', 2), name: 'Adamska' }],
    types: [{}],
    templates: [
      ...everyDay({ opensAt: '09:00', closesAt: '11:00' }),
      ...everyDay({ opensAt: '10:00', closesAt: '12:00' }).map((template, i) => ({
        ...template,
        id: idOf('scheduleTemplate', 11 + i),
        doctorId: idOf('doctor', 2),
      })),
    ],
  },
];
