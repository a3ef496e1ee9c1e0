import type { Instant, TimeZone } from '@medic/shared/time/instant';
import { describe, expect, test } from 'vitest';
import type { TimelineEntry } from './session';
import { sentenceOf } from './timeline';

const standing = {
  startsAt: Date.UTC(2026, 11, 1, 9) as Instant,
  timeZone: 'Europe/Warsaw' as TimeZone,
  doctorName: 'Dr Maja Nowak',
  locationName: 'Harbour Street',
  appointmentTypeName: 'Consultation',
};

function anEntry(fields: Partial<TimelineEntry>): TimelineEntry {
  return {
    id: '0198a6f0-3c5e-7aaa-8bbb-0123456789ab',
    at: Date.UTC(2026, 10, 23) as Instant,
    what: 'moved',
    by: 'clinic',
    from: null,
    to: null,
    reason: '',
    ...fields,
  };
}

describe('what happened, in plain words', () => {
  test('who did it is said', () => {
    expect(sentenceOf(anEntry({ what: 'booked', by: 'you' }))).toBe('You booked online');
    expect(sentenceOf(anEntry({ what: 'cancelled' }))).toBe('The clinic cancelled it');
  });

  test('a move names both times by the clock of the place, and nothing that stayed', () => {
    const to = { ...standing, startsAt: (standing.startsAt + 20 * 60_000) as Instant };
    expect(sentenceOf(anEntry({ from: standing, to }))).toBe(
      'The clinic moved it from Tue 1 Dec, 10:00 to Tue 1 Dec, 10:20',
    );
  });

  test('a move to another doctor at the same time names the doctors', () => {
    const to = { ...standing, doctorName: 'Dr Chidi Okafor' };
    expect(sentenceOf(anEntry({ by: 'you', from: standing, to }))).toBe(
      'You moved it from Dr Maja Nowak to Dr Chidi Okafor',
    );
  });

  test('a move to a place in another zone names each time by its own clock', () => {
    const to = { ...standing, locationName: 'London Bridge', timeZone: 'Europe/London' as TimeZone };
    const later = { ...to, startsAt: (standing.startsAt + 3_600_000) as Instant };
    expect(sentenceOf(anEntry({ from: standing, to: later }))).toBe(
      'The clinic moved it from Tue 1 Dec, 10:00, Harbour Street to Tue 1 Dec, 10:00, London Bridge',
    );
  });
});
