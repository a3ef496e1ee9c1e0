/**
 * One run of random steps: asked of the executor over Postgres (of two processes in turn), of the plain clinic, and of
 * a desk's replica. After each step they must say the same and stand the same.
 */
import type { ActContext, Decision, RefusalReason } from '@medic/shared/acts/act';
import { decideAct } from '@medic/shared/acts/decide';
import { Facts } from '@medic/shared/acts/facts';
import { actNamed } from '@medic/shared/acts/registry';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Intent } from '@medic/shared/model/intent';
import type { RecordDefinition } from '@medic/shared/model/record';
import {
  type CollectionName,
  collectionNames,
  type RecordKind,
  syncedRecords,
} from '@medic/shared/model/records';
import type { Checkpoint } from '@medic/shared/sync/wire';
import {
  aBreak,
  aClinic,
  aDoctor,
  aLocation,
  anAppointmentType,
  aPatient,
  aRoom,
  aTemplate,
  aUser,
  date,
  idOf,
  time,
  clinicId as usualClinicId,
} from '@medic/shared/testing/builders';
import { type Instant, minuteMs } from '@medic/shared/time/instant';
import { pull } from '../../../changes/pull';
import { factKinds } from '../../../db/facts';
import { putRecords } from '../../../db/records';
import { arrangeBareClinic, underClock } from '../../../db/testing/base-clinic';
import type { TestDatabase } from '../../../db/testing/database';
import type { Committed } from '../../execute';
import { FactsCache } from '../../facts-cache';
import { type AnotherProcess, openAnotherProcess } from '../another-process';
import { ask } from '../asking';
import { cancelWindow, doctors, kinds, PlainClinic, type Visit } from './plain-clinic';
import {
  firstPatients,
  instantOf,
  monday,
  NextIds,
  type Request,
  requestOf,
  type Step,
} from './random-steps';

/** Monday, 07:00. */
const firstMinute = 7 * 60;

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
    await this.#arrange(clinicId);
    const plain = new PlainClinic(firstMinute, firstPatients);
    const ids = new NextIds();
    const desk = new Desk(this.#database, clinicId, () => this.#clock.now);
    const touched = new Set<CollectionName>(collectionNames);
    this.#committed = ({ collections }) => {
      for (const name of collections) touched.add(name);
    };
    const told: string[] = [];
    try {
      for (const step of steps) {
        plain.now += step.wait;
        this.#clock.now = instantOf(plain.now);
        const request = requestOf(step, plain, ids);
        told.push(wordsOf(request, plain.now, step.other));
        await desk.pull(touched);
        const shown = request.actor.kind === 'staff' ? desk.decide(request, this.#clock.now) : null;
        const process = this.#processes[step.other ? 1 : 0];
        const intent = await ask(process.executor, clinicId, request.act, request.args, {
          actor: request.actor,
        });
        const answer = request.plainly(plain);
        const codes = classesOf(intent);
        told.push(`  -> ${intent.status} ${codes.join(' ')}`);
        count(played, `${request.act} ${codes.join(' ') || intent.status}`);
        expectSame('done or refused, and why', codes, answer === 'done' ? [] : [...new Set(answer)].sort());
        expectSame('visits', await this.#visits(clinicId), plain.visits.map(plainly).sort());
        if (shown) {
          expectSame('the desk’s decision', decisionOf(shown), outcomeOf(intent));
          if (shown.kind === 'done') {
            await desk.pull(touched);
            desk.expectAsShown(shown);
          }
        }
      }
      expectSame(
        'holds',
        await this.#holds(clinicId),
        plain.holds
          .filter((hold) => plain.isLive(hold))
          .map(({ id }) => id)
          .sort((a, b) => a - b),
      );
      expectSame('entries', await this.#entries(clinicId), entriesOf(plain));
      for (const process of this.#processes) await this.#expectFresh(process, clinicId);
    } catch (error) {
      played.failedAt ??= performance.now();
      throw new Error(
        `${error instanceof Error ? error.message : String(error)}\n\n${told.slice(-400).join('\n')}`,
        {
          cause: error,
        },
      );
    }
  }

  async #arrange(clinicId: string): Promise<void> {
    const { adminPool } = this.#database;
    const own = <T>(record: T): T =>
      JSON.parse(JSON.stringify(record).replaceAll(usualClinicId, clinicId)) as T;
    const usual = aClinic();
    await arrangeBareClinic(
      adminPool,
      own({
        ...usual,
        slug: `played-${this.#clinics}`,
        rules: { ...usual.rules, cancelWindowMinutes: cancelWindow },
      }),
    );
    await underClock(adminPool, clinicId, async (tx) => {
      for (const [kind, records] of Object.entries(directory()) as [RecordKind, { id: string }[]][])
        await putRecords(tx, syncedRecords[kind] as RecordDefinition, records.map(own) as never);
    });
  }

  async #rows<T>(sql: string, clinicId: string): Promise<T[]> {
    const { rows } = await this.#database.adminPool.query<{ row: T }>(
      `SELECT to_jsonb(r) AS row FROM (${sql}) r`,
      [clinicId],
    );
    return rows.map(({ row }) => row);
  }

  async #visits(clinicId: string): Promise<string[]> {
    const rows = await this.#rows<Omit<Visit, 'before'>>(
      `SELECT ${number('id')} AS id, ${number('patient_id')} - 1 AS patient, ${number('doctor_id')} - 1 AS doctor,
              ${number('appointment_type_id')} - 1 AS kind, ${minute('starts_at')} AS start, ${minute('ends_at')} AS end,
              ${minute('reserved_until')} AS until, room_id IS NOT NULL AS room, capacity, overbooked AS over,
              room_overbooked AS "roomOver", status, seat, confirmed_at IS NOT NULL AS confirmed, ${number('series_id')} AS series
         FROM appointments WHERE clinic_id = $1 AND NOT deleted`,
      clinicId,
    );
    return rows.map((row) => plainly({ ...row, before: [] })).sort();
  }

  async #holds(clinicId: string): Promise<number[]> {
    const rows = await this.#rows<{ id: number }>(
      `SELECT ${number('id')} AS id FROM slot_holds WHERE clinic_id = $1 AND NOT deleted
          AND expires_at > to_timestamp(${this.#clock.now / 1000}) ORDER BY 1`,
      clinicId,
    );
    return rows.map(({ id }) => id);
  }

  /** What is over counts as such wherever it is read, though nobody has written it down yet. */
  async #entries(clinicId: string): Promise<string[]> {
    const isOver = `o.status = 'open' AND o.expires_at <= to_timestamp(${this.#clock.now / 1000})`;
    const rows = await this.#rows<{ words: string }>(
      `SELECT ${number('e.id')} || ' of ' || (${number('e.patient_id')} - 1) || ' ' ||
              CASE WHEN e.status = 'offered' AND NOT EXISTS (SELECT FROM waitlist_offers o
                WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id AND o.status = 'open' AND NOT (${isOver}))
              THEN 'waiting' ELSE e.status END || coalesce((
                SELECT string_agg(' ' || ${number('o.id')} || (CASE WHEN ${isOver} THEN 'expired' ELSE o.status END), '' ORDER BY o.id)
                  FROM waitlist_offers o WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id), '') AS words
         FROM waitlist_entries e WHERE e.clinic_id = $1 ORDER BY e.id`,
      clinicId,
    );
    return rows.map(({ words }) => words);
  }

  /** What a process has in memory is what it would read anew; what it has besides keeps no time from anybody. */
  async #expectFresh({ cache }: AnotherProcess, clinicId: string): Promise<void> {
    const known = (await cache.read(clinicId)).facts;
    const fresh = (await new FactsCache(this.#database.appPool, () => this.#clock.now).read(clinicId)).facts;
    for (const kind of factKinds) {
      const inMemory = new Map([...known.all(kind)].map((record) => [record.id, record]));
      for (const record of fresh.all(kind)) {
        expectSame(`${kind} in memory`, storedOf(inMemory.get(record.id)), storedOf(record));
        inMemory.delete(record.id);
      }
      for (const record of inMemory.values()) {
        const matters =
          ('expiresAt' in record && record.expiresAt > this.#clock.now) ||
          ('status' in record && keepingOf[kind]?.includes(record.status));
        if (matters)
          throw new Error(`${kind} is in memory, and not in the database: ${JSON.stringify(record)}`);
      }
    }
  }
}

function directory(): Partial<Record<RecordKind, { id: string }[]>> {
  const names = [
    ['Anna', 'Kowalska', '1980-05-17'],
    ['Bogdan', 'Wiśniewski', '1962-01-02'],
    ['Celina', 'Dudek', '1991-11-30'],
    ['Dariusz', 'Zając', '2003-08-08'],
  ];
  return {
    location: [aLocation({ rooms: [aRoom({ id: idOf('room', 1) })] })],
    doctor: doctors.map(({ needsAccepting }, i) =>
      aDoctor({ id: idOf('doctor', i + 1), name: `Doctor ${i}`, needsAccepting }),
    ),
    user: [
      aUser({ id: idOf('user', 1) }),
      aUser({ id: idOf('user', 2), roles: ['admin'], rights: ['overbook'] }),
      aUser({ id: idOf('user', 3), roles: ['doctor'], doctorId: idOf('doctor', 1) }),
      aUser({ id: idOf('user', 4), roles: ['doctor'], doctorId: idOf('doctor', 2), rights: ['overbook'] }),
    ],
    appointmentType: kinds.map((kind, i) =>
      anAppointmentType({
        id: idOf('appointmentType', i + 1),
        durationMinutes: kind.minutes,
        slotStepMinutes: kind.step,
        bufferAfterMinutes: kind.after,
        minNoticeMinutes: kind.notice,
        capacity: kind.capacity,
        needsRoom: kind.needsRoom,
        needsAccepting: kind.needsAccepting,
      }),
    ),
    scheduleTemplate: doctors.flatMap((_, i) =>
      [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
        aTemplate({
          doctorId: idOf('doctor', i + 1),
          weekday,
          opensAt: time('08:00'),
          closesAt: time('12:00'),
          breaks: i === 0 ? [aBreak('10:00', '10:30')] : [],
        }),
      ),
    ),
    patient: names.map(([givenName = '', familyName = '', birthDate = ''], i) =>
      aPatient({
        id: idOf('patient', i + 1),
        givenName,
        familyName,
        birthDate: date(birthDate),
        phone: null,
        email: `p${i}@example.org`,
      }),
    ),
  };
}

/** A desk that sees all of the clinic: its facts are what its pulls brought, and nothing else. */
class Desk {
  readonly #facts = new Facts();
  readonly #checkpoints = new Map<CollectionName, Checkpoint>();
  readonly #database: TestDatabase;
  readonly #clinicId: string;
  readonly #now: () => Instant;
  #ids = 1;

  constructor(database: TestDatabase, clinicId: string, now: () => Instant) {
    this.#database = database;
    this.#clinicId = clinicId;
    this.#now = now;
  }

  /** What has changed in these, which are no longer to be pulled then. */
  async pull(names: Set<CollectionName>): Promise<void> {
    for (const collection of names) {
      const answer = await pull(
        this.#database.appPool,
        {
          clinicId: this.#clinicId,
          userId: idOf('user', 2),
          deviceId: idOf('device', 1),
          roles: ['admin'],
          doctorId: null,
          locationIds: [],
        },
        { collection, checkpoint: this.#checkpoints.get(collection) ?? null, limit: 500 },
        this.#now(),
      );
      if (answer.kind !== 'documents')
        throw new Error(`the pull of ${collection} starts afresh: ${answer.why}`);
      for (const { recordKind, ...record } of answer.documents) {
        if (record.deleted) this.#facts.forget(recordKind, record.id);
        else this.#facts.put(recordKind, record as never);
      }
      this.#checkpoints.set(collection, answer.checkpoint);
    }
    names.clear();
  }

  decide({ act: name, args, actor }: Request, now: Instant): Decision {
    const act = actNamed(name);
    if (!act) throw new Error(name);
    const context: ActContext = {
      clinicId: this.#clinicId,
      actor,
      now,
      madeAt: now,
      newId: () => idOf('intent', this.#ids++),
    };
    return decideAct(act, this.#facts.layer(), act.args.parse(args), context);
  }

  /** Once pulled, each visit is what the desk had shown it as. */
  expectAsShown({ changes }: Extract<Decision, { kind: 'done' }>): void {
    for (const change of changes) {
      if (change.kind !== 'appointment') continue;
      const now = this.#facts.get('appointment', change.record.id);
      expectSame('a visit as the desk had shown it', shownOf(now), shownOf(change.record));
    }
  }
}

function shownOf(visit: Appointment | undefined): unknown {
  if (!visit) return undefined;
  const { seq: _, events: __, ...rest } = visit;
  return inOrder(rest);
}

/** Fields by name, in lists too: where a record came from shows in the order of its fields. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, inOrder(field)]),
  );
}

/** Without what is read apart from it, and without its stamp: a row is stamped again for others' sake. */
function storedOf(record: object | undefined): unknown {
  return record && inOrder({ ...record, events: [], seq: 0 });
}

const outOfTime = new Set(['slot', 'series', 'taken']);

/** What stands in the way, by kind: that a time is not free is one of them, whatever it is that takes it. */
function classesOf({ status, outcome }: Intent): string[] {
  if (status === 'done') return [];
  if (status === 'failed') return [`failed ${JSON.stringify(outcome)}`];
  const reasons = outcome.reasons as RefusalReason[];
  return [
    ...new Set(
      reasons.map(({ code }) => (outOfTime.has(code) ? (code === 'taken' ? 'taken' : 'time') : code)),
    ),
  ].sort();
}

function decisionOf(decision: Decision): unknown {
  return decision.kind === 'done'
    ? { kind: 'done' }
    : inOrder({ reasons: decision.reasons, alternatives: decision.alternatives });
}

function outcomeOf({ status, outcome }: Intent): unknown {
  return status === 'done' ? { kind: 'done' } : inOrder(outcome);
}

function entriesOf(plain: PlainClinic): string[] {
  return plain.entries.map((entry) => {
    const offers = entry.offers.map(
      (offer) => ` ${offer.id}${offer.status === 'open' && !plain.isOpen(offer) ? 'expired' : offer.status}`,
    );
    return `${entry.id} of ${entry.patient} ${plain.statusOf(entry)}${offers.join('')}`;
  });
}

function plainly(visit: Visit): string {
  const {
    id,
    patient,
    doctor,
    kind,
    start,
    end,
    until,
    room,
    capacity,
    over,
    roomOver,
    status,
    seat,
    confirmed,
    series,
  } = visit;
  // Who holds no seat has none.
  const seated = ['pending', 'booked', 'arrived', 'checked-in', 'fulfilled'].includes(status) ? seat : 0;
  const flags = [room && 'room', over && 'over', roomOver && 'roomOver', confirmed && 'confirmed'].filter(
    Boolean,
  );
  return `${String(id).padStart(4)} ${status} patient ${patient} doctor ${doctor} kind ${kind} ${clockOf(start)}-${clockOf(end)} (${until}) seat ${seated}/${capacity} ${flags.join(' ')} ${series ?? ''}`;
}

function clockOf(minute: number): string {
  const clock = ((minute % 1440) + 1440) % 1440;
  return `${Math.floor(minute / 1440)}d${Math.floor(clock / 60)}:${String(clock % 60).padStart(2, '0')}`;
}

function wordsOf({ act, actor, args }: Request, now: number, other: boolean): string {
  const short = JSON.stringify(args)
    .replaceAll(
      /"00000000-0000-7000-8[0-9a-f]{3}-0*([0-9a-f]+)"/g,
      (_, hex: string) => `${Number.parseInt(hex, 16)}`,
    )
    .replaceAll(
      /"(startsAt|expiresAt)":(\d+)/g,
      (_, name: string, at: string) => `"${name}":${clockOf((Number(at) - monday) / minuteMs)}`,
    )
    .replaceAll(/"(\w+)":/g, '$1:');
  const who =
    actor.kind === 'staff' ? actor.name : `patient ${actor.id?.slice(-4) ?? ''}${actor.holder ?? ''}`;
  return `${clockOf(now)} ${other ? 'B' : 'A'} ${who}: ${act} ${short}`;
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found, null, 1), JSON.stringify(expected, null, 1)];
  if (a === b) return;
  if (Array.isArray(found) && Array.isArray(expected)) {
    const only = (of: unknown[], not: unknown[]) => of.filter((each) => !not.includes(each));
    throw new Error(
      `${what}: found ${JSON.stringify(only(found, expected))}, expected ${JSON.stringify(only(expected, found))}`,
    );
  }
  throw new Error(`${what}: found ${a}\nexpected ${b}`);
}

function count({ counts }: Played, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** The number that a test's id ends with. */
function number(column: string): string {
  return `('x' || right(${column}::text, 8))::bit(32)::int`;
}

function minute(column: string): string {
  return `((extract(epoch FROM ${column}) * 1000 - ${monday}) / ${minuteMs})::int`;
}
