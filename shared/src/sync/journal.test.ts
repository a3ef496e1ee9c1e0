import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  frameRecord,
  Journal,
  JournalError,
  type JournalKind,
  type JournalRecord,
  journalHeader,
  readJournal,
} from './journal';
import { JournalInMemory, PlainSeal } from './testing/journal-in-memory';

/** Fixed, so that a run can be told from another by its code alone. */
const runs = { seed: 20261123, numRuns: 400 };

const record: fc.Arbitrary<JournalRecord> = fc.record({
  kind: fc.constantFrom<JournalKind>('intent', 'settled'),
  payload: fc.uint8Array({ maxLength: 60 }),
});
const journalOf = (records: readonly JournalRecord[]) =>
  Uint8Array.from([journalHeader(), ...records.map(frameRecord)].flatMap((part) => [...part]));
const plain = ({ kind, payload }: { kind: JournalKind; payload: Uint8Array | null }) =>
  `${kind} ${payload === null ? 'sealed' : [...payload].join()}`;
const alone = <T>(work: () => Promise<T>) => work();
const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (payload: Uint8Array | null) => (payload ? String.fromCharCode(...payload) : null);

describe('the bytes of a journal', () => {
  it('give back what was written, in its order', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const reading = readJournal(journalOf(records));
        expect(reading.records.map(plain)).toEqual(records.map(plain));
        expect(reading).toMatchObject({ tornBytes: 0, damaged: [] });
      }),
      runs,
    );
  });

  it('cut anywhere, hold every record before the cut, silently', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.nat(), (records, where) => {
        const whole = journalOf(records);
        const cut = whole.slice(0, where % (whole.length + 1));
        let end = journalHeader().length;
        const before = records.filter((each) => {
          end += frameRecord(each).length;
          return end <= cut.length;
        });
        const reading = readJournal(cut);
        expect(reading.records.map(plain)).toEqual(before.map(plain));
        expect(reading.damaged).toEqual([]);
      }),
      runs,
    );
  });

  it('with one byte changed, lose at most the record it was in, say so, and invent none', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (records, where, mask) => {
          const whole = journalOf(records);
          const at = where % whole.length;
          whole[at] = (whole[at] ?? 0) ^ mask;
          let start = journalHeader().length;
          const spared = records.filter((each) => {
            const from = start;
            start += frameRecord(each).length;
            return at < from || at >= start;
          });
          const reading = readJournal(whole);
          expect(reading.records.map(plain)).toEqual(spared.map(plain));
          expect(reading.damaged.length).toBe(1);
        },
      ),
      { ...runs, numRuns: 1000 },
    );
  });

  it('with a stretch overwritten, hold every record outside it', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 3, maxLength: 12 }),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 120 }),
        (records, where, noise) => {
          const whole = journalOf(records);
          const at = where % whole.length;
          whole.set(noise.subarray(0, whole.length - at), at);
          const until = at + noise.length;
          let start = journalHeader().length;
          const spared = records.filter((each) => {
            const from = start;
            start += frameRecord(each).length;
            return until <= from || at >= start;
          });
          const read = readJournal(whole).records.map(plain);
          expect(read).toEqual(expect.arrayContaining(spared.map(plain)));
          expect(records.map(plain)).toEqual(expect.arrayContaining(read));
        },
      ),
      runs,
    );
  });

  it('are read whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(readJournal(noise).records).toEqual([]);
      }),
      runs,
    );
  });

  it('ending in room that was never written, are torn and not damaged', () => {
    const whole = journalOf([{ kind: 'intent', payload: bytes('one') }]);
    const longer = new Uint8Array(whole.length + 512);
    longer.set(whole);
    expect(readJournal(longer)).toMatchObject({ tornBytes: 512, damaged: [] });
  });

  it('of a later format are refused, not guessed at', () => {
    const header = Uint8Array.from([...bytes('MEDICJNL'), 2, 0, 0, 0, 0, 0, 0, 0]);
    new DataView(header.buffer).setUint32(12, crcOf(header.subarray(0, 12)), true);
    expect(() => readJournal(header)).toThrow(JournalError);
  });
});

/** By the book, bit for bit: another way than the table in the code. */
function crcOf(of: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of of) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('a journal', () => {
  it('through any order of appending, compacting, failing and starting again keeps what was acknowledged', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), size: fc.nat(40) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat() }) },
      { weight: 2, arbitrary: fc.constant({ do: 'compact' as const }) },
      { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), after: fc.nat(60) }) },
      { weight: 1, arbitrary: fc.constant({ do: 'full' as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const file = new JournalInMemory();
        const seal = new PlainSeal();
        let journal = new Journal(file, seal, alone);
        const acknowledged: string[] = [];
        const settled = new Set<string>();
        let next = 0;
        for (const each of steps) {
          if (each.do === 'append') {
            const name = `${next++}${'.'.repeat(each.size)}`;
            await journal.append([{ kind: 'intent', payload: bytes(name) }]);
            acknowledged.push(name);
          } else if (each.do === 'settle') {
            const name = acknowledged[each.which % Math.max(1, acknowledged.length)];
            if (name === undefined) continue;
            await journal.append([{ kind: 'settled', payload: bytes(name) }]);
            settled.add(name);
          } else if (each.do === 'compact') {
            await journal.compact((records) => unsettled(records));
          } else if (each.do === 'restart') {
            journal = new Journal(file, seal, alone);
            await journal.read();
          } else {
            file.fails = {
              code: each.do === 'full' ? 'full' : 'io',
              afterBytes: each.do === 'cut' ? each.after : 0,
            };
            const lost = { kind: 'intent' as const, payload: bytes(`never ${'x'.repeat(80)}`) };
            await expect(journal.append([lost])).rejects.toBeInstanceOf(JournalError);
            // A file that could not be put back as it was is read again at the next start.
            journal = new Journal(file, seal, alone);
            if (each.do === 'cut') await journal.read();
          }
        }
        const { records, damaged } = await new Journal(file, seal, alone).read();
        const found = records.filter((each) => each.kind === 'intent').map((each) => text(each.payload));
        expect(found.filter((name) => !settled.has(name ?? ''))).toEqual(
          acknowledged.filter((name) => !settled.has(name)),
        );
        expect(found.every((name) => acknowledged.includes(name ?? ''))).toBe(true);
        expect(damaged).toEqual([]);
      }),
      { ...runs, numRuns: 200 },
    );
  });

  it('keeps what another key has sealed, byte for byte, also through a compaction', async () => {
    const file = new JournalInMemory();
    await new Journal(file, new PlainSeal('old'), alone).append([
      { kind: 'intent', payload: bytes('theirs') },
    ]);
    const journal = new Journal(file, new PlainSeal('new'), alone);
    await journal.append([{ kind: 'intent', payload: bytes('mine') }]);
    expect((await journal.read()).records.map((each) => text(each.payload))).toEqual([null, 'mine']);
    await journal.compact(() => new Set());
    const again = await new Journal(file, new PlainSeal('old'), alone).read();
    expect(again.records.map((each) => text(each.payload))).toEqual(['theirs']);
  });

  it('writes many records in one go', async () => {
    const file = new JournalInMemory();
    const journal = new Journal(file, new PlainSeal(), alone);
    const many = ['a', 'b', 'c'].map((name) => ({ kind: 'intent' as const, payload: bytes(name) }));
    await journal.append(many);
    expect(file.appends).toBe(1);
    expect((await journal.read()).records).toHaveLength(3);
  });
});

/** What nobody has settled. */
function unsettled(records: readonly { kind: JournalKind; payload: Uint8Array | null }[]): Set<number> {
  const done = new Set(records.filter((each) => each.kind === 'settled').map((each) => text(each.payload)));
  return new Set(
    records.flatMap((each, index) =>
      each.kind === 'intent' && !done.has(text(each.payload)) ? [index] : [],
    ),
  );
}
