/**
 * A desk without a replica: real facts, real acts, kept in memory. For looking at the screens and for their tests;
 * a test may cut it off, and then what is done waits as it does on a real desk.
 */

import type { Decision } from '@medic/shared/acts/act';
import { applyDecision, timelineOf } from '@medic/shared/acts/apply';
import { decideAct } from '@medic/shared/acts/decide';
import { Facts } from '@medic/shared/acts/facts';
import { type ActArgs, type ActName, actNamed, acts } from '@medic/shared/acts/registry';
import { uuidv7 } from '@medic/shared/model/id';
import type { Patient } from '@medic/shared/model/patient';
import { type RecordKind, type SyncedOf, syncedRecords } from '@medic/shared/model/records';
import type { User } from '@medic/shared/model/user';
import type { SyncReport } from '@medic/shared/sync/report';
import type { DemoRecords } from '@medic/shared/testing/demo-clinic';
import { type Instant, instant } from '@medic/shared/time/instant';
import { noKeyHandover } from '../../platform/key-handover';
import type {
  Desk,
  DeskNotice,
  PatientHit,
  PendingIntent,
  Performed,
  Reported,
  SyncStatus,
} from '../../replica/desk';
import type { DeskServices, DeskSession } from '../../replica/services';

export class MemoryDesk implements Desk {
  readonly clinicId: string;
  readonly clinicSlug: string;
  readonly user: User;
  readonly deviceId = '00000000-0000-7000-8000-00000000d001';
  facts: Facts;
  tentative: ReadonlySet<string> = new Set();
  pending: readonly PendingIntent[] = [];
  status: SyncStatus;
  readonly #base: Facts;
  readonly #clock: () => Instant;
  readonly #listeners = new Set<() => void>();
  #n = 0;

  constructor(records: Partial<DemoRecords>, user: User, clock: () => Instant) {
    this.#base = new Facts();
    for (const [kind, list] of Object.entries(records)) {
      if (kind in syncedRecords)
        for (const record of list) this.#base.put(kind as RecordKind, record as SyncedOf<RecordKind>);
    }
    this.#clock = clock;
    this.facts = this.#base;
    this.clinicId = this.#base.clinic.id;
    this.clinicSlug = this.#base.clinic.slug;
    this.user = user;
    this.status = {
      phase: 'ready',
      missing: [],
      firstPull: null,
      online: true,
      offlineSince: null,
      unsent: 0,
      needsAttention: 0,
      lastContactAt: clock(),
      storagePersisted: true,
      clockOffsetMs: 0,
      zonesDiffer: [],
      journal: 'none',
      problem: null,
    };
  }

  readonly notices: readonly DeskNotice[] = [];

  async dismiss(): Promise<void> {
    throw new Error('this desk has no notices');
  }

  diagnose(): Promise<SyncReport> {
    throw new Error('this desk has no replica');
  }

  sendReport(): Promise<Reported> {
    throw new Error('this desk has no replica');
  }

  now = (): Instant => this.#clock();

  newId(): string {
    return uuidv7(this.now(), crypto.getRandomValues(new Uint8Array(10)));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  preview<N extends ActName>(name: N, args: ActArgs<N>): Decision {
    return this.#decide(this.facts, name, args);
  }

  #decide(facts: Facts, name: string, args: unknown): Decision {
    const act = actNamed(name);
    if (!act) throw new Error(`Broken invariant: no act ${name}`);
    const actor = {
      kind: 'staff' as const,
      id: this.user.id,
      name: this.user.name,
      roles: this.user.roles,
      rights: this.user.rights,
      doctorId: this.user.doctorId,
    };
    return decideAct(act, facts, args, {
      clinicId: this.clinicId,
      actor,
      now: this.now(),
      madeAt: this.now(),
      newId: () => this.newId(),
    });
  }

  async perform<N extends ActName>(name: N, args: ActArgs<N>): Promise<Performed> {
    const parsed = acts[name].args.parse(args) as ActArgs<N>;
    const decision = this.#decide(this.facts, name, parsed);
    if (decision.kind === 'refused') return decision;
    const intentId = this.newId();
    this.#n += 1;
    const intent = {
      id: intentId,
      clinicId: this.clinicId,
      seq: 0,
      deleted: false,
      deviceId: this.deviceId,
      n: this.#n,
      userId: this.user.id,
      act: name,
      actVersion: acts[name].version,
      args: parsed as Record<string, unknown>,
      baseSeq: 0,
      madeAt: this.now(),
      status: 'pending' as const,
      outcomeSeq: null,
      decidedAt: null,
      outcome: {},
    };
    if (this.status.online) {
      this.#apply(this.#base, name, decision);
      this.facts = this.#base.layer();
    } else {
      this.pending = [...this.pending, { intent, decision, again: false }];
      this.#overlay();
    }
    this.#tell();
    return { kind: 'done', intentId };
  }

  #apply(facts: Facts, name: string, decision: Decision): void {
    if (decision.kind === 'refused') return;
    const context = {
      clinicId: this.clinicId,
      actor: {
        kind: 'staff' as const,
        id: this.user.id,
        name: this.user.name,
        roles: this.user.roles,
        rights: this.user.rights,
        doctorId: null,
      },
      now: this.now(),
      madeAt: this.now(),
      newId: () => this.newId(),
    };
    applyDecision(facts, decision, timelineOf(decision, name, context), this.#n);
  }

  #overlay(): void {
    const layer = this.#base.layer();
    const tentative = new Set<string>();
    this.pending = this.pending.map(({ intent }) => {
      const decision = this.#decide(layer, intent.act, intent.args);
      this.#apply(layer, intent.act, decision);
      if (decision.kind === 'done') for (const change of decision.changes) tentative.add(change.record.id);
      return { intent, decision, again: false };
    });
    this.facts = layer;
    this.tentative = tentative;
  }

  setOnline(online: boolean): void {
    this.status = { ...this.status, online, offlineSince: online ? null : this.now() };
    if (online) {
      for (const { intent, decision } of this.pending) this.#apply(this.#base, intent.act, decision);
      this.pending = [];
      this.#overlay();
    }
    this.#tell();
  }

  /** As if the server had sent it: under what waits. */
  receive<K extends RecordKind>(kind: K, record: SyncedOf<K>): void {
    this.#base.put(kind, record);
    this.#overlay();
    this.#tell();
  }

  #tell(): void {
    let open = this.pending.filter((each) => each.decision.kind === 'refused').length;
    for (const item of this.facts.all('attentionItem')) if (item.status === 'open') open += 1;
    this.status = {
      ...this.status,
      unsent: this.pending.length,
      needsAttention: open,
      ...(this.status.online ? { lastContactAt: this.now() } : {}),
    };
    for (const listener of this.#listeners) listener();
  }

  searchPatients(query: string, limit: number): PatientHit[] {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const hits: PatientHit[] = [];
    for (const patient of this.facts.all('patient')) {
      const hit = matches(patient, words);
      if (hit) hits.push(hit);
    }
    return hits
      .sort((a, b) => b.score - a.score || a.patient.familyName.localeCompare(b.patient.familyName))
      .slice(0, limit);
  }

  syncNow(): void {
    this.#tell();
  }

  async signOut(): Promise<void> {
    this.#tell();
  }
}

function matches(patient: Patient, words: readonly string[]): PatientHit | null {
  const family = plain(patient.familyName);
  const given = plain(patient.givenName);
  const [first = '', second] = words;
  const at = (length: number): readonly [number, number] | null => (length > 0 ? [0, length] : null);
  if (family.startsWith(first) && (second === undefined || given.startsWith(second))) {
    return { patient, score: 2, familyMatch: at(first.length), givenMatch: at(second?.length ?? 0) };
  }
  if (given.startsWith(first) && (second === undefined || family.startsWith(second))) {
    return { patient, score: 1, givenMatch: at(first.length), familyMatch: at(second?.length ?? 0) };
  }
  const digits = words.join('').replace(/\D/g, '');
  if (digits.length >= 3 && patient.phone?.includes(digits))
    return { patient, score: 1, givenMatch: null, familyMatch: null };
  return null;
}

function plain(text: string): string {
  return text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l');
}

export function memoryServices(desk: MemoryDesk | null): DeskServices {
  const session: DeskSession = {
    state: desk ? 'open' : 'signed-out',
    remembered: null,
    notice: null,
    signIn: async () => ({
      kind: 'failed',
      message: 'The e-mail or the password is not right',
      field: 'password',
    }),
    signOut: async () => undefined,
    people: [],
    othersWaitFor: new Map(),
    lockedPerson: null,
    lockedHow: null,
    startAfresh: null,
    lock: async () => undefined,
    unlock: async () => ({ kind: 'signed-in' as const }),
  };
  return {
    session,
    desk,
    subscribe: () => () => undefined,
    platform: {
      info: { kind: 'web', version: '0.1.0', deviceName: 'Desk 2', serverUrl: '', operatingSystem: 'linux' },
      replicaKey: { ofMachine: async () => null, handover: noKeyHandover() },
      secrets: {
        protected: false,
        get: async () => null,
        set: async () => undefined,
        remove: async () => undefined,
      },
      journals: null,
      openExternal: async () => undefined,
      notify: async () => undefined,
      setTheme: async () => undefined,
      print: async () => undefined,
    },
  };
}

/** A clock that starts at a moment and goes on from there. */
export function clockFrom(start: Instant): () => Instant {
  const began = performance.now();
  return () => instant(start + Math.floor(performance.now() - began));
}
