import { aHold, anAppointment, aTemplate, at, idOf, warsaw } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { expect, test } from 'vitest';
import { usualRepeat } from './repeat-rule';
import { seriesTimes, unsettled } from './series-preview';

const now = at('2026-11-23 08:00');
const startsAt = at('2026-11-24 09:00');
const query = {
  doctorId: idOf('doctor', 1),
  locationId: idOf('location', 1),
  appointmentTypeId: idOf('appointmentType', 1),
  patientId: idOf('patient', 1),
  startsAt,
};
const templates = [2].map((weekday) => aTemplate({ weekday, breaks: [] }));

test('each time says whether it is free, over a hold, beside another visit, or why it cannot be', () => {
  const facts = factsOf({
    templates,
    appointments: [
      anAppointment({ startsAt: at('2026-12-01 09:00'), patientId: idOf('patient', 2) }),
      anAppointment({
        startsAt: at('2026-12-15 09:00'),
        doctorId: idOf('doctor', 2),
        patientId: idOf('patient', 1),
      }),
    ],
    holds: [aHold({ startsAt: at('2026-12-08 09:00'), expiresAt: at('2026-11-23 08:05') })],
  });
  const times = seriesTimes(facts, query, { ...usualRepeat(startsAt, warsaw), count: 4 }, now);
  expect(times.map((time) => `${time.date} ${time.state}`)).toEqual([
    '2026-11-24 free',
    '2026-12-01 taken',
    '2026-12-08 warned',
    '2026-12-15 warned',
  ]);
  expect(times.map((time) => time.words)).toEqual([
    '',
    expect.stringContaining('Visit 09:00'),
    'A visitor is booking it, until 08:05',
    expect.stringContaining('another visit at 09:00'),
  ]);
});

test('a time that cannot be booked is settled once it is left out', () => {
  const facts = factsOf({ templates: [] });
  const times = seriesTimes(facts, query, { ...usualRepeat(startsAt, warsaw), count: 2 }, now);
  expect(unsettled(times, new Set()).length).toBe(2);
  expect(unsettled(times, new Set([startsAt])).map((time) => time.date)).toEqual(['2026-12-01']);
});
