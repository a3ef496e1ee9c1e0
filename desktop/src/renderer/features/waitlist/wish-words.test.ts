import { aLocation, anOffer, aPatient, at, aWaitlistEntry, date } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import { describe, expect, test } from 'vitest';
import { ageWords, reachedBy, standingOf, waitsLong, whenWords } from './wish-words';

const now = at('2026-11-24 09:00');

describe('what somebody waits for, in words', () => {
  test('days, parts of the day and dates', () => {
    const any = { weekdays: [], partsOfDay: [], earliestOn: null, latestOn: null };
    expect(whenWords(any)).toBe('Any time');
    expect(whenWords({ ...any, weekdays: [5, 1, 2, 3, 4] })).toBe('Weekdays');
    expect(
      whenWords({
        weekdays: [3, 4],
        partsOfDay: ['morning'],
        earliestOn: null,
        latestOn: date('2026-12-12'),
      }),
    ).toBe('Wed, Thu · mornings · until Sat 12 Dec');
  });

  test('how long, and from when on it is long', () => {
    expect(ageWords({ createdAt: at('2026-11-24 08:00') }, now)).toBe('today');
    expect(ageWords({ createdAt: at('2026-11-12 09:00') }, now)).toBe('12 days');
    expect(waitsLong({ createdAt: at('2026-10-28 09:00') }, now)).toBe(false);
    expect(waitsLong({ createdAt: at('2026-10-27 08:00') }, now)).toBe(true);
  });

  test('an open offer says when it ends; one that ended by the clock that nobody answered', () => {
    const facts = factsOf({ locations: [aLocation()] });
    const entry = aWaitlistEntry({
      status: 'offered',
      offers: [
        anOffer({
          status: 'open',
          startsAt: at('2026-11-25 10:15'),
          expiresAt: at('2026-11-24 12:10'),
        }),
      ],
    });
    expect(standingOf(entry, facts, now)).toEqual({
      kind: 'offered',
      words: 'Offered tomorrow 10:15',
      detail: 'answer until 12:10',
    });
    expect(standingOf(entry, facts, at('2026-11-24 12:10'))).toMatchObject({
      kind: 'waiting',
      words: 'No answer',
    });
  });

  test('who agreed to no message has to be rung', () => {
    const patient = aPatient({ phone: '+48601220418', email: null, consentSms: false, consentEmail: true });
    expect(reachedBy(patient)).toBeNull();
    expect(reachedBy({ ...patient, consentSms: true })).toBe('SMS');
  });
});
