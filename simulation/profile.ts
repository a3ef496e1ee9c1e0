/**
 * What one computer keeps while the app on it starts, ends and crashes: IndexedDB, secrets, the channel and the locks
 * between its windows. A process that died reaches none of it any more.
 */
import { IDBFactory } from 'fake-indexeddb';
import type { JournalFiles } from '../desktop/src/renderer/platform/platform';
import type { DeskCode } from './desk-code';
import { Frenzy } from './frenzy';
import type { World } from './world';

/** One run of the app, as what it uses of the computer sees it. */
export interface Owner {
  readonly isDead: boolean;
  whileAlive<T>(answer: Promise<T>): Promise<T>;
  /** Called at each use of the computer: here it may die. */
  step(): void;
}

export class Profile {
  readonly secrets = new Map<string, string>();
  /** Files beside the browser's storage, by name. */
  readonly files = new Map<string, Uint8Array>();
  readonly channels = new Set<SimulatedChannel>();
  /** Between the windows. */
  readonly messages: Frenzy;
  /** No room: for what the browser keeps, and for files. */
  full = { storage: false, files: false };
  /** Writes that found no room. */
  refusedWrites = 0;
  readonly #world: World;
  readonly #connections = new Map<Owner, Set<IDBDatabase>>();
  readonly #transactions = new Map<Owner, Set<IDBTransaction>>();
  readonly #opening = new Map<Owner, Set<IDBOpenDBRequest>>();
  readonly #locks = new Map<string, Lock>();
  #factory = new IDBFactory();

  constructor(world: World) {
    this.#world = world;
    this.messages = new Frenzy(world, 3_000);
  }

  get world(): World {
    return this.#world;
  }

  /** The browser drops its storage, or the disk was cleaned: what is left is what lies beside IndexedDB. */
  loseIndexedDb(): void {
    this.#factory = new IDBFactory();
  }

  /**
   * Journals as Electron keeps them. What a crash cuts off in the middle of an append stays on the disk as a torn tail;
   * replacing is all or nothing.
   */
  journals(owner: Owner, { JournalError }: DeskCode): JournalFiles {
    const { files } = this;
    const atDoor = async <T>(work: () => T): Promise<T> => {
      owner.step();
      await turn();
      return await owner.whileAlive(Promise.resolve(owner.isDead ? (undefined as T) : work()));
    };
    const needRoom = () => {
      if (!this.full.files) return;
      this.refusedWrites += 1;
      throw new JournalError('full', noRoom);
    };
    return {
      open: (name) => ({
        read: () => atDoor(() => files.get(name)?.slice() ?? new Uint8Array()),
        append: async (bytes) => {
          await atDoor(needRoom);
          const half = Math.floor(bytes.length / 2);
          await atDoor(() => files.set(name, joined(files.get(name), bytes.subarray(0, half))));
          await atDoor(() => files.set(name, joined(files.get(name), bytes.subarray(half))));
        },
        replace: async (bytes) => {
          await atDoor(needRoom);
          await atDoor(() => files.set(name, bytes.slice()));
        },
      }),
      remove: (name) => atDoor(() => void files.delete(name)),
    };
  }

  databaseNames(): Promise<string[]> {
    return this.#factory.databases().then((all) => all.flatMap(({ name }) => name ?? []));
  }

  /** IndexedDB as one run of the app sees it. */
  indexedDb(owner: Owner): object {
    const factory = this.#factory;
    return {
      open: (name: string, version?: number) => {
        owner.step();
        if (owner.isDead) return nothing;
        return this.#watched(owner, factory.open(name, version) as IDBOpenDBRequest, name);
      },
      deleteDatabase: (name: string) => {
        owner.step();
        if (owner.isDead) return nothing;
        return this.#watched(owner, factory.deleteDatabase(name) as IDBOpenDBRequest, name);
      },
      databases: () => owner.whileAlive(factory.databases()),
      cmp: (a: unknown, b: unknown) => factory.cmp(a, b),
    };
  }

  lockManager(owner: Owner): object {
    return {
      request: (name: string, ...rest: unknown[]) => {
        // What a dead process still asks for it never gets: nobody would free it.
        if (owner.isDead) return new Promise(() => undefined);
        const work = rest.at(-1) as (lock: object) => Promise<unknown>;
        const { signal } = (rest.length > 1 ? rest[0] : {}) as { signal?: AbortSignal };
        return this.#lock(name).request(owner, work, signal);
      },
    };
  }

  /** Ends all that a run of the app has under way: a transaction that was not complete never happened. */
  release(owner: Owner): void {
    for (const request of this.#opening.get(owner) ?? []) silence(request);
    for (const transaction of this.#transactions.get(owner) ?? []) abort(transaction);
    this.#opening.delete(owner);
    for (const connection of this.#connections.get(owner) ?? []) connection.close();
    this.#transactions.delete(owner);
    this.#connections.delete(owner);
    for (const channel of [...this.channels]) if (channel.owner === owner) channel.close();
    for (const lock of this.#locks.values()) lock.release(owner);
  }

  #lock(name: string): Lock {
    const lock = this.#locks.get(name) ?? new Lock();
    this.#locks.set(name, lock);
    return lock;
  }

  #watched(owner: Owner, request: IDBOpenDBRequest, name: string): IDBOpenDBRequest {
    const end = this.#world.begin(`opening ${name}`);
    const opening = this.#opening.get(owner) ?? new Set();
    this.#opening.set(owner, opening.add(request));
    request.addEventListener('blocked', end);
    request.addEventListener('error', end);
    request.addEventListener('success', () => {
      end();
      opening.delete(request);
      const connection = request.result as IDBDatabase | undefined;
      if (connection && typeof connection.transaction === 'function') this.#adopt(owner, connection);
    });
    return request;
  }

  /** As browsers do it: whatever would take room fails, and its transaction with it. */
  #refuseRoom(transaction: IDBTransaction): void {
    const open = transaction.objectStore.bind(transaction);
    transaction.objectStore = (name) => {
      const store = open(name);
      const refuse = () => {
        this.refusedWrites += 1;
        return (transaction as unknown as Requests)._execRequestAsync({
          source: store,
          operation: () => {
            throw new DOMException(noRoom, 'QuotaExceededError');
          },
        });
      };
      return Object.assign(store, { put: refuse, add: refuse });
    };
  }

  #adopt(owner: Owner, connection: IDBDatabase): void {
    if (owner.isDead) {
      connection.close();
      return;
    }
    const connections = this.#connections.get(owner) ?? new Set();
    this.#connections.set(owner, connections.add(connection));
    const begin = connection.transaction.bind(connection);
    connection.transaction = (...args: Parameters<IDBDatabase['transaction']>) => {
      owner.step();
      if (owner.isDead) return nothing as IDBTransaction;
      const transaction = begin(...args);
      if (this.full.storage && transaction.mode === 'readwrite') this.#refuseRoom(transaction);
      const transactions = this.#transactions.get(owner) ?? new Set();
      this.#transactions.set(owner, transactions.add(transaction));
      const end = this.#world.begin('a transaction');
      const over = () => {
        transactions.delete(transaction);
        end();
      };
      transaction.addEventListener('complete', () => {
        over();
        owner.step();
      });
      transaction.addEventListener('abort', over);
      return transaction;
    };
  }
}

export const noRoom = 'no space left on device';

/** Of a store of fake-indexeddb, what a request is made of. */
interface Requests {
  _execRequestAsync(request: { operation: () => unknown; source: IDBObjectStore }): IDBRequest;
}

/** What a dead process gets: it takes everything, and never answers. */
const nothing: unknown = new Proxy(() => undefined, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => '' : nothing),
  set: () => true,
  apply: () => nothing,
});

function joined(a: Uint8Array | undefined, b: Uint8Array): Uint8Array {
  const all = new Uint8Array((a?.length ?? 0) + b.length);
  if (a) all.set(a);
  all.set(b, a?.length ?? 0);
  return all;
}

/** Nobody hears any more what becomes of it. The desk listens by these alone; the others are the store's own. */
function silence(target: EventTarget): void {
  for (const kind of ['onsuccess', 'onerror', 'oncomplete', 'onabort', 'onupgradeneeded', 'onblocked'])
    if (kind in target) Object.assign(target, { [kind]: null });
}

function abort(transaction: IDBTransaction): void {
  const { _requests: requests } = transaction as unknown as { _requests: { request: IDBRequest | null }[] };
  for (const { request } of requests) if (request) silence(request);
  silence(transaction);
  try {
    transaction.abort();
  } catch (error) {
    // It committed in this very turn.
    if (!(error instanceof Error) || error.name !== 'InvalidStateError') throw error;
  }
}

/** Between the windows of one profile. What was sent arrives a little later, and never at the sender. */
export class SimulatedChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly name: string;
  readonly owner: Owner;
  readonly #profile: Profile;
  readonly #listeners = new Set<(event: { data: unknown }) => void>();

  constructor(profile: Profile, owner: Owner, name: string) {
    this.#profile = profile;
    this.owner = owner;
    this.name = name;
    profile.channels.add(this);
  }

  postMessage(message: unknown): void {
    if (this.owner.isDead) return;
    if (!this.#profile.channels.has(this))
      throw new DOMException('the channel is closed', 'InvalidStateError');
    this.#profile.messages.again();
    for (const other of this.#profile.channels) {
      if (other === this || other.name !== this.name) continue;
      const data = structuredClone(message);
      const { world } = this.#profile;
      world.after(world.random.integer(0, 3), () => other.#receive(data));
    }
  }

  addEventListener(kind: string, listener: (event: { data: unknown }) => void): void {
    if (kind === 'message') this.#listeners.add(listener);
  }

  removeEventListener(_kind: string, listener: (event: { data: unknown }) => void): void {
    this.#listeners.delete(listener);
  }

  close(): void {
    this.#profile.channels.delete(this);
  }

  #receive(data: unknown): void {
    if (!this.#profile.channels.has(this) || this.owner.isDead) return;
    this.onmessage?.({ data });
    for (const listener of this.#listeners) listener({ data });
  }
}

interface Waiting {
  owner: Owner;
  start: () => void;
}

/** A Web Lock: one holder, the others in order; the holder's death frees it. */
class Lock {
  #holder: Owner | null = null;
  #waiting: Waiting[] = [];

  request(owner: Owner, work: (lock: object) => Promise<unknown>, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        owner,
        start: () => {
          this.#holder = owner;
          const over = () => {
            if (this.#holder !== owner || owner.isDead) return;
            this.#holder = null;
            this.#next();
          };
          owner
            .whileAlive(Promise.resolve().then(() => work({})))
            .finally(over)
            .then(resolve, reject);
        },
      };
      signal?.addEventListener('abort', () => {
        if (!this.#waiting.includes(waiting)) return;
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(signal.reason);
      });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  release(owner: Owner): void {
    this.#waiting = this.#waiting.filter((each) => each.owner !== owner);
    if (this.#holder === owner) {
      this.#holder = null;
      this.#next();
    }
  }

  #next(): void {
    if (this.#holder) return;
    const first = this.#waiting.shift();
    first?.start();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
