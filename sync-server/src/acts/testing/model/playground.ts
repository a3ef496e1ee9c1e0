/**
 * One run of random steps: asked of the executor over Postgres (of two processes in turn), of the plain clinic, and of
 * a desk's replica. After each step they must say the same and stand the same.
 */
import type { Intent } from '@medic/shared/model/intent';
import { type CollectionName, collectionNames, type RecordKind } from '@medic/shared/model/records';
import { idOf } from '@medic/shared/testing/builders';
import type { Instant } from '@medic/shared/time/instant';
import { factKinds } from '../../../db/facts';
import type { TestDatabase } from '../../../db/testing/database';
import { newId } from '../../../testing/test-clinic';
import type { Committed } from '../../execute';
import { FactsCache } from '../../facts-cache';
import type { ActRequest } from '../../outcome';
import { type AnotherProcess, openAnotherProcess } from '../another-process';
import { requestOfAct } from '../asking';
import { doubleBookings, timelineGaps } from '../what-stands';
import {
  classesOf,
  entriesInWords,
  expectSame,
  inOrder,
  itemInWords,
  messageInWords,
  patientInWords,
  requestInWords,
  visitInWords,
} from './as-shown';
import { Stored } from './as-stored';
import { Desk, decisionOf } from './desk';
import { type Item, PlainClinic } from './plain/clinic';
import { arrangePlayed, deskDevice } from './setting-up';
import { requestOf } from './steps/choose';
import { firstPatients } from './steps/people';
import { instantOf, minutesAgo, monday, NextIds, type Request, type Step } from './steps/step';

/** Monday, 07:00. */
const firstMinute = 7 * 60;
/** Within one minute each step is this much later than the one before, so that nothing happens at the same time. */
const tick = 1 / 32;

export interface Played {
  /** How often each act was done, and how often it was refused for what. */
  counts: Map<string, number>;
  /** When a run failed first: it is not made smaller for ever. */
  failedAt: number | null;
}

const longestShrinkMs = 30_000;

/** What keeps time, or waits for it, must be in the database too. */
const keepingOf: Partial<Record<RecordKind, readonly string[]>> = {
  appointment: ['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'],
  waitlistEntry: ['waiting', 'offered'],
};

/** Two server processes over one database; each run is a clinic of its own there. */
export class Playground {
  readonly #database: TestDatabase;
  readonly #processes: [AnotherProcess, AnotherProcess];
  readonly #clock: { now: Instant };
  #committed: (committed: Committed) => void = () => undefined;
  #clinics = 100;

  private constructor(
    database: TestDatabase,
    processes: [AnotherProcess, AnotherProcess],
    clock: { now: Instant },
  ) {
    this.#database = database;
    this.#processes = processes;
    this.#clock = clock;
  }

  static async open(database: TestDatabase): Promise<Playground> {
    const clock = { now: monday };
    const listening = { tell: (_: Committed): void => undefined };
    const parts = {
      now: () => clock.now,
      onCommit: (committed: Committed) => listening.tell(committed),
    };
    const processes: [AnotherProcess, AnotherProcess] = [
      await openAnotherProcess(database.url, parts),
      await openAnotherProcess(database.url, parts),
    ];
    const playground = new Playground(database, processes, clock);
    listening.tell = (committed) => playground.#committed(committed);
    return playground;
  }

  async close(): Promise<void> {
    for (const each of this.#processes) await each.close();
  }

  /** Throws at the first step at which two of them differ, with the steps so far in words. */
  async play(steps: readonly Step[], played: Played): Promise<void> {
    if (played.failedAt !== null && performance.now() - played.failedAt > longestShrinkMs) return;
    const clinicId = idOf('clinic', this.#clinics++);
    await arrangePlayed(this.#database, clinicId, `played-${this.#clinics}`);
    const run = new Run(this.#database, this.#processes, this.#clock, clinicId);
    this.#committed = ({ collections }) => {
      for (const name of collections) run.touched.add(name);
    };
    const told: string[] = [];
    try {
      for (const step of steps) await run.take(step, told, played);
      await run.expectAll();
    } catch (error) {
      played.failedAt ??= performance.now();
      throw new Error(
        `${error instanceof Error ? error.message : String(error)}\n\n${told.slice(-400).join('\n')}`,
        { cause: error },
      );
    }
  }
}

class Run {
  readonly touched = new Set<CollectionName>(collectionNames);
  readonly #database: TestDatabase;
  readonly #processes: [AnotherProcess, AnotherProcess];
  readonly #clock: { now: Instant };
  readonly #clinicId: string;
  readonly #plain = new PlainClinic(firstMinute, firstPatients);
  readonly #ids = new NextIds();
  readonly #desk: Desk;
  readonly #stored: Stored;
  /** Of the desk's intents. */
  #n = 0;
  #lastSeq = 0;

  constructor(
    database: TestDatabase,
    processes: [AnotherProcess, AnotherProcess],
    clock: { now: Instant },
    clinicId: string,
  ) {
    this.#database = database;
    this.#processes = processes;
    this.#clock = clock;
    this.#clinicId = clinicId;
    this.#desk = new Desk(database, clinicId, () => clock.now);
    this.#stored = new Stored(database.adminPool, clinicId);
  }

  async take(step: Step, told: string[], played: Played): Promise<void> {
    const plain = this.#plain;
    plain.now = step.wait === 0 ? plain.now + tick : Math.floor(plain.now) + step.wait;
    plain.madeAt = plain.now;
    this.#clock.now = instantOf(plain.now);
    const request = requestOf(step, plain, this.#ids);
    const ago = request.actor.kind === 'staff' ? minutesAgo(step) : null;
    if (ago !== null) plain.madeAt = plain.now - ago;
    told.push(
      `${requestInWords(request, plain.now, step.other)}${ago === null ? '' : ` at the desk ${ago} minutes ago`}`,
    );
    await this.#desk.pull(this.touched);
    const shown =
      request.actor.kind === 'staff'
        ? this.#desk.decide(request, this.#clock.now, instantOf(plain.madeAt))
        : null;
    const asked = this.#asked(request, ago !== null);
    const intent = await this.#processes[step.other ? 1 : 0].executor.execute(asked);
    const known = plain.patients.length;
    const answer = request.plainly(plain);
    const codes = classesOf(intent);
    told.push(`  -> ${intent.status} ${codes.join(' ')}`);
    count(played, `${request.act} ${codes.join(' ') || intent.status}`);
    expectSame('done or refused, and why', codes, answer === 'done' ? [] : [...new Set(answer)].sort());
    if (answer !== 'done' && ago !== null) plain.items.push(refusedItem(request, known));
    this.#expectLater(intent, asked);
    if (step.c % 8 === 0) await this.#expectSameAgain(asked, intent, step);
    expectSame('visits', await this.#stored.visits(), plain.visits.map(visitInWords).sort());
    await this.#nameItems();
    if (shown) {
      expectSame('the desk’s decision', decisionOf(shown), decidedBy(intent));
      if (shown.kind === 'done') {
        await this.#desk.pull(this.touched);
        this.#desk.expectAsShown(shown);
      }
    }
  }

  #asked({ act, args, actor }: Request, atDesk: boolean): ActRequest {
    return {
      ...requestOfAct(this.#clinicId, act, args, { actor, requestId: newId() }),
      ...(atDesk ? { device: { id: deskDevice, n: ++this.#n }, madeAt: instantOf(this.#plain.madeAt) } : {}),
    };
  }

  /** Whatever is kept has a number of its own, after all before it. */
  #expectLater(intent: Intent, { device }: ActRequest): void {
    if (intent.status !== 'done' && !device) return;
    const seq = intent.outcomeSeq ?? 0;
    if (seq <= this.#lastSeq) throw new Error(`number ${seq} after ${this.#lastSeq}`);
    this.#lastSeq = seq;
  }

  /** Sent once more, to whichever process, it is answered the same and changes nothing: that shows afterwards. */
  async #expectSameAgain(asked: ActRequest, before: Intent, step: Step): Promise<void> {
    const again = await this.#processes[step.d % 2 === 0 ? 1 : 0].executor.execute(asked);
    expectSame('the answer to the same request', outcomeOf(again), outcomeOf(before));
    if (asked.device || before.status === 'done')
      expectSame('its number', again.outcomeSeq, before.outcomeSeq);
  }

  /** The plain clinic's items get the ids that the server gave. */
  async #nameItems(): Promise<void> {
    const unnamed = this.#plain.items.filter(({ id }) => id === null);
    if (unnamed.length === 0) return;
    const known = new Set(this.#plain.items.map(({ id }) => id));
    const fresh = (await this.#stored.items()).filter(({ id }) => !known.has(id));
    for (const item of unnamed) {
      const at = fresh.findIndex(({ kind }) => kind === item.kind);
      if (at < 0) throw new Error(`no item ${item.kind} waits for a person: ${itemWords(item)}`);
      item.id = fresh.splice(at, 1)[0]?.id ?? null;
    }
  }

  /** What need not be looked at after each step. */
  async expectAll(): Promise<void> {
    const plain = this.#plain;
    const now = this.#clock.now;
    const stored = this.#stored;
    const live = plain.holds.filter((hold) => plain.isLive(hold)).map(({ id }) => id);
    expectSame(
      'holds',
      await stored.holds(now),
      live.sort((a, b) => a - b),
    );
    expectSame('entries', await stored.entries(now), entriesInWords(plain));
    expectSame('patients', await stored.patients(), plain.patients.map(patientInWords));
    const items = (await stored.items()).map(({ words }) => words).sort();
    expectSame('what waits for a person', items, plain.items.map(itemWords).sort());
    expectSame(
      'series',
      await stored.series(),
      plain.series.map(({ id, start, count }) => `${id} from ${start} ${count}`).sort(),
    );
    expectSame(
      'timelines',
      await stored.timelines(),
      plain.visits.map(({ id, timeline }) => `${id}: ${timeline.join(' ')}`).sort(),
    );
    expectSame('messages', await stored.messages(), plain.messages.map(messageInWords).sort());
    expectSame('double bookings', await doubleBookings(this.#database.adminPool, this.#clinicId), []);
    expectSame('gaps in timelines', await timelineGaps(this.#database.adminPool, this.#clinicId), []);
    for (const process of this.#processes) await this.#expectFresh(process);
  }

  /** What a process has in memory is what it would read anew; what it has besides keeps no time from anybody. */
  async #expectFresh({ cache }: AnotherProcess): Promise<void> {
    const now = this.#clock.now;
    const known = (await cache.read(this.#clinicId)).facts;
    const fresh = (await new FactsCache(this.#database.appPool, () => now).read(this.#clinicId)).facts;
    for (const kind of factKinds) {
      const inMemory = new Map([...known.all(kind)].map((record) => [record.id, record]));
      for (const record of fresh.all(kind)) {
        expectSame(`${kind} in memory`, storedOf(inMemory.get(record.id)), storedOf(record));
        inMemory.delete(record.id);
      }
      for (const record of inMemory.values()) {
        const matters =
          ('expiresAt' in record && record.expiresAt > now) ||
          ('status' in record && keepingOf[kind]?.includes(record.status));
        if (matters)
          throw new Error(`${kind} is in memory, and not in the database: ${JSON.stringify(record)}`);
      }
    }
  }
}

/** What a desk asked for and did not get waits for a person, with the patient it was about where there is such. */
function refusedItem({ args }: Request, known: number): Item {
  const named = (args as { patientId?: string }).patientId;
  const patient = named === undefined ? null : Number.parseInt(named.slice(-8), 16) - 1;
  return {
    id: null,
    kind: 'refused',
    open: true,
    patient: patient !== null && patient < known ? patient : null,
    current: {},
    proposed: {},
  };
}

function itemWords({ kind, open, patient, current, proposed }: Item): string {
  return itemInWords({ kind, open, patient, data: { current, proposed } });
}

/** Without what is read apart from it, and without its stamp: a row is stamped again for others' sake. */
function storedOf(record: object | undefined): unknown {
  return record && inOrder({ ...record, events: [], seq: 0 });
}

/** Without what the server knows besides: which of the desk's own intents a refusal rests on. */
function decidedBy({ status, outcome: { reasons, alternatives } }: Intent): unknown {
  return status === 'done' ? { kind: 'done' } : inOrder({ reasons, alternatives });
}

function outcomeOf({ status, outcome }: Intent): unknown {
  return status === 'done' ? { kind: 'done' } : inOrder(outcome);
}

function count({ counts }: Played, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
