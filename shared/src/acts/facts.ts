/**
 * Facts in memory, with the look-ups that acts and the engine need. One class everywhere: the server keeps one per
 * busy clinic, a desk one per replica, tests one per case. A layer over a base holds only what differs, so that
 * pending intents, or an act's own loads, never touch what lies below.
 */
import type { AvailabilityFacts } from '../availability/facts';
import { takenBy, VisitIndex } from '../availability/visit-index';
import { MedicError } from '../errors';
import type { Appointment } from '../model/appointment';
import type { AppointmentType } from '../model/appointment-type';
import type { AvailabilityException } from '../model/availability-exception';
import type { ExternalBusyTime } from '../model/calendar';
import type { Clinic } from '../model/clinic';
import type { Doctor } from '../model/doctor';
import type { Location } from '../model/location';
import type { RecordKind, SyncedOf } from '../model/records';
import type { ScheduleTemplate } from '../model/schedule-template';
import type { SlotHold } from '../model/slot-hold';
import type { TimeOffRequest } from '../model/time-off-request';
import type { Instant } from '../time/instant';

/** A record as it is from now on, with its kind: what acts decide. */
export type Change = { [K in RecordKind]: { kind: K; record: SyncedOf<K> } }[RecordKind];

type AnyRecord = SyncedOf<RecordKind>;

/** Kinds that are looked up by the doctor they belong to; without a doctor they belong to all. */
const byDoctorKinds = [
  'scheduleTemplate',
  'availabilityException',
  'timeOffRequest',
  'slotHold',
  'externalBusyTime',
] as const;
type ByDoctorKind = (typeof byDoctorKinds)[number];

const visitOwners = ['patientId', 'seriesId'] as const;
type VisitOwner = (typeof visitOwners)[number];
/** Most patients have one visit: it stands in the index itself, which takes half the memory of a list each. */
type OwnedVisits = Map<string, Appointment | Appointment[]>;

/** What hours of work are made of. */
const planKinds: readonly RecordKind[] = [
  'location',
  'scheduleTemplate',
  'availabilityException',
  'timeOffRequest',
];

const none: readonly never[] = [];

export class Facts implements AvailabilityFacts {
  readonly #base: Facts | null;
  readonly #records = new Map<RecordKind, Map<string, AnyRecord>>();
  readonly #visits = new VisitIndex();
  /** What is there (deleted records are not) by doctor, and holds by room as well. */
  readonly #owned = new Map<RecordKind, Map<string, AnyRecord[]>>();

  /** Visits by who has them or which series they are of, from the first time that somebody asks. */
  #byOwner: Record<VisitOwner, OwnedVisits> | null = null;

  /** As of the base's plans below it; null in a layer that changes no plan. */
  #plans: { key: object; below: object | null } | null;

  constructor(base: Facts | null = null) {
    this.#base = base;
    this.#plans = base ? null : { key: {}, below: null };
  }

  get plans(): object {
    const below = this.#base ? this.#base.plans : null;
    if (!this.#plans) return below as object;
    if (this.#plans.below !== below) this.#plans = { key: {}, below };
    return this.#plans.key;
  }

  /** A layer over this one: what is put there is seen there only. */
  layer(): Facts {
    return new Facts(this);
  }

  get clinic(): Clinic {
    for (const clinic of this.all('clinic')) return clinic;
    throw new Error('Broken invariant: facts without a clinic');
  }

  /** The record, unless it is deleted or not here. */
  get<K extends RecordKind>(kind: K, id: string): SyncedOf<K> | undefined {
    const found = this.#find(kind, id);
    return found === undefined || found.deleted ? undefined : found;
  }

  /** As `get`, but a deleted record is found too. */
  #find<K extends RecordKind>(kind: K, id: string): SyncedOf<K> | undefined {
    return (
      (this.#records.get(kind)?.get(id) as SyncedOf<K> | undefined) ??
      (this.#base ? this.#base.#find(kind, id) : undefined)
    );
  }

  /** The `seq` of what is known of a record, deleted ones included; -1 when nothing is. */
  seqOf(kind: RecordKind, id: string): number {
    return this.#find(kind, id)?.seq ?? -1;
  }

  has(kind: RecordKind, id: string): boolean {
    return this.get(kind, id) !== undefined;
  }

  *all<K extends RecordKind>(kind: K): IterableIterator<SyncedOf<K>> {
    const own = this.#records.get(kind) as Map<string, SyncedOf<K>> | undefined;
    if (own) for (const record of own.values()) if (!record.deleted) yield record;
    if (this.#base) {
      for (const record of this.#base.all(kind)) if (!own?.has(record.id)) yield record;
    }
  }

  /** Puts what must be new. Two records of a kind with one id are refused, where `put` would let the later one stand. */
  add<K extends RecordKind>(kind: K, record: SyncedOf<K>): void {
    if (this.#find(kind, record.id))
      throw new MedicError('input.invalid', `two records of kind ${kind} have the id ${record.id}`);
    this.put(kind, record);
  }

  /** The record as it is from now on: a new one, or in place of the one with its id. */
  put<K extends RecordKind>(kind: K, record: SyncedOf<K>): void {
    let map = this.#records.get(kind);
    if (!map) {
      map = new Map();
      this.#records.set(kind, map);
    }
    // First, since it refuses what it cannot hold: then all stays as it was.
    this.#index(kind, record);
    const before = map.get(record.id);
    if (before) this.#unindex(kind, before);
    map.set(record.id, record);
    this.#changed(kind);
  }

  #changed(kind: RecordKind): void {
    if (planKinds.includes(kind)) this.#plans = { key: {}, below: this.#base ? this.#base.plans : null };
  }

  apply(change: Change): void {
    this.put(change.kind, change.record);
  }

  /** Forgets a record of this layer, as if it had never come. */
  forget(kind: RecordKind, id: string): void {
    const record = this.#records.get(kind)?.get(id);
    if (!record) return;
    this.#unindex(kind, record);
    this.#records.get(kind)?.delete(id);
    this.#changed(kind);
  }

  doctor(id: string): Doctor | undefined {
    return this.get('doctor', id);
  }
  location(id: string): Location | undefined {
    return this.get('location', id);
  }
  appointmentType(id: string): AppointmentType | undefined {
    return this.get('appointmentType', id);
  }
  doctors(): Iterable<Doctor> {
    return this.all('doctor');
  }
  templatesOf(doctorId: string): readonly ScheduleTemplate[] {
    return this.#ownedBy('scheduleTemplate', doctorId);
  }
  exceptionsOf(doctorId: string): readonly AvailabilityException[] {
    const everybodys = this.#ownedBy('availabilityException', '');
    const own = this.#ownedBy('availabilityException', doctorId);
    return everybodys.length === 0 ? own : [...own, ...everybodys];
  }
  timeOffOf(doctorId: string): readonly TimeOffRequest[] {
    return this.#ownedBy('timeOffRequest', doctorId);
  }
  holdsOfDoctor(doctorId: string): readonly SlotHold[] {
    return this.#ownedBy('slotHold', doctorId);
  }
  holdsInRoom(roomId: string): readonly SlotHold[] {
    return this.#ownedBy('slotHold', roomId);
  }
  externalBusyOf(doctorId: string): readonly ExternalBusyTime[] {
    return this.#ownedBy('externalBusyTime', doctorId);
  }
  appointmentsOfDoctor(doctorId: string, from: Instant, until: Instant): readonly Appointment[] {
    return this.#visitsOf(doctorId, from, until);
  }
  appointmentsInRoom(roomId: string, from: Instant, until: Instant): readonly Appointment[] {
    return this.#visitsOf(roomId, from, until);
  }

  /**
   * The patient's visits of whatever status and time, as far as they are known here, in no particular order: on a desk
   * what the replica holds; at the server what takes time from now on, and all of them for an act that `needs` them.
   */
  visitsOfPatient(patientId: string): readonly Appointment[] {
    return this.#visitsBelonging('patientId', patientId);
  }
  /** As `visitsOfPatient`, of a series. */
  visitsOfSeries(seriesId: string): readonly Appointment[] {
    return this.#visitsBelonging('seriesId', seriesId);
  }

  #visitsBelonging(owner: VisitOwner, id: string): readonly Appointment[] {
    const entry = this.#ownedVisits()[owner].get(id);
    const own = entry === undefined ? none : Array.isArray(entry) ? entry : [entry];
    if (!this.#base) return own;
    const below = this.#base.#visitsBelonging(owner, id);
    const changed = this.#records.get('appointment');
    return changed ? [...own, ...below.filter((visit) => !changed.has(visit.id))] : below;
  }

  #ownedVisits(): Record<VisitOwner, OwnedVisits> {
    if (this.#byOwner) return this.#byOwner;
    const index = { patientId: new Map(), seriesId: new Map() };
    const visits = this.#records.get('appointment') as Map<string, Appointment> | undefined;
    if (visits) for (const visit of visits.values()) if (!visit.deleted) addToOwners(index, visit);
    this.#byOwner = index;
    return index;
  }

  #ownedBy<K extends ByDoctorKind>(kind: K, owner: string): readonly SyncedOf<K>[] {
    const own = (this.#owned.get(kind)?.get(owner) ?? none) as readonly SyncedOf<K>[];
    if (!this.#base) return own;
    const below = this.#base.#ownedBy(kind, owner);
    const changed = this.#records.get(kind);
    return changed ? [...own, ...below.filter((record) => !changed.has(record.id))] : below;
  }

  takenByVisits(ownerId: string, from: Instant, until: Instant): readonly number[] {
    if (!this.#base) return this.#visits.taken(ownerId, from, until);
    if (!this.#records.has('appointment')) return this.#base.takenByVisits(ownerId, from, until);
    return takenBy(this.#visitsOf(ownerId, from, until));
  }

  #visitsOf(ownerId: string, from: Instant, until: Instant): Appointment[] {
    const found: Appointment[] = [];
    this.#visits.each(ownerId, from, until, (visit) => found.push(visit));
    if (this.#base) {
      const changed = this.#records.get('appointment');
      for (const visit of this.#base.#visitsOf(ownerId, from, until)) {
        if (!changed?.has(visit.id)) found.push(visit);
      }
    }
    return found;
  }

  #index(kind: RecordKind, record: AnyRecord): void {
    if (record.deleted) return;
    if (kind === 'appointment') {
      this.#visits.add(record as Appointment);
      if (this.#byOwner) addToOwners(this.#byOwner, record as Appointment);
    }
    for (const owner of ownersOf(kind, record)) {
      let owned = this.#owned.get(kind);
      if (!owned) {
        owned = new Map();
        this.#owned.set(kind, owned);
      }
      const records = owned.get(owner);
      if (records) records.push(record);
      else owned.set(owner, [record]);
    }
  }

  #unindex(kind: RecordKind, record: AnyRecord): void {
    if (record.deleted) return;
    if (kind === 'appointment') {
      this.#visits.drop(record as Appointment);
      if (this.#byOwner) dropFromOwners(this.#byOwner, record as Appointment);
    }
    for (const owner of ownersOf(kind, record)) drop(this.#owned.get(kind)?.get(owner), record);
  }
}

function drop<T>(records: T[] | undefined, record: T): void {
  const at = records ? records.indexOf(record) : -1;
  if (records && at !== -1) records.splice(at, 1);
}

function addToOwners(index: Record<VisitOwner, OwnedVisits>, visit: Appointment): void {
  for (const owner of visitOwners) {
    const id = visit[owner];
    if (id === null) continue;
    const entry = index[owner].get(id);
    if (entry === undefined) index[owner].set(id, visit);
    else if (Array.isArray(entry)) entry.push(visit);
    else index[owner].set(id, [entry, visit]);
  }
}

function dropFromOwners(index: Record<VisitOwner, OwnedVisits>, visit: Appointment): void {
  for (const owner of visitOwners) {
    const id = visit[owner];
    if (id === null) continue;
    const entry = index[owner].get(id);
    if (entry === visit) index[owner].delete(id);
    else if (Array.isArray(entry)) drop(entry, visit);
  }
}

function ownersOf(kind: RecordKind, record: AnyRecord): string[] {
  if (!(byDoctorKinds as readonly string[]).includes(kind)) return [];
  const { doctorId, roomId } = record as { doctorId: string | null; roomId?: string | null };
  const owners = [doctorId ?? ''];
  if (kind === 'slotHold' && roomId) owners.push(roomId);
  return owners;
}
