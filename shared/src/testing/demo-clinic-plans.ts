/** When the demo clinic's doctors work, week by week. */
import type { ScheduleTemplate } from '../model/schedule-template';
import type { PlainDate, WallTime } from '../time/instant';
import { addDays, mondayOf } from '../time/plain-date';
import { type Directory, type LocationKey, openedAt, roomKey } from './demo-clinic-directory';
import type { Random } from './random';

interface Hours {
  weekdays: number[];
  at: LocationKey;
  opens: string;
  closes: string;
  breaks?: [startsAt: string, endsAt: string, label?: string][];
  /** Every second week: `this` is the week of today and those an even number away, `other` the rest. */
  week?: 'this' | 'other';
  /** Of a plan that changed: up to, or from, the Monday two weeks ago. */
  plan?: 'old' | 'new';
}

const lunch: [string, string][] = [['12:00', '12:30']];

/** By the order of the doctors in the directory. */
const namedPlans: readonly (readonly Hours[])[] = [
  // Nowak: Fridays early and late by turns, every second Saturday morning.
  [
    { weekdays: [1, 2, 3], at: 'harbour', opens: '08:00', closes: '16:00', breaks: lunch },
    { weekdays: [4], at: 'harbour', opens: '09:00', closes: '17:00', breaks: lunch },
    { weekdays: [5], at: 'harbour', opens: '08:00', closes: '14:00', breaks: lunch, week: 'this' },
    {
      weekdays: [5],
      at: 'harbour',
      opens: '10:00',
      closes: '18:00',
      breaks: [['13:00', '13:45']],
      week: 'other',
    },
    { weekdays: [6], at: 'harbour', opens: '09:00', closes: '12:00', week: 'this' },
  ],
  // Okafor: two places in one week.
  [
    { weekdays: [1, 2, 4], at: 'harbour', opens: '08:00', closes: '15:00', breaks: lunch },
    { weekdays: [3, 5], at: 'oldTown', opens: '10:00', closes: '18:00', breaks: [['13:30', '14:15']] },
    { weekdays: [6], at: 'harbour', opens: '09:00', closes: '12:00', week: 'other' },
  ],
  // Lindqvist: mornings, and afternoons every second week.
  [
    { weekdays: [1, 2, 3, 4, 5], at: 'harbour', opens: '08:00', closes: '14:00', week: 'this' },
    { weekdays: [2, 4], at: 'harbour', opens: '08:00', closes: '14:00', week: 'other' },
    {
      weekdays: [1, 3, 5],
      at: 'harbour',
      opens: '12:00',
      closes: '18:30',
      breaks: [['15:30', '16:00']],
      week: 'other',
    },
    { weekdays: [6], at: 'harbour', opens: '09:00', closes: '13:00', week: 'this' },
  ],
  // Horák: every second Friday in another country and zone.
  [
    { weekdays: [1, 2, 3, 4], at: 'harbour', opens: '08:00', closes: '17:00', breaks: [['12:15', '13:00']] },
    { weekdays: [5], at: 'harbour', opens: '08:00', closes: '13:00', week: 'this' },
    {
      weekdays: [5],
      at: 'london',
      opens: '10:00',
      closes: '16:00',
      breaks: [['13:00', '13:30']],
      week: 'other',
    },
  ],
  // Marchetti
  [
    { weekdays: [1, 2, 4], at: 'harbour', opens: '09:00', closes: '17:30', breaks: [['12:30', '13:15']] },
    { weekdays: [3], at: 'harbour', opens: '12:00', closes: '19:30', breaks: [['16:00', '16:30']] },
    { weekdays: [5], at: 'harbour', opens: '09:00', closes: '13:00' },
  ],
  // Weber: late surgery that crosses midnight, with a break on either side of it.
  [
    {
      weekdays: [1],
      at: 'oldTown',
      opens: '17:00',
      closes: '01:00',
      breaks: [
        ['20:30', '21:00', 'Supper'],
        ['23:45', '00:15', 'Tea'],
      ],
    },
    { weekdays: [2, 3], at: 'oldTown', opens: '10:00', closes: '18:00', breaks: [['13:00', '13:45']] },
    {
      weekdays: [4],
      at: 'oldTown',
      opens: '17:00',
      closes: '01:00',
      breaks: [
        ['20:30', '21:00', 'Supper'],
        ['23:45', '00:15', 'Tea'],
      ],
    },
    { weekdays: [6], at: 'oldTown', opens: '10:00', closes: '13:00', week: 'other' },
  ],
  // Rahman
  [
    { weekdays: [1, 2, 3, 4], at: 'oldTown', opens: '08:30', closes: '18:00', breaks: [['12:00', '13:00']] },
    { weekdays: [5], at: 'oldTown', opens: '08:30', closes: '13:30', week: 'this' },
    { weekdays: [6], at: 'oldTown', opens: '09:00', closes: '12:00', week: 'this' },
  ],
  // Dubois
  [
    { weekdays: [1, 3, 5], at: 'oldTown', opens: '08:00', closes: '16:00', breaks: lunch },
    { weekdays: [2, 4], at: 'oldTown', opens: '11:00', closes: '19:00', breaks: [['14:30', '15:00']] },
  ],
  // Shah
  [
    { weekdays: [1, 2, 4], at: 'london', opens: '08:30', closes: '17:00', breaks: [['12:30', '13:15']] },
    { weekdays: [3], at: 'london', opens: '12:00', closes: '20:00', breaks: [['15:30', '16:00']] },
    { weekdays: [5], at: 'london', opens: '07:30', closes: '13:30' },
    { weekdays: [6], at: 'london', opens: '09:00', closes: '12:00', week: 'other' },
  ],
  // Brennan: a new plan since two weeks ago.
  [
    { weekdays: [1, 2, 3, 4], at: 'london', opens: '09:00', closes: '15:00', plan: 'old' },
    { weekdays: [2, 4, 5], at: 'london', opens: '09:00', closes: '15:30', breaks: lunch, plan: 'new' },
    {
      weekdays: [3],
      at: 'london',
      opens: '11:30',
      closes: '19:00',
      breaks: [['15:00', '15:30']],
      plan: 'new',
    },
  ],
  // Tanaka: the suite is Horák's every second Friday.
  [
    { weekdays: [1, 2, 3, 4], at: 'london', opens: '09:00', closes: '17:00', breaks: [['12:45', '13:30']] },
    { weekdays: [5], at: 'london', opens: '09:00', closes: '13:00', week: 'this' },
  ],
  // Ashworth: early one week, late the next.
  [
    {
      weekdays: [1, 2, 3, 4, 5],
      at: 'london',
      opens: '07:30',
      closes: '15:30',
      breaks: [['11:30', '12:00']],
      week: 'this',
    },
    {
      weekdays: [1, 2, 3, 4, 5],
      at: 'london',
      opens: '11:00',
      closes: '19:00',
      breaks: [['15:00', '15:30']],
      week: 'other',
    },
  ],
];

/** What the other doctors of the large clinic work, by turns. */
const commonPlans: readonly (readonly Omit<Hours, 'at'>[])[] = [
  [{ weekdays: [1, 2, 3, 4, 5], opens: '08:00', closes: '16:00', breaks: lunch }],
  [
    { weekdays: [1, 3, 5], opens: '07:30', closes: '14:00' },
    { weekdays: [2, 4], opens: '12:00', closes: '20:00', breaks: [['15:30', '16:15']] },
  ],
  [
    {
      weekdays: [1, 2, 3, 4, 5],
      opens: '09:00',
      closes: '17:30',
      breaks: [['12:30', '13:30']],
      week: 'this',
    },
    { weekdays: [1, 2, 3, 4], opens: '08:00', closes: '17:00', breaks: lunch, week: 'other' },
  ],
  [
    {
      weekdays: [1, 2, 4, 5],
      opens: '08:30',
      closes: '17:00',
      breaks: [
        ['10:30', '10:45', 'Coffee'],
        ['12:30', '13:00'],
      ],
    },
    { weekdays: [6], opens: '09:00', closes: '13:00', week: 'other' },
  ],
];

export function demoTemplates(directory: Directory, today: PlainDate, random: Random): ScheduleTemplate[] {
  const monday = mondayOf(today);
  const since = addDays(monday, -60 * 7);
  const changed = addDays(monday, -14);
  return directory.doctors.flatMap((doctor, index) => {
    const first = directory.locations.find((place) => place.id === doctor.places[0]?.locationId);
    const plans: readonly (Omit<Hours, 'at'> & { at?: LocationKey })[] =
      namedPlans[index] ?? commonPlans[index % commonPlans.length] ?? [];
    return plans.flatMap((hours) => {
      const place = hours.at ? directory.locationOf[hours.at] : first;
      if (!place) return [];
      return hours.weekdays.map((weekday): ScheduleTemplate => {
        const id = random.id(openedAt);
        return {
          id,
          clinicId: directory.clinic.id,
          seq: 0,
          deleted: false,
          doctorId: doctor.id,
          locationId: place.id,
          roomId: directory.ownRooms.get(roomKey(doctor.id, place.id)) ?? null,
          weekday,
          opensAt: hours.opens as WallTime,
          closesAt: hours.closes as WallTime,
          validFrom: hours.plan === 'new' ? changed : since,
          validUntil: hours.plan === 'old' ? changed : null,
          everyNWeeks: hours.week ? 2 : 1,
          anchorDate: hours.week === 'other' ? addDays(monday, 7) : monday,
          breaks: (hours.breaks ?? []).map(([startsAt, endsAt, label]) => ({
            id: random.id(openedAt),
            clinicId: directory.clinic.id,
            templateId: id,
            startsAt: startsAt as WallTime,
            endsAt: endsAt as WallTime,
            label: label ?? 'Break',
          })),
        };
      });
    });
  });
}
