/**
 * Facts in memory, with the look-ups that acts and the engine need. One class everywhere: the server keeps one per
 * busy clinic, a desk one per replica, tests one per case. A layer over a base holds only what differs, so that
 * pending intents, or an act's own loads, never touch what lies below.
 */
import type { AvailabilityFacts } from '../availability/facts';
import { assert } from '../errors';
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
import { dayMs, type Instant } from '../time/instant';

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

export class Facts implements AvailabilityFacts {
  readonly #base: Facts | null;
  readonly #records = new Map<RecordKind, Map<string, AnyRecord>>();
  /** Visits by the UTC days that their reserved range meets, per doctor and per room. */
  readonly #visitDays = new Map<string, Map<number, Appointment[]>>();
  /** Ids per kind and doctor (or room, for holds). */
  readonly #owned = new Map<string, Set<string>>();

  constructor(base: Facts | null = null) {
    this.#base = base;
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

  put<K extends RecordKind>(kind: K, record: SyncedOf<K>): void {
    let map = this.#records.get(kind);
    if (!map) {
      map = new Map();
      this.#records.set(kind, map);
    }
    const before = map.get(record.id);
    if (before) this.#unindex(kind, before);
    map.set(record.id, record);
    this.#index(kind, record);
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
    return [
      ...this.#ownedBy('availabilityException', doctorId),
      ...this.#ownedBy('availabilityException', ''),
    ];
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
    return this.#visits(`doctor ${doctorId}`, from, until);
  }
  appointmentsInRoom(roomId: string, from: Instant, until: Instant): readonly Appointment[] {
    return this.#visits(`room ${roomId}`, from, until);
  }

  #ownedBy<K extends ByDoctorKind>(kind: K, owner: string): SyncedOf<K>[] {
    const own = this.#records.get(kind);
    const result: SyncedOf<K>[] = [];
    for (const id of this.#owned.get(`${kind} ${owner}`) ?? []) {
      const record = own?.get(id) as SyncedOf<K>;
      if (!record.deleted) result.push(record);
    }
    if (this.#base) {
      for (const record of this.#base.#ownedBy(kind, owner)) if (!own?.has(record.id)) result.push(record);
    }
    return result;
  }

  #visits(key: string, from: Instant, until: Instant): Appointment[] {
    const found: Appointment[] = [];
    this.#collectVisits(key, from, until, found, null);
    return found;
  }

  #collectVisits(
    key: string,
    from: Instant,
    until: Instant,
    found: Appointment[],
    above: Facts[] | null,
  ): void {
    const days = this.#visitDays.get(key);
    if (days) {
      const first = Math.floor(from / dayMs);
      const last = Math.floor((until - 1) / dayMs);
      for (let day = first; day <= last; day++) {
        const visits = days.get(day);
        if (visits === undefined) continue;
        for (const visit of visits) {
          if (visit.deleted || visit.reservedFrom >= until || visit.reservedUntil <= from) continue;
          // One that reaches over midnight stands under each of its days; it was met under the first.
          if (day > first && visit.reservedFrom < day * dayMs) continue;
          if (above?.some((layer) => layer.#records.get('appointment')?.has(visit.id))) continue;
          found.push(visit);
        }
      }
    }
    if (this.#base) this.#base.#collectVisits(key, from, until, found, above ? [...above, this] : [this]);
  }

  #index(kind: RecordKind, record: AnyRecord): void {
    if (kind === 'appointment') {
      this.#eachVisitDay(record as Appointment, (key, day) => {
        let days = this.#visitDays.get(key);
        if (!days) {
          days = new Map();
          this.#visitDays.set(key, days);
        }
        const visits = days.get(day);
        if (visits) visits.push(record as Appointment);
        else days.set(day, [record as Appointment]);
      });
      return;
    }
    for (const key of ownerKeys(kind, record)) {
      const ids = this.#owned.get(key);
      if (ids) ids.add(record.id);
      else this.#owned.set(key, new Set([record.id]));
    }
  }

  #unindex(kind: RecordKind, record: AnyRecord): void {
    if (kind === 'appointment') {
      this.#eachVisitDay(record as Appointment, (key, day) => {
        const visits = this.#visitDays.get(key)?.get(day);
        const at = visits ? visits.indexOf(record as Appointment) : -1;
        if (visits && at !== -1) visits.splice(at, 1);
      });
      return;
    }
    for (const key of ownerKeys(kind, record)) this.#owned.get(key)?.delete(record.id);
  }

  #eachVisitDay(visit: Appointment, use: (key: string, day: number) => void): void {
    assert(
      visit.reservedUntil - visit.reservedFrom <= 40 * dayMs,
      `visit ${visit.id} reserves more than 40 days`,
    );
    const last = Math.floor((visit.reservedUntil - 1) / dayMs);
    for (let day = Math.floor(visit.reservedFrom / dayMs); day <= last; day++) {
      use(`doctor ${visit.doctorId}`, day);
      if (visit.roomId !== null) use(`room ${visit.roomId}`, day);
    }
  }
}

function ownerKeys(kind: RecordKind, record: AnyRecord): string[] {
  if (!(byDoctorKinds as readonly string[]).includes(kind)) return [];
  const { doctorId, roomId } = record as { doctorId: string | null; roomId?: string | null };
  const keys = [`${kind} ${doctorId ?? ''}`];
  if (kind === 'slotHold' && roomId) keys.push(`${kind} ${roomId}`);
  return keys;
}
