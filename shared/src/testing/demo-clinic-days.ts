/** What differs from the plan in the weeks around today: blocks, closures, other hours, time off, busy times, notes. */
import type { AvailabilityException } from '../model/availability-exception';
import type { CalendarConnection, ExternalBusyTime } from '../model/calendar';
import type { DayNote } from '../model/day-note';
import type { Doctor } from '../model/doctor';
import type { TimeOffRequest } from '../model/time-off-request';
import { dayMs, type Instant, instant, type PlainDate, type TimeZone, type WallTime } from '../time/instant';
import { addDays, mondayOf, weekdayOf } from '../time/plain-date';
import { instantOf } from '../time/zone';
import { type Directory, type LocationKey, roomKey } from './demo-clinic-directory';
import type { Random } from './random';

export interface DemoDays {
  exceptions: AvailabilityException[];
  timeOff: TimeOffRequest[];
  connections: CalendarConnection[];
  busy: ExternalBusyTime[];
  notes: DayNote[];
}

type Named =
  | 'Nowak'
  | 'Okafor'
  | 'Lindqvist'
  | 'Horák'
  | 'Marchetti'
  | 'Weber'
  | 'Rahman'
  | 'Dubois'
  | 'Shah'
  | 'Brennan'
  | 'Tanaka'
  | 'Ashworth';

export function demoDays(directory: Directory, today: PlainDate, now: Instant, random: Random): DemoDays {
  const { clinic, locationOf, users } = directory;
  const madeAt = instant(now - 9 * dayMs);
  const admin = users[0]?.id ?? null;
  const synced = { clinicId: clinic.id, seq: 0, deleted: false };

  function doctor(name: Named): Doctor {
    const found = directory.doctors.find((each) => each.name.endsWith(` ${name}`));
    if (!found) throw new Error(`Broken invariant: no doctor ${name}`);
    return found;
  }

  function exception(
    kind: AvailabilityException['kind'],
    who: Doctor | null,
    at: LocationKey | null,
    date: PlainDate,
    hours: [string, string] | null,
    reason: string,
  ): AvailabilityException {
    const place = at && locationOf[at];
    const givesHours = kind === 'extra' || kind === 'replace';
    return {
      ...synced,
      id: random.id(madeAt),
      doctorId: who?.id ?? null,
      locationId: place?.id ?? null,
      roomId: givesHours && who && place ? (directory.ownRooms.get(roomKey(who.id, place.id)) ?? null) : null,
      kind,
      date,
      startsAt: (hours?.[0] ?? null) as WallTime | null,
      endsAt: (hours?.[1] ?? null) as WallTime | null,
      reason,
      createdBy: admin,
    };
  }

  const exceptions: AvailabilityException[] = [];
  for (let offset = -28; offset <= 28; offset++) {
    const date = addDays(today, offset);
    const weekday = weekdayOf(date);
    if (weekday === 1)
      exceptions.push(
        exception('block', doctor('Nowak'), 'harbour', date, ['15:00', '16:00'], 'Procedure list'),
      );
    if (weekday === 2 || weekday === 4)
      exceptions.push(exception('block', doctor('Horák'), 'harbour', date, ['08:00', '09:15'], 'Ward round'));
    if (weekday === 2)
      exceptions.push(
        exception('block', doctor('Lindqvist'), 'harbour', date, ['12:15', '13:00'], 'Staff meeting'),
      );
    if (weekday === 3)
      exceptions.push(
        exception('block', doctor('Shah'), 'london', date, ['14:00', '14:45'], 'Practice meeting'),
      );
    if (weekday === 5)
      exceptions.push(
        exception('block', doctor('Nowak'), 'harbour', date, ['12:30', '13:30'], 'Team training'),
      );
  }
  // Whatever weekday the demo begins on, its first day has something of everything.
  const weekday = weekdayOf(today);
  if (weekday <= 5) {
    if (weekday !== 2)
      exceptions.push(
        exception('block', doctor('Lindqvist'), 'harbour', today, ['13:00', '13:45'], 'Staff meeting'),
      );
    if (weekday === 1 || weekday === 3)
      exceptions.push(
        exception('block', doctor('Horák'), 'harbour', today, ['08:00', '09:15'], 'Ward round'),
      );
    if (weekday !== 5)
      exceptions.push(
        exception('block', doctor('Rahman'), 'oldTown', today, ['14:15', '15:00'], 'Equipment check'),
      );
  } else {
    exceptions.push(
      exception('extra', doctor('Nowak'), 'harbour', today, ['08:00', '16:00'], 'Weekend surgery'),
      exception('extra', doctor('Lindqvist'), 'harbour', today, ['09:00', '14:00'], 'Weekend surgery'),
      exception('extra', doctor('Okafor'), 'harbour', today, ['10:00', '17:00'], 'Weekend surgery'),
      exception('extra', doctor('Marchetti'), 'harbour', today, ['09:00', '15:00'], 'Weekend surgery'),
      exception('extra', doctor('Weber'), 'oldTown', today, ['10:00', '18:00'], 'Weekend surgery'),
      exception('extra', doctor('Rahman'), 'oldTown', today, ['08:30', '16:30'], 'Weekend surgery'),
      exception('extra', doctor('Shah'), 'london', today, ['09:00', '15:00'], 'Weekend surgery'),
      exception('block', doctor('Nowak'), 'harbour', today, ['13:00', '13:45'], 'Staff meeting'),
    );
  }
  exceptions.push(
    exception('closure', null, null, firstOn(today, 15, 3), null, 'Stocktaking'),
    exception('closure', null, 'oldTown', firstOn(today, 8, 2), ['13:00', '19:00'], 'Boiler inspection'),
    exception('closure', null, 'london', firstOn(today, -21, 1), null, 'Moving of the server room'),
    exception(
      'replace',
      doctor('Lindqvist'),
      'harbour',
      firstOn(today, 2, 4),
      ['12:00', '18:00'],
      'School visit in the morning',
    ),
    exception('replace', doctor('Tanaka'), 'london', firstOn(today, -14, 4), null, 'Congress'),
    exception(
      'extra',
      doctor('Marchetti'),
      'harbour',
      firstOn(today, 5, 6),
      ['09:00', '13:00'],
      'Skin check Saturday',
    ),
  );

  const monday = mondayOf(today);
  function absence(
    name: Named,
    from: PlainDate,
    until: PlainDate,
    reason: string,
    status: TimeOffRequest['status'],
    note: string,
  ): TimeOffRequest {
    const zone =
      directory.locations.find((place) => place.id === doctor(name).places[0]?.locationId)?.timeZone ??
      clinic.timeZone;
    const decided = status === 'approved' || status === 'denied';
    return {
      ...synced,
      id: random.id(madeAt),
      doctorId: doctor(name).id,
      startsAt: midnight(from, zone),
      endsAt: midnight(until, zone),
      reason,
      status,
      decidedBy: decided ? admin : null,
      decidedAt: decided ? madeAt : null,
      decisionNote: note,
    };
  }

  const connections: CalendarConnection[] = [];
  const busy: ExternalBusyTime[] = [];
  function busyAt(
    name: Named,
    account: string,
    times: [date: PlainDate, from: string, until: string][],
  ): void {
    const connectedAt = instant(now - 60 * dayMs);
    const connection: CalendarConnection = {
      id: random.id(connectedAt),
      clinicId: clinic.id,
      doctorId: doctor(name).id,
      provider: 'google',
      accountEmail: account,
      grantEncrypted: '',
      readCalendarIds: ['primary'],
      writeCalendarId: null,
      cursors: {},
      // There is no account behind it: to be connected anew by whoever tries it.
      status: 'broken',
      lastError: 'The demo clinic has no Google account',
      connectedAt,
      syncedAt: instant(now - 3_600_000),
    };
    connections.push(connection);
    times.forEach(([date, from, until], index) => {
      busy.push({
        ...synced,
        id: random.id(madeAt),
        connectionId: connection.id,
        doctorId: connection.doctorId,
        calendarId: 'primary',
        externalId: `demo-${index + 1}`,
        startsAt: instantOf(date, from as WallTime, clinic.timeZone),
        endsAt: instantOf(date, until as WallTime, clinic.timeZone),
        allDay: false,
      });
    });
  }
  busyAt(
    'Okafor',
    'chidi.okafor@example.org',
    [-9, -5, -1, 0, 2, 7, 8, 13].map((offset) => [addDays(today, offset), '13:00', '14:00']),
  );
  busyAt('Nowak', 'maja.nowak@example.org', [
    [firstOn(today, 1, 3), '13:00', '14:00'],
    [firstOn(today, 8, 3), '13:00', '14:00'],
    [firstOn(today, 3, 4), '16:00', '17:00'],
  ]);

  function note(date: PlainDate, at: LocationKey | null, text: string): DayNote {
    const createdAt = instant(now - Math.floor(random.next() * dayMs));
    return {
      ...synced,
      id: random.id(createdAt),
      date,
      locationId: at ? locationOf[at].id : null,
      text,
      authorId: users[1]?.id ?? null,
      createdAt,
    };
  }

  return {
    exceptions,
    timeOff: [
      absence(
        'Dubois',
        monday,
        addDays(monday, 7),
        'Family',
        'approved',
        'Covered by Dr Okafor on Wednesday and Friday.',
      ),
      absence('Weber', addDays(monday, 21), addDays(monday, 24), 'Congress in Vienna', 'requested', ''),
      absence('Brennan', addDays(monday, -12), addDays(monday, -10), 'Training', 'approved', ''),
      absence(
        'Tanaka',
        addDays(monday, 10),
        addDays(monday, 12),
        'Family visit',
        'denied',
        'Dr Horák has the suite, nobody covers.',
      ),
    ],
    connections,
    busy,
    notes: [
      note(today, 'harbour', 'Flu vaccine is delivered at 11:00; keep the fridge of Room 3 free.'),
      note(today, 'oldTown', 'The lift is out of order until noon. Dr Dubois is away all week.'),
      note(today, 'london', 'The studio is hot: windows open from eight.'),
      note(addDays(today, 1), null, 'New price list from tomorrow; the sheets are in the printer.'),
    ],
  };
}

/** The first date with that weekday at `offset` days or later. */
function firstOn(today: PlainDate, offset: number, weekday: number): PlainDate {
  const from = addDays(today, offset);
  return addDays(from, (weekday - weekdayOf(from) + 7) % 7);
}

function midnight(date: PlainDate, zone: TimeZone): Instant {
  return instantOf(date, '00:00' as WallTime, zone);
}
