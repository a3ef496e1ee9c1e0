import type { ActName } from '@medic/shared/acts/registry';
import { idOf } from '@medic/shared/testing/builders';
import * as plain from '../plain/series';
import { day } from '../plain/setting';
import {
  instantOf,
  type Maker,
  type Making,
  nobody,
  patientId,
  pick,
  placeId,
  requested,
  slotArgs,
} from './step';
import { visitNumberOf } from './visits';

const rules = [
  { rrule: 'FREQ=DAILY', step: day },
  { rrule: 'FREQ=DAILY', step: day },
  { rrule: 'FREQ=DAILY;INTERVAL=2', step: 2 * day },
  { rrule: 'FREQ=WEEKLY', step: 7 * day },
] as const;

function scopeOf({ step: { b } }: Making): plain.Scope {
  return pick(['this', 'following', 'all', 'following'] as const, b) ?? 'this';
}

/** Mostly one of a series; then its names. */
function memberOf(making: Making) {
  const { clinic, step } = making;
  const visit = pick(
    clinic.visits.filter((each) => each.series !== null),
    step.a,
  );
  const id = visit?.id ?? visitNumberOf(making);
  return {
    id,
    visit,
    named: {
      seriesId: idOf('series', clinic.visit(id)?.series ?? nobody),
      appointmentId: idOf('appointment', id),
    },
  };
}

export const seriesSteps = {
  'series.book': ({ step, who, actor, patient, wish, ids, extras, overrides }) => {
    const series = ids.series++;
    const visits = Array.from({ length: 2 + (step.d % 3) }, () => ids.visit++);
    const { rrule, step: minutes } = pick(rules, step.c) as (typeof rules)[number];
    const skipped = step.a % 4 === 0 ? [step.b % visits.length] : [];
    const request = step.b % 7 === 0;
    return requested(
      'series.book',
      actor,
      {
        ...slotArgs(wish),
        seriesId: idOf('series', series),
        appointmentIds: visits.map((id) => idOf('appointment', id)),
        patientId: patientId(patient),
        durationMinutes: wish.minutes ?? null,
        notes: '',
        rrule: `${rrule};COUNT=${visits.length}`,
        skip: skipped.map((i) => instantOf(wish.start + i * minutes)),
        request,
        overrides,
      },
      (now) =>
        plain.bookSeries(
          now,
          who,
          patient,
          { ...wish, id: series, step: minutes, visits, skipped, request },
          extras,
        ),
    );
  },
  'series.cancel': (making) => {
    const { who, actor } = making;
    const { id, named } = memberOf(making);
    const scope = scopeOf(making);
    return requested('series.cancel', actor, { ...named, scope, reason: 'Ill' }, (now) =>
      plain.cancelSeries(now, who, id, scope),
    );
  },
  'series.reschedule': (making) => {
    const { step, who, actor, wish, ids, extras, overrides } = making;
    const { id, visit, named } = memberOf(making);
    const scope = scopeOf(making);
    // Mostly by a little, so that the others find their place too.
    const near = visit && step.c % 3 !== 0;
    const to = {
      doctor: near && step.d % 2 === 0 ? visit.doctor : wish.doctor,
      place: near && step.e % 3 !== 0 ? visit.place : wish.place,
      start: near ? visit.start + (pick([15, -15, 30, 60, day, 0], step.d) ?? 0) : wish.start,
      rest: step.b % 9 === 0 ? null : ids.series++,
    };
    return requested(
      'series.reschedule',
      actor,
      {
        ...named,
        scope,
        doctorId: idOf('doctor', to.doctor + 1),
        locationId: placeId(to.place),
        startsAt: instantOf(to.start),
        restId: to.rest === null ? null : idOf('series', to.rest),
        overrides,
      },
      (now) => plain.moveSeries(now, who, id, scope, to, extras),
    );
  },
} satisfies Partial<Record<ActName, Maker>>;
