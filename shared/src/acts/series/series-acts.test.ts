import { describe, expect, it } from 'vitest';
import {
  aDoctor,
  aHold,
  aLocation,
  anAppointment,
  anAppointmentType,
  aPatient,
  appointmentTypeId,
  aSeries,
  aTemplate,
  at,
  doctorId,
  idOf,
  locationId,
  patientId,
  time,
} from '../../testing/builders';
import type { Instant, TimeZone } from '../../time/instant';
import { localTime } from '../../time/zone';
import type { Decision } from '../act';
import type { Facts } from '../facts';
import type { ActArgs } from '../registry';
import {
  by,
  clinicOf,
  contextOf,
  decide,
  doctor,
  must,
  patient,
  refusalOf,
  visitor,
} from '../testing/acting';
import { occurrencesOf } from './occurrences';

const warsaw = 'Europe/Warsaw' as TimeZone;
const seriesId = idOf('series', 1);
const restId = idOf('series', 2);

/** Tuesdays at 09:00, from the day after tomorrow's week on: four times unless told. */
function bookArgs(overrides: Partial<ActArgs<'series.book'>> = {}, visits = 4): ActArgs<'series.book'> {
  return {
    seriesId,
    appointmentIds: Array.from({ length: visits }, (_, i) => idOf('appointment', i + 1)),
    patientId,
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt: at('2026-12-01 09:00'),
    notes: '',
    rrule: `FREQ=WEEKLY;BYDAY=TU;COUNT=${visits}`,
    ...overrides,
  };
}

function times(facts: Facts, id = seriesId): string[] {
  return facts
    .visitsOfSeries(id)
    .map((visit) => shown(visit.startsAt))
    .sort();
}

function shown(start: Instant): string {
  const { date, time } = localTime(start, warsaw);
  return `${date} ${time}`;
}

function ruled(facts: Facts, id = seriesId): string[] {
  const series = facts.get('appointmentSeries', id);
  return series ? occurrencesOf(series).map(shown) : [];
}

function booked(parts: Parameters<typeof clinicOf>[0] = {}, args = bookArgs()): Facts {
  const facts = clinicOf(parts);
  must(facts, 'series.book', args);
  return facts;
}

function move(
  facts: Facts,
  n: number,
  to: string,
  scope: 'this' | 'following' | 'all',
  overrides: Partial<ActArgs<'series.reschedule'>> = {},
): ActArgs<'series.reschedule'> {
  return {
    seriesId: facts.get('appointment', idOf('appointment', n))?.seriesId ?? seriesId,
    appointmentId: idOf('appointment', n),
    scope,
    startsAt: at(to),
    doctorId,
    locationId,
    restId,
    ...overrides,
  };
}

function reasonsOf(decision: Decision): unknown[] {
  return decision.kind === 'done'
    ? []
    : decision.reasons.map((reason) =>
        reason.code === 'series'
          ? [shown(reason.startsAt), reason.reasons.map(({ code }) => code)]
          : reason.code,
      );
}

describe('book a series', () => {
  it('books every time of the rule, each with its timeline, and writes one message for all', () => {
    const decision = must(clinicOf(), 'series.book', bookArgs());
    expect(decision.changes.map(({ kind }) => kind)).toEqual([
      'appointmentSeries',
      ...Array(4).fill('appointment'),
    ]);
    expect(decision.events.map(({ appointmentId, toStatus }) => [appointmentId, toStatus])).toEqual(
      [1, 2, 3, 4].map((n) => [idOf('appointment', n), 'booked']),
    );
    expect(decision.notifications.map(({ kind, channel, payload }) => [kind, channel, payload])).toEqual(
      ['email', 'sms'].map((channel) => [
        'series-summary',
        channel,
        { seriesId, change: 'booked', appointmentIds: [1, 2, 3, 4].map((n) => idOf('appointment', n)) },
      ]),
    );
  });

  it('keeps the time on the wall over a clock change', () => {
    const facts = booked({}, bookArgs({ startsAt: at('2027-03-23 09:00') }, 2));
    expect(times(facts)).toEqual(['2027-03-23 09:00', '2027-03-30 09:00']);
  });

  it('is all or nothing: names every time that cannot be, and the nearest to the first', () => {
    const facts = clinicOf({
      appointments: [
        anAppointment({ id: idOf('appointment', 70), startsAt: at('2026-12-08 09:15') }),
        anAppointment({ id: idOf('appointment', 71), startsAt: at('2026-12-22 09:00') }),
      ],
    });
    const decision = decide(facts, 'series.book', bookArgs());
    expect(reasonsOf(decision)).toEqual([
      ['2026-12-08 09:00', ['visit']],
      ['2026-12-22 09:00', ['visit']],
    ]);
    expect(decision.kind === 'refused' && decision.alternatives.map((slot) => shown(slot.startsAt))).toEqual([
      '2026-12-08 08:15',
      '2026-12-08 08:30',
      '2026-12-08 09:45',
    ]);
    expect([...facts.all('appointmentSeries')]).toEqual([]);
  });

  it('books the others under the same ids when those are skipped', () => {
    const facts = clinicOf({
      appointments: [anAppointment({ id: idOf('appointment', 70), startsAt: at('2026-12-08 09:15') })],
    });
    must(facts, 'series.book', bookArgs({ skip: [at('2026-12-08 09:00')] }));
    expect(times(facts)).toEqual(['2026-12-01 09:00', '2026-12-15 09:00', '2026-12-22 09:00']);
    expect(facts.get('appointment', idOf('appointment', 3))?.startsAt).toBe(at('2026-12-15 09:00'));
    expect(facts.get('appointment', idOf('appointment', 2))).toBeUndefined();
  });

  it('refuses what is past, each time by itself', () => {
    const decision = decide(clinicOf(), 'series.book', bookArgs({ startsAt: at('2026-11-10 09:00') }));
    expect(reasonsOf(decision)).toEqual([
      ['2026-11-10 09:00', ['past']],
      ['2026-11-17 09:00', ['past']],
    ]);
  });

  it('meets itself where one visit lasts until the next', () => {
    const facts = clinicOf({
      type: { durationMinutes: 1440, slotStepMinutes: 60 },
      templates: [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
        aTemplate({ weekday, opensAt: time('00:00'), closesAt: time('24:00'), breaks: [] }),
      ),
    });
    const args = bookArgs({ rrule: 'FREQ=DAILY;COUNT=2', startsAt: at('2026-12-01 10:00') }, 2);
    expect(reasonsOf(decide(facts, 'series.book', args))).toEqual([['2026-12-02 10:00', ['buffer']]]);
  });

  it('takes one seat of each group visit', () => {
    const facts = clinicOf({ type: { capacity: 2 } });
    must(facts, 'series.book', bookArgs());
    const others = [5, 6, 7, 8].map((n) => idOf('appointment', n));
    const second = bookArgs({ seriesId: restId, appointmentIds: others, patientId: idOf('patient', 2) });
    must(facts, 'series.book', second);
    expect(facts.visitsOfSeries(restId).map(({ seat }) => seat)).toEqual([2, 2, 2, 2]);
    const third = bookArgs({
      seriesId: idOf('series', 3),
      appointmentIds: [9, 10, 11, 12].map((n) => idOf('appointment', n)),
    });
    expect(reasonsOf(decide(facts, 'series.book', third))[0]).toEqual(['2026-12-01 09:00', ['full']]);
  });

  it('warns of the patient’s other visits then, and books over them when told to', () => {
    const facts = clinicOf({
      doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })],
      appointments: [
        anAppointment({
          id: idOf('appointment', 70),
          doctorId: idOf('doctor', 2),
          startsAt: at('2026-12-08 09:15'),
        }),
      ],
    });
    expect(refusalOf(decide(facts, 'series.book', bookArgs()))).toEqual(['same-patient']);
    expect(decide(facts, 'series.book', bookArgs({ overrides: ['same-patient'] })).kind).toBe('done');
  });

  it('goes over a visitor’s hold only when told to, which is deleted then', () => {
    const facts = clinicOf({ holds: [aHold({ id: idOf('slotHold', 1), startsAt: at('2026-12-08 09:00') })] });
    expect(reasonsOf(decide(facts, 'series.book', bookArgs()))).toEqual([['2026-12-08 09:00', ['hold']]]);
    must(facts, 'series.book', bookArgs({ overrides: ['hold'] }));
    expect(facts.get('slotHold', idOf('slotHold', 1))).toBeUndefined();
  });

  it('goes to the record that the patient’s was merged into', () => {
    const facts = clinicOf({
      patients: [
        aPatient({ mergedIntoId: idOf('patient', 2), email: 'anna@example.org' }),
        aPatient({ id: idOf('patient', 2), email: 'anna@example.org' }),
      ],
    });
    const decision = must(facts, 'series.book', bookArgs());
    expect(facts.get('appointmentSeries', seriesId)?.patientId).toBe(idOf('patient', 2));
    expect(decision.notifications[0]?.patientId).toBe(idOf('patient', 2));
  });

  it.each<[string, Partial<ActArgs<'series.book'>>, string]>([
    ['a rule that is not supported', { rrule: 'FREQ=YEARLY;COUNT=4' }, 'rrule'],
    ['a rule of more than 104 visits', { rrule: 'FREQ=DAILY;UNTIL=20280101T000000Z' }, 'rrule'],
    ['a rule that reaches beyond ten years', { rrule: 'FREQ=WEEKLY;BYDAY=TU;INTERVAL=99;COUNT=9' }, 'rrule'],
    ['a first visit that is not of the rule', { rrule: 'FREQ=WEEKLY;BYDAY=WE;COUNT=4' }, 'startsAt'],
    ['fewer ids than visits', { appointmentIds: [idOf('appointment', 1)] }, 'appointmentIds'],
    ['one id twice', { appointmentIds: [1, 2, 3, 3].map((n) => idOf('appointment', n)) }, 'appointmentIds'],
    ['a skipped time that is not of the series', { skip: [at('2026-12-02 09:00')] }, 'skip'],
    [
      'everything skipped',
      { skip: ['01', '08', '15', '22'].map((day) => at(`2026-12-${day} 09:00`)) },
      'skip',
    ],
  ])('refuses %s', (_name, overrides, field) => {
    expect(decide(clinicOf(), 'series.book', bookArgs(overrides))).toMatchObject({
      reasons: [{ code: 'invalid', field }],
    });
  });

  it('refuses ids that there are', () => {
    const facts = booked();
    expect(refusalOf(decide(facts, 'series.book', bookArgs()))).toEqual(['exists']);
    expect(refusalOf(decide(facts, 'series.book', bookArgs({ seriesId: restId })))).toEqual(['exists']);
  });

  it('is not for patients, nor for another doctor’s agenda', () => {
    for (const actor of [patient, visitor, { ...doctor, doctorId: idOf('doctor', 2) }])
      expect(refusalOf(decide(clinicOf(), 'series.book', bookArgs(), by(actor)))).toEqual(['not-allowed']);
    expect(decide(clinicOf(), 'series.book', bookArgs(), by(doctor)).kind).toBe('done');
  });
});

describe('move visits of a series', () => {
  it('this one alone, as a single visit, with a message of its own', () => {
    const facts = booked();
    const decision = must(facts, 'series.reschedule', move(facts, 2, '2026-12-09 11:00', 'this'));
    expect(times(facts)).toEqual([
      '2026-12-01 09:00',
      '2026-12-09 11:00',
      '2026-12-15 09:00',
      '2026-12-22 09:00',
    ]);
    expect(ruled(facts)).toContain('2026-12-08 09:00');
    expect(decision.notifications.map(({ kind }) => kind)).toEqual(['moved', 'moved']);
  });

  it('all by the same difference, through places that they leave themselves', () => {
    const facts = booked({}, bookArgs({ rrule: 'FREQ=DAILY;COUNT=4' }));
    const decision = must(facts, 'series.reschedule', move(facts, 2, '2026-12-03 09:00', 'all'));
    expect(times(facts)).toEqual([
      '2026-12-02 09:00',
      '2026-12-03 09:00',
      '2026-12-04 09:00',
      '2026-12-05 09:00',
    ]);
    expect(ruled(facts)).toEqual(times(facts));
    expect(decision.notifications.map(({ kind, payload }) => [kind, payload.change])).toEqual([
      ['series-summary', 'moved'],
      ['series-summary', 'moved'],
    ]);
    expect(decision.events).toHaveLength(4);
    expect(decision.changes.map(({ record }) => ('sequence' in record ? record.sequence : null))).toEqual([
      null,
      1,
      1,
      1,
      1,
    ]);
  });

  it('this and the following: they are a series of their own, and the old one ends before them', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 3, '2026-12-16 10:00', 'following'));
    expect(times(facts)).toEqual(['2026-12-01 09:00', '2026-12-08 09:00']);
    expect(ruled(facts)).toEqual(times(facts));
    expect(times(facts, restId)).toEqual(['2026-12-16 10:00', '2026-12-23 10:00']);
    expect(ruled(facts, restId)).toEqual(times(facts, restId));
    expect(facts.get('appointmentSeries', restId)?.rrule).toBe('FREQ=WEEKLY;BYDAY=WE;WKST=TU;COUNT=2');
  });

  it('following the first is all, and makes no second series', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 1, '2026-12-01 10:00', 'following', { restId: null }));
    expect(times(facts)).toEqual(['01', '08', '15', '22'].map((day) => `2026-12-${day} 10:00`));
  });

  it('a rule that ends by date is cut on the day of the last visit before', () => {
    const facts = booked({}, bookArgs({ rrule: 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261222T225959Z' }));
    must(facts, 'series.reschedule', move(facts, 3, '2026-12-15 10:00', 'following'));
    expect(facts.get('appointmentSeries', seriesId)?.rrule).toBe(
      'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T225959Z',
    );
    expect(ruled(facts, restId)).toEqual(['2026-12-15 10:00', '2026-12-22 10:00']);
  });

  it('leaves a visit where it was put alone, unless the edit is made on it', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 2, '2026-12-10 13:00', 'this'));
    must(facts, 'series.reschedule', move(facts, 1, '2026-12-01 10:00', 'all'));
    expect(times(facts)).toEqual([
      '2026-12-01 10:00',
      '2026-12-10 13:00',
      '2026-12-15 10:00',
      '2026-12-22 10:00',
    ]);
    must(facts, 'series.reschedule', move(facts, 2, '2026-12-10 13:30', 'all'));
    expect(times(facts)).toEqual([
      '2026-12-01 10:30',
      '2026-12-10 13:30',
      '2026-12-15 10:30',
      '2026-12-22 10:30',
    ]);
  });

  it('takes an exception among the following into the new series, where it stands', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 3, '2026-12-17 13:00', 'this'));
    const decision = must(facts, 'series.reschedule', move(facts, 2, '2026-12-08 10:00', 'following'));
    expect(times(facts, restId)).toEqual(['2026-12-08 10:00', '2026-12-17 13:00', '2026-12-22 10:00']);
    expect(
      decision.events.find(({ appointmentId }) => appointmentId === idOf('appointment', 3))?.changed,
    ).toEqual({ seriesId: [seriesId, restId] });
  });

  it('leaves what is past, cancelled or in the house', () => {
    const facts = booked();
    must(facts, 'appointment.cancel', { appointmentId: idOf('appointment', 3), reason: 'ill' });
    const later = contextOf({ now: at('2026-12-08 08:55') });
    must(facts, 'appointment.arrive', { appointmentId: idOf('appointment', 2) }, later);
    must(facts, 'series.reschedule', move(facts, 4, '2026-12-22 10:00', 'all'), later);
    expect(times(facts)).toEqual([
      '2026-12-01 09:00',
      '2026-12-08 09:00',
      '2026-12-15 09:00',
      '2026-12-22 10:00',
    ]);
  });

  it('made on a visit that is past, takes along those ahead only', () => {
    const facts = booked();
    const later = contextOf({ now: at('2026-12-09 08:00') });
    must(facts, 'series.reschedule', move(facts, 1, '2026-12-09 09:00', 'following'), later);
    expect(times(facts)).toEqual([
      '2026-12-08 09:00',
      '2026-12-09 09:00',
      '2026-12-23 09:00',
      '2026-12-30 09:00',
    ]);
  });

  it('moves all or none: one taken time keeps every visit', () => {
    const facts = booked({
      appointments: [anAppointment({ id: idOf('appointment', 70), startsAt: at('2026-12-15 10:00') })],
    });
    const decision = decide(facts, 'series.reschedule', move(facts, 1, '2026-12-01 10:00', 'all'));
    expect(reasonsOf(decision)).toEqual([['2026-12-15 10:00', ['visit']]]);
  });

  it('to another doctor takes those who stood with the old one, and only where the edit says so', () => {
    const other = idOf('doctor', 2);
    const facts = booked({
      doctors: [aDoctor(), aDoctor({ id: other })],
      templates: [doctorId, other].flatMap((id) =>
        [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
          aTemplate({ doctorId: id, weekday, opensAt: time('08:00'), closesAt: time('16:00') }),
        ),
      ),
    });
    must(facts, 'appointment.reschedule', {
      appointmentId: idOf('appointment', 2),
      doctorId: other,
      locationId,
      startsAt: at('2026-12-08 09:00'),
      durationMinutes: null,
    });
    must(facts, 'series.reschedule', move(facts, 1, '2026-12-01 10:00', 'all'));
    const doctors = () => [1, 2, 3].map((n) => facts.get('appointment', idOf('appointment', n))?.doctorId);
    expect(doctors()).toEqual([doctorId, other, doctorId]);
    must(facts, 'series.reschedule', move(facts, 1, '2026-12-01 10:00', 'all', { doctorId: other }));
    expect(doctors()).toEqual([other, other, other]);
    expect(facts.get('appointmentSeries', seriesId)?.doctorId).toBe(other);
  });

  it('to a place in another zone keeps to the clock there', () => {
    const there = idOf('location', 2);
    const london = 'Europe/London' as TimeZone;
    const facts = booked({
      doctors: [aDoctor({ at: [locationId, there] })],
      locations: [aLocation(), aLocation({ id: there, timeZone: london })],
      types: [],
      type: { places: anAppointmentType({ at: [locationId, there] }).places },
      templates: [
        aTemplate({ weekday: 2, opensAt: time('08:00'), closesAt: time('12:00') }),
        aTemplate({ weekday: 2, locationId: there, opensAt: time('13:00'), closesAt: time('16:00') }),
      ],
    });
    must(facts, 'series.reschedule', {
      ...move(facts, 1, '2026-12-01 09:00', 'all'),
      startsAt: at('2026-12-01 14:00', london),
      locationId: there,
    });
    expect(facts.get('appointmentSeries', seriesId)?.timeZone).toBe(london);
    expect(facts.visitsOfSeries(seriesId).map(({ startsAt }) => localTime(startsAt, london).time)).toEqual(
      Array(4).fill('14:00'),
    );
  });

  it('changes nothing when nothing changes', () => {
    const facts = booked();
    expect(decide(facts, 'series.reschedule', move(facts, 1, '2026-12-01 09:00', 'all'))).toMatchObject({
      kind: 'done',
      changes: [],
      notifications: [],
    });
  });

  it('asks for an id of the series that the following become', () => {
    const facts = booked();
    expect(
      decide(facts, 'series.reschedule', move(facts, 2, '2026-12-08 10:00', 'following', { restId: null })),
    ).toMatchObject({ reasons: [{ code: 'invalid', field: 'restId' }] });
    facts.put('appointmentSeries', aSeries({ id: restId }));
    expect(
      refusalOf(decide(facts, 'series.reschedule', move(facts, 2, '2026-12-08 10:00', 'following'))),
    ).toEqual(['exists']);
  });

  it('knows a visit by its series', () => {
    const facts = booked();
    const args = move(facts, 1, '2026-12-01 10:00', 'all');
    expect(refusalOf(decide(facts, 'series.reschedule', { ...args, seriesId: restId }))).toEqual(['unknown']);
    facts.put('appointment', anAppointment({ id: idOf('appointment', 70) }));
    expect(
      refusalOf(decide(facts, 'series.reschedule', { ...args, appointmentId: idOf('appointment', 70) })),
    ).toEqual(['unknown']);
  });
});

describe('cancel visits of a series', () => {
  const cancel = (n: number, scope: 'this' | 'following' | 'all') => ({
    seriesId,
    appointmentId: idOf('appointment', n),
    scope,
    reason: 'no longer needed',
  });
  const statuses = (facts: Facts) =>
    [1, 2, 3, 4].map((n) => facts.get('appointment', idOf('appointment', n))?.status);

  it('this one alone keeps the rule', () => {
    const facts = booked();
    const decision = must(facts, 'series.cancel', cancel(2, 'this'));
    expect(statuses(facts)).toEqual(['booked', 'cancelled', 'booked', 'booked']);
    expect(ruled(facts)).toHaveLength(4);
    expect(decision.notifications.map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled']);
  });

  it('the following end the series, those moved alone too', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 4, '2026-12-28 13:00', 'this'));
    const decision = must(facts, 'series.cancel', cancel(3, 'following'));
    expect(statuses(facts)).toEqual(['booked', 'booked', 'cancelled', 'cancelled']);
    expect(ruled(facts)).toEqual(['2026-12-01 09:00', '2026-12-08 09:00']);
    expect(decision.notifications[0]).toMatchObject({
      kind: 'series-summary',
      payload: { change: 'cancelled', appointmentIds: [idOf('appointment', 3), idOf('appointment', 4)] },
    });
  });

  it('all that are ahead, and their times are free', () => {
    const facts = booked();
    const later = contextOf({ now: at('2026-12-02 08:00') });
    must(facts, 'series.cancel', cancel(2, 'all'), later);
    expect(statuses(facts)).toEqual(['booked', 'cancelled', 'cancelled', 'cancelled']);
    expect(
      decide(
        facts,
        'series.book',
        bookArgs(
          {
            seriesId: restId,
            startsAt: at('2026-12-08 09:00'),
            appointmentIds: [11, 12, 13].map((n) => idOf('appointment', n)),
            rrule: 'FREQ=WEEKLY;COUNT=3',
          },
          3,
        ),
        later,
      ).kind,
    ).toBe('done');
  });

  it('frees the seat of each group visit', () => {
    const group = clinicOf({ type: { capacity: 2 } });
    must(group, 'series.book', bookArgs());
    const fill = bookArgs({
      seriesId: restId,
      appointmentIds: [5, 6, 7, 8].map((n) => idOf('appointment', n)),
      patientId: idOf('patient', 2),
    });
    must(group, 'series.book', fill);
    must(group, 'series.cancel', cancel(1, 'all'));
    must(
      group,
      'series.book',
      bookArgs({
        seriesId: idOf('series', 3),
        appointmentIds: [9, 10, 11, 12].map((n) => idOf('appointment', n)),
      }),
    );
    expect(group.visitsOfSeries(idOf('series', 3)).map(({ seat }) => seat)).toEqual([1, 1, 1, 1]);
  });

  it('each visit can be had back by an undo', () => {
    const facts = booked();
    must(facts, 'series.cancel', cancel(2, 'following'));
    must(facts, 'appointment.undo', { appointmentId: idOf('appointment', 3) });
    expect(statuses(facts)).toEqual(['booked', 'cancelled', 'booked', 'cancelled']);
  });

  it('refuses a visit that is cancelled already', () => {
    const facts = booked();
    must(facts, 'series.cancel', cancel(2, 'this'));
    expect(refusalOf(decide(facts, 'series.cancel', cancel(2, 'following')))).toEqual(['status']);
  });

  it('is not for patients', () => {
    expect(refusalOf(decide(booked(), 'series.cancel', cancel(1, 'all'), by(patient)))).toEqual([
      'not-allowed',
    ]);
  });
});

describe('following visits go back into their series', () => {
  const back = (overrides: Partial<ActArgs<'series.rejoin'>> = {}): ActArgs<'series.rejoin'> => ({
    seriesId,
    restId,
    appointmentId: idOf('appointment', 3),
    startsAt: at('2026-12-15 09:00'),
    doctorId,
    locationId,
    ...overrides,
  });
  const all = ['2026-12-01 09:00', '2026-12-08 09:00', '2026-12-15 09:00', '2026-12-22 09:00'];

  it.each(['FREQ=WEEKLY;BYDAY=TU;COUNT=4', 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261223T225959Z'])(
    'as if it had never been cut: %s',
    (rrule) => {
      const facts = booked({}, bookArgs({ rrule }));
      must(facts, 'series.reschedule', move(facts, 3, '2026-12-16 10:00', 'following'));
      const { events } = must(facts, 'series.rejoin', back());
      expect(times(facts)).toEqual(all);
      expect(ruled(facts)).toEqual(all);
      expect(facts.get('appointmentSeries', restId)).toBeUndefined();
      expect(events.map(({ reason }) => reason)).toEqual(['undo', 'undo']);
      // Each visit has nothing left to take back, as before the cut.
      expect(refusalOf(decide(facts, 'appointment.undo', { appointmentId: idOf('appointment', 3) }))).toEqual(
        ['status'],
      );
    },
  );

  it('leaves alone what was moved by itself or is off, but it belongs to the series again', () => {
    const facts = booked({}, bookArgs({}, 5));
    must(facts, 'series.reschedule', move(facts, 3, '2026-12-16 10:00', 'following'));
    must(facts, 'series.reschedule', move(facts, 4, '2026-12-24 14:00', 'this'));
    must(facts, 'appointment.cancel', { appointmentId: idOf('appointment', 5), reason: 'ill' });
    must(facts, 'series.rejoin', back());
    expect(times(facts)).toEqual([
      '2026-12-01 09:00',
      '2026-12-08 09:00',
      '2026-12-15 09:00',
      '2026-12-24 14:00',
      '2026-12-30 10:00',
    ]);
    expect(ruled(facts)).toHaveLength(5);
  });

  it('is refused, with the time and its reason, where somebody has one of the times', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 3, '2026-12-16 10:00', 'following'));
    facts.put(
      'appointment',
      anAppointment({
        id: idOf('appointment', 9),
        startsAt: at('2026-12-22 09:15'),
        patientId: idOf('patient', 2),
      }),
    );
    const decision = decide(facts, 'series.rejoin', back());
    expect(reasonsOf(decision)).toEqual([['2026-12-22 09:00', ['visit']]]);
    expect(times(facts, restId)).toEqual(['2026-12-16 10:00', '2026-12-23 10:00']);
  });

  it('says plainly that the series of another patient is none of its own', () => {
    const facts = booked();
    must(facts, 'series.reschedule', move(facts, 3, '2026-12-16 10:00', 'following'));
    facts.put('appointmentSeries', aSeries({ id: idOf('series', 3), patientId: idOf('patient', 2) }));
    expect(refusalOf(decide(facts, 'series.rejoin', back({ seriesId: idOf('series', 3) })))).toEqual([
      'invalid',
    ]);
    expect(refusalOf(decide(facts, 'series.rejoin', back({ restId: seriesId })))).toEqual(['invalid']);
    expect(refusalOf(decide(facts, 'series.rejoin', back({ restId: idOf('series', 8) })))).toEqual([
      'unknown',
    ]);
    for (const actor of [patient, { ...doctor, doctorId: idOf('doctor', 2) }])
      expect(refusalOf(decide(facts, 'series.rejoin', back(), by(actor)))).toEqual(['not-allowed']);
  });
});
