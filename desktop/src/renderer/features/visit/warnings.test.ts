import type { RefusalReason } from '@medic/shared/acts/act';
import type { Reason } from '@medic/shared/availability/reason';
import { at, idOf } from '@medic/shared/testing/builders';
import { describe, expect, test } from 'vitest';
import { canOverbook, overridesFor } from './warnings';

const timeZone = 'Europe/Warsaw';
const startsAt = at('2026-11-24 10:00');
const endsAt = at('2026-11-24 10:30');
const hold: Reason = { code: 'hold', startsAt, endsAt, expiresAt: at('2026-11-24 09:10') };
const lunch: Reason = { code: 'break', label: 'Lunch', startsAt, endsAt };
const ofTime = (reason: Reason): RefusalReason => ({ code: 'slot', reason, timeZone });
const clash: RefusalReason = {
  code: 'same-patient',
  appointmentId: idOf('appointment', 2),
  startsAt,
  timeZone,
};

describe('a refusal at the desk', () => {
  test('a hold and a clash of the patient are warnings, each overridden by its name', () => {
    expect(overridesFor([ofTime(hold), clash])).toEqual(['hold', 'same-patient']);
    expect(overridesFor([clash])).toEqual(['same-patient']);
  });

  test('one rule that holds makes a refusal of all of it', () => {
    expect(overridesFor([ofTime(hold), ofTime(lunch)])).toBeNull();
    expect(overridesFor([])).toBeNull();
  });

  test('held times of a shift are a warning like any other', () => {
    expect(overridesFor([{ code: 'series', startsAt, reasons: [hold], timeZone }])).toEqual(['hold']);
    expect(overridesFor([{ code: 'series', startsAt, reasons: [hold, lunch], timeZone }])).toBeNull();
  });

  test('a time can be overbooked over a break, not in the past and not where a warning is all', () => {
    expect(canOverbook([ofTime(lunch), clash])).toBe(true);
    expect(canOverbook([ofTime(lunch), ofTime({ code: 'past' })])).toBe(false);
    expect(canOverbook([ofTime(hold)])).toBe(false);
    expect(canOverbook([{ code: 'not-allowed', needs: 'This account may change its own agenda only' }])).toBe(
      false,
    );
  });
});
