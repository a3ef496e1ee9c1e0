import { type RefusalReason, refused } from '@medic/shared/acts/act';
import { anAppointment, at, idOf } from '@medic/shared/testing/builders';
import { describe, expect, test } from 'vitest';
import { shiftPreview } from './shift-preview';

const timeZone = 'Europe/Warsaw';
const early = anAppointment({ id: idOf('appointment', 1), startsAt: at('2026-11-24 10:00') });
const late = anAppointment({ id: idOf('appointment', 2), startsAt: at('2026-11-24 10:30') });

describe('the preview of a shift', () => {
  test('each visit shows its own time and its own reasons, in order of time', () => {
    const why: RefusalReason = {
      code: 'series',
      startsAt: at('2026-11-24 10:45'),
      reasons: [
        { code: 'break', label: '', startsAt: at('2026-11-24 11:00'), endsAt: at('2026-11-24 12:00') },
      ],
      timeZone,
    };
    const { rows, others } = shiftPreview([late, early], 15, refused([why]));
    expect(rows.map(({ appointmentId, to }) => [appointmentId, to])).toEqual([
      [early.id, at('2026-11-24 10:15')],
      [late.id, at('2026-11-24 10:45')],
    ]);
    expect(rows.map(({ reasons }) => reasons)).toEqual([[], [why]]);
    expect(others).toEqual([]);
  });

  test('two visits at one time each get a reason of their own', () => {
    const twin = anAppointment({ id: idOf('appointment', 3), startsAt: early.startsAt });
    const why = (label: string): RefusalReason => ({
      code: 'series',
      startsAt: at('2026-11-24 10:15'),
      reasons: [{ code: 'break', label, startsAt: at('2026-11-24 11:00'), endsAt: at('2026-11-24 12:00') }],
      timeZone,
    });
    const { rows } = shiftPreview([early, twin], 15, refused([why('one'), why('two')]));
    expect(rows.map(({ reasons }) => reasons.length)).toEqual([1, 1]);
  });

  test('what is about a patient and not about a time stands by itself', () => {
    const clash: RefusalReason = {
      code: 'same-patient',
      appointmentId: idOf('appointment', 9),
      startsAt: early.startsAt,
      timeZone,
    };
    expect(shiftPreview([early], 15, refused([clash])).others).toEqual([clash]);
  });
});
