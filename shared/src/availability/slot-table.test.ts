import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idOf } from '../testing/builders';
import type { Instant } from '../time/instant';
import type { Slot } from './query';
import { slotsOf, slotTable } from './slot-table';

const arbitrarySlot: fc.Arbitrary<Slot> = fc
  .record({
    doctorId: fc.constantFrom(idOf('doctor', 1), idOf('doctor', 2), '__proto__'),
    locationId: fc.constantFrom(idOf('location', 1), idOf('location', 2)),
    roomId: fc.constantFrom(null, idOf('room', 1)),
    startsAt: fc.integer({ min: -1e12, max: 4e12 }),
    durationMs: fc.constantFrom(900_000, 1_800_000, 5_400_000),
    seatsLeft: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ durationMs, startsAt, ...rest }) => ({
    ...rest,
    startsAt: startsAt as Instant,
    endsAt: (startsAt + durationMs) as Instant,
  }));

it('becomes the same slots in the same order again, over the wire too', () => {
  fc.assert(
    fc.property(fc.array(arbitrarySlot, { maxLength: 60 }), (slots) => {
      expect(slotsOf(JSON.parse(JSON.stringify(slotTable(slots))))).toEqual(slots);
    }),
    { seed: 20261123 },
  );
});

it('says once what slots have in common', () => {
  const slot = (n: number, seatsLeft = 1): Slot => ({
    doctorId: idOf('doctor', 1),
    locationId: idOf('location', 1),
    roomId: null,
    startsAt: (n * 900_000) as Instant,
    endsAt: (n * 900_000 + 1_800_000) as Instant,
    seatsLeft,
  });
  const table = slotTable([slot(0), slot(1), slot(2, 5), slot(3)]);
  expect(table.kinds).toHaveLength(2);
  expect(table.slots).toEqual([0, 0, 900_000, 0, 1_800_000, 1, 2_700_000, 0]);
});

it('of no slots has none', () => {
  expect(slotsOf(slotTable([]))).toEqual([]);
});
