import { describe, expect, test } from 'vitest';
import { at, idOf, warsaw } from '../testing/builders';
import type { RefusalReason } from './act';
import { describeRefusal } from './refusal-words';

describe('refusals in words', () => {
  test('a rule of time names the time by the place’s clock', () => {
    const reason: RefusalReason = {
      code: 'slot',
      timeZone: warsaw,
      reason: { code: 'break', label: '', startsAt: at('2026-11-24 12:00'), endsAt: at('2026-11-24 12:30') },
    };
    expect(describeRefusal(reason)).toBe('Break 12:00–12:30');
  });

  test('a visit in the way is named where the reader may see it', () => {
    const reason: RefusalReason = {
      code: 'slot',
      timeZone: warsaw,
      reason: {
        code: 'visit',
        appointmentId: idOf('appointment', 1),
        patientId: idOf('patient', 1),
        startsAt: at('2026-11-24 11:15'),
        endsAt: at('2026-11-24 11:30'),
        pending: false,
      },
    };
    expect(describeRefusal(reason, { patientName: () => 'Grabowska Z.' })).toBe(
      'Visit 11:15–11:30, Grabowska Z.',
    );
    expect(describeRefusal(reason)).toBe('Visit 11:15–11:30');
  });

  test('no refusal shows a code', () => {
    const reasons: RefusalReason[] = [
      { code: 'not-allowed', needs: 'This account may change its own agenda only' },
      { code: 'unknown', what: 'visit', id: idOf('appointment', 1) },
      { code: 'exists', what: 'visit', id: idOf('appointment', 1) },
      { code: 'status', from: 'checked-in', to: 'noshow' },
      { code: 'status', from: 'cancelled', to: 'cancelled' },
      { code: 'invalid', field: 'phone', message: 'The number is too short' },
      { code: 'stale', field: 'phone', yours: '1', theirs: '2' },
      { code: 'taken' },
      {
        code: 'same-patient',
        appointmentId: idOf('appointment', 1),
        startsAt: at('2026-11-24 11:15'),
        timeZone: warsaw,
      },
      { code: 'window', minutes: 1440, latestAt: at('2026-11-23 11:15'), timeZone: warsaw, phone: null },
      { code: 'hold-ended', why: 'expired' },
      { code: 'hold-ended', why: 'extended-enough' },
      { code: 'hold-limit' },
      { code: 'offer-ended', why: 'withdrawn' },
      { code: 'offer-ended', why: 'taken' },
      { code: 'duplicate', patientIds: [idOf('patient', 1)] },
      { code: 'duplicate', patientIds: [idOf('patient', 1), idOf('patient', 2)] },
      { code: 'series', startsAt: at('2026-11-24 11:15'), reasons: [{ code: 'past' }], timeZone: warsaw },
    ];
    const words = reasons.map((reason) => describeRefusal(reason));
    expect(words[3]).toBe('The visit is in the room and can’t become marked as not come');
    expect(words[6]).toBe('Somebody else changed the phone number in the meantime');
    for (const text of words) {
      expect(text).not.toMatch(
        /checked-in|noshow|not-allowed|same-patient|hold-|offer-|duplicate|error|please|oops/i,
      );
      expect(text).not.toMatch(/\.$/);
    }
  });

  test('who comes too late to change a visit online reads until when it could be and whom to ring', () => {
    const late = {
      code: 'window',
      minutes: 1440,
      latestAt: at('2026-11-23 11:15'),
      timeZone: warsaw,
    } as const;
    expect(describeRefusal({ ...late, phone: '+48225550100' })).toBe(
      'This visit could be changed online until 11:15 on 23 Nov; ring the clinic at +48225550100',
    );
    expect(describeRefusal({ ...late, minutes: 0, phone: null })).toBe(
      'This visit could be changed online before it begins; ring the clinic',
    );
  });

  test('a time of a series names itself and all that is in its way', () => {
    const reasons: RefusalReason & { code: 'series' } = {
      code: 'series',
      startsAt: at('2026-12-01 09:00'),
      timeZone: warsaw,
      reasons: [
        { code: 'break', label: 'Lunch', startsAt: at('2026-12-01 09:00'), endsAt: at('2026-12-01 09:30') },
        { code: 'past' },
      ],
    };
    expect(describeRefusal(reasons)).toBe('09:00 on 1 Dec: Lunch 09:00–09:30, This time has passed');
  });
});
