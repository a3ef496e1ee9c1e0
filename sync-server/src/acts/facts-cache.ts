/**
 * Each busy clinic's facts in memory, valid for the clinic's `seq`: directory, plans, and everything that keeps a slot
 * from now on. Whoever needs them compares one number and reads what has changed since; no entry can be stale, so
 * none has a time-out.
 */
import { type Change, Facts } from '@medic/shared/acts/facts';
import type { PatientIdentity } from '@medic/shared/acts/patient/duplicates';
import type { RecordKind, SyncedOf } from '@medic/shared/model/records';
import { dayMs, type Instant } from '@medic/shared/time/instant';
import { type ClockReading, clinicIdBySlug, clockAndPatient, clockOf, readClock } from '../db/clinics';
import { factKinds, readFactsSince } from '../db/facts';
import type { Pool } from '../db/pool';
import { inClinic, type Transaction } from '../db/transaction';
import { ClinicQueue, type QueueLimits } from './clinic-queue';
import { SharedReads } from './shared-reads';

/** Visits that ended longer ago keep no slot that anybody can ask for. */
const pastDays = 2;
/** Clinics kept; the one that nobody asked for the longest goes. */
const maxClinics = 200;
/** A rush waits here, and not before the pool, where another clinic's acts would come behind it. */
const visitorReads: QueueLimits = { longest: 500, atOnce: 2, perClinic: 2 };

interface Entry {
  facts: Facts;
  seq: number;
  epoch: string;
}

export interface ClinicFacts {
  facts: Facts;
  seq: number;
}

export class FactsCache {
  readonly #pool: Pool;
  readonly #now: () => Instant;
  readonly #entries = new Map<string, Entry>();
  readonly #reads = new SharedReads<Entry>();
  /** What cannot be shared, because each asks for somebody else. */
  readonly #visitors = new ClinicQueue(visitorReads);
  /** Looked at anew with each use: an address may go to another clinic. */
  readonly #idsBySlug = new Map<string, string>();

  constructor(pool: Pool, now: () => Instant) {
    this.#pool = pool;
    this.#now = now;
  }

  /** Facts as of the clinic's clock, for reading. */
  async read(clinicId: string): Promise<ClinicFacts> {
    return this.#use(clinicId, await this.#reads.read(clinicId, () => this.#asOfNow(clinicId)));
  }

  /** As `read`, of the clinic at a public address; null where there is none. */
  async readBySlug(slug: string): Promise<(ClinicFacts & { clinicId: string }) | null> {
    const known = this.#idsBySlug.get(slug);
    if (known !== undefined) {
      const found = await this.read(known);
      // As of now the address is still its own, so no other clinic has it.
      if (found.facts.get('clinic', known)?.slug === slug)
        return { clinicId: known, facts: found.facts, seq: found.seq };
      this.#idsBySlug.delete(slug);
    }
    const clinicId = await clinicIdBySlug(this.#pool, slug);
    if (clinicId === null) return null;
    const { facts, seq } = await this.read(clinicId);
    this.#idsBySlug.set(slug, clinicId);
    return { clinicId, facts, seq };
  }

  /**
   * As `readBySlug`, and who somebody is that types these details: asked together with the clock, whoever it is, for
   * what is done on their behalf is decided again under the clock.
   */
  async readForVisitor(
    slug: string,
    who: PatientIdentity,
  ): Promise<(ClinicFacts & { clinicId: string; samePatientId: string | null }) | null> {
    const clinicId = this.#idsBySlug.get(slug);
    const known = clinicId === undefined ? undefined : this.#entries.get(clinicId);
    if (clinicId !== undefined && known) {
      const { patientId, ...clock } = await this.#clockAndPatient(clinicId, who);
      if (isAsOf(known, clock) && known.facts.get('clinic', clinicId)?.slug === slug)
        return {
          clinicId,
          facts: this.#use(clinicId, known).facts,
          seq: known.seq,
          samePatientId: patientId,
        };
    }
    const found = await this.readBySlug(slug);
    if (!found) return null;
    const { patientId } = await this.#clockAndPatient(found.clinicId, who);
    return { ...found, samePatientId: patientId };
  }

  #clockAndPatient(clinicId: string, who: PatientIdentity) {
    return this.#visitors.run(clinicId, () => clockAndPatient(this.#pool, clinicId, who));
  }

  async #asOfNow(clinicId: string): Promise<Entry> {
    const known = this.#entries.get(clinicId);
    if (known) {
      if (isAsOf(known, await clockOf(this.#pool, clinicId))) return known;
    }
    // One snapshot: half an act must not be seen.
    return await inClinic(
      this.#pool,
      clinicId,
      async (tx) => {
        const { seq, epoch } = await readClock(tx, clinicId);
        return await this.#bringForward(tx, clinicId, seq, epoch);
      },
      { readOnly: true, isolation: 'repeatable read' },
    );
  }

  /** Facts as of `seq`, inside the transaction that holds the clinic's clock: nobody else can commit meanwhile. */
  async under(tx: Transaction, clinicId: string, seq: number, epoch: string): Promise<Facts> {
    let known = this.#entries.get(clinicId);
    // Nobody can be ahead of the clock while it is held: this is the past of a database that was put back.
    if (known && known.seq > seq) {
      this.drop(clinicId);
      known = undefined;
    }
    const entry =
      known?.seq === seq && known.epoch === epoch
        ? known
        : await this.#bringForward(tx, clinicId, seq, epoch);
    return this.#use(clinicId, entry).facts;
  }

  /** What this process has committed at `seq`. Told in the order of commits. */
  committed(clinicId: string, seq: number, changes: readonly Change[]): void {
    const entry = this.#entries.get(clinicId);
    // A gap means that another process wrote in between: the next reader brings all of it.
    if (entry?.seq !== seq - 1) return;
    for (const change of changes)
      if (isFactKind(change.kind))
        putNewer(entry.facts, change.kind, { ...change.record, seq } as SyncedOf<typeof change.kind>);
    entry.seq = seq;
  }

  /** After a doubt (an unknown outcome, a refusal by the database) nothing in memory is believed. */
  drop(clinicId: string): void {
    this.#entries.delete(clinicId);
  }

  /** The connection to the database was away: it may be another database that answers now. */
  dropAll(): void {
    this.#entries.clear();
  }

  async #bringForward(tx: Transaction, clinicId: string, seq: number, epoch: string): Promise<Entry> {
    let entry = this.#entries.get(clinicId);
    if (entry && entry.epoch !== epoch) entry = undefined;
    if (entry && entry.seq >= seq) return entry;
    const target = entry ?? { facts: new Facts(), seq: 0, epoch };
    const rows = await readFactsSince(tx, {
      seq: target.seq,
      from: (this.#now() - pastDays * dayMs) as Instant,
    });
    for (const { kind, record } of rows) putNewer(target.facts, kind, record as SyncedOf<typeof kind>);
    if (target.seq < seq) target.seq = seq;
    this.#entries.set(clinicId, target);
    return target;
  }

  #use(clinicId: string, entry: Entry): Entry {
    // A Map keeps the order of insertion: the last used goes to the end.
    this.#entries.delete(clinicId);
    this.#entries.set(clinicId, entry);
    if (this.#entries.size > maxClinics) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    return entry;
  }
}

/** A reader may find the clock where memory has gone on from meanwhile. */
function isAsOf(entry: Entry, clock: ClockReading): boolean {
  return clock.seq <= entry.seq && clock.epoch === entry.epoch;
}

function isFactKind(kind: RecordKind): boolean {
  return (factKinds as readonly RecordKind[]).includes(kind);
}

/** A slow reader must not put an older row over a newer one. */
function putNewer<K extends RecordKind>(facts: Facts, kind: K, record: SyncedOf<K>): void {
  if (facts.seqOf(kind, record.id) <= record.seq) facts.put(kind, record);
}
