/** The same clinic told in other ways: records in another order, or in layers over records that are out of date. */
import type { Facts } from '../../acts/facts';
import type { RecordKind, SyncedOf } from '../../model/records';
import { factsOf } from '../../testing/facts-of';
import type { OracleFacts } from './oracle';

const kinds = {
  locations: 'location',
  doctors: 'doctor',
  types: 'appointmentType',
  templates: 'scheduleTemplate',
  exceptions: 'availabilityException',
  timeOff: 'timeOffRequest',
  appointments: 'appointment',
  holds: 'slotHold',
  busy: 'externalBusyTime',
} as const satisfies Record<keyof OracleFacts, RecordKind>;

const parts = Object.keys(kinds) as (keyof OracleFacts)[];

type AnyRecord = SyncedOf<(typeof kinds)[keyof OracleFacts]>;

/** A list in an order that numbers decide. */
function inOrderOf<T>(list: readonly T[], numbers: readonly number[]): T[] {
  const rank = (i: number): number =>
    ((numbers[i % numbers.length] as number) * 7919 + i * 104_729) % 1_000_003;
  return list
    .map((item, i) => ({ item, rank: rank(i) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** The same records, each list in another order. What a doctor's places and a place's rooms are in stays. */
export function shuffled(facts: OracleFacts, numbers: readonly number[]): OracleFacts {
  return Object.fromEntries(
    parts.map((part) => [part, inOrderOf<AnyRecord>(facts[part], numbers)]),
  ) as unknown as OracleFacts;
}

/**
 * Two layers over a base that together say what the facts say: some records only below, some only above, some above
 * what is out of date below (another record of the kind under its id, or a deleted one), and strangers below that a
 * layer deletes.
 */
export function layered(facts: OracleFacts, numbers: readonly number[]): Facts {
  const base = factsOf({ locations: [], doctors: [], types: [] });
  const middle = base.layer();
  const top = middle.layer();
  let n = 0;
  for (const part of parts) {
    const kind = kinds[part];
    const records: readonly AnyRecord[] = facts[part];
    const put = (into: Facts, record: AnyRecord): void => into.put(kind, record as never);
    for (const [i, record] of records.entries()) {
      const stale = { ...records[(i + 1) % records.length], id: record.id } as AnyRecord;
      const way = (numbers[n++ % numbers.length] as number) % 7;
      if (way === 0) put(base, record);
      else if (way === 1) put(top, record);
      else if (way === 2) {
        put(base, stale);
        put(top, record);
      } else if (way === 3) {
        put(base, { ...record, deleted: true });
        put(middle, record);
      } else if (way === 4) {
        put(base, stale);
        put(middle, { ...stale, deleted: true });
        put(top, record);
      } else if (way === 5) {
        put(middle, stale);
        put(top, record);
      } else {
        put(base, record);
        const gone = { ...record, id: `${record.id.slice(0, -4)}beef` };
        put(base, gone);
        put(top, { ...gone, deleted: true });
      }
    }
  }
  return top;
}
