import { aHold, anAppointment, aTemplate, at, date, idOf } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { describe, expect, test } from 'vitest';
import { timeRows } from './slot-list';

const now = at('2026-11-24 07:00');
const place = {
  doctorId: idOf('doctor', 1),
  locationId: idOf('location', 1),
  appointmentTypeId: idOf('appointmentType', 1),
  date: date('2026-11-24'),
};
const templates = [aTemplate({ weekday: 2, breaks: [] })];
const nine = at('2026-11-24 09:00');

describe('the times of a day', () => {
  test('a time that only a visitor holds is there to be taken over, until the hold ends', () => {
    const holds = [aHold({ startsAt: nine, expiresAt: at('2026-11-24 07:10') })];
    const facts = factsOf({ templates, holds });
    const row = timeRows(facts, place, now).find((each) => each.startsAt === nine);
    expect(row).toMatchObject({ take: 'held', slot: null, words: 'A visitor is booking it, until 07:10' });
    const later = timeRows(facts, place, at('2026-11-24 07:11')).find((each) => each.startsAt === nine);
    expect(later?.take).toBe('free');
  });

  test('a taken time is shown when asked why, and can be taken with the right to overbook only', () => {
    const facts = factsOf({ templates, appointments: [anAppointment({ startsAt: nine })] });
    const rowWith = (options: Parameters<typeof timeRows>[3]) =>
      timeRows(facts, place, now, options).find((each) => each.startsAt === nine);
    expect(rowWith({})).toBeUndefined();
    expect(rowWith({ why: true })).toMatchObject({ take: null, reason: 'visit' });
    expect(rowWith({ why: true, mayOverbook: true })).toMatchObject({ take: 'overbook' });
    expect(rowWith({ asked: nine })).toMatchObject({ take: null, reason: 'visit' });
  });
});
