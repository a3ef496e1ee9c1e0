/** A computer with the desk app: it is started, used, crashed and started again; what it keeps stays. */

import type { User } from '@medic/shared/model/user';
import type { Random } from '@medic/shared/testing/random';
import { noKeyHandover } from '../desktop/src/renderer/platform/key-handover';
import type { Platform } from '../desktop/src/renderer/platform/platform';
import type { Desk } from '../desktop/src/renderer/replica/desk';
import type { SignedIn } from '../desktop/src/renderer/replica/services';
import type { ClosableServices } from '../desktop/src/renderer/replica/session/desk-session';
import { clinic, password } from './clinic';
import type { DeskCode, Globals } from './desk-code';
import { DeskProcess } from './desk-process';
import { Link } from './network';
import { Profile } from './profile';
import type { World } from './world';

const patienceMs = 10 * 60_000;

/** Wrapping the key for the password is made to take long; here it is of no use. */
const wrappingRounds = 1_000;

/** `desktop` keeps its key with the operating system and a journal beside its storage; `web` neither. */
export type ComputerKind = 'desktop' | 'web';

export class SimulatedDesk {
  readonly name: string;
  readonly kind: ComputerKind;
  /** Everybody who works at this computer. */
  readonly people: readonly User[];
  /** Who is at it. */
  user: User;
  /** Those who were ever signed in here, by id: of them something may lie on the disk. */
  readonly seen: Set<string>;
  readonly profile: Profile;
  readonly link: Link;
  readonly #world: World;
  readonly #random: Random;
  readonly #load: (globals: Globals) => DeskCode;
  skewMs = 0;
  /** Devices that an administrator signed out, by the person's id: they stay out. */
  readonly revoked: Map<string, string>;
  crashes = 0;
  #process: DeskProcess | null = null;
  #services: ClosableServices | null = null;
  readonly #log: string[] = [];
  readonly #machineKey: Uint8Array<ArrayBuffer>;

  constructor(
    name: string,
    kind: ComputerKind,
    people: readonly [User, ...User[]],
    parts: {
      world: World;
      random: Random;
      server: () => string | null;
      load: (globals: Globals) => DeskCode;
      /** A second window of the same browser: what is kept and the network are one. */
      beside?: SimulatedDesk;
    },
  ) {
    this.name = name;
    this.kind = kind;
    this.#machineKey = Uint8Array.from({ length: 32 }, () => parts.random.integer(0, 255));
    this.people = people;
    this.user = people[0];
    this.seen = parts.beside?.seen ?? new Set();
    this.revoked = parts.beside?.revoked ?? new Map();
    this.#world = parts.world;
    this.#random = parts.random;
    this.#load = parts.load;
    this.profile = parts.beside?.profile ?? new Profile(parts.world);
    this.link = parts.beside?.link ?? new Link(parts.world, parts.random.fork('link'), parts.server);
  }

  get isRunning(): boolean {
    return this.#process !== null && !this.#process.isDead;
  }

  /** Who is at it may not work here any more. */
  get isOut(): boolean {
    return this.revoked.has(this.user.id);
  }

  get services(): ClosableServices | null {
    return this.isRunning ? this.#services : null;
  }

  /** Null while the app is closed, starting, signed out, or somebody else's. */
  get desk(): Desk | null {
    const desk = this.services?.desk ?? null;
    return desk?.user.id === this.user.id ? desk : null;
  }

  /** What the app wrote to its console, over all its runs. */
  get log(): readonly string[] {
    return [...this.#log, ...(this.#process?.log ?? [])];
  }

  start(): void {
    if (this.isRunning) return;
    const process = new DeskProcess(
      {
        profile: this.profile,
        link: this.link,
        random: this.#random.fork(`run ${this.crashes}`),
        skewMs: this.skewMs,
      },
      () => {
        this.crashes += 1;
        this.#services = null;
        this.#world.touched();
      },
    );
    if (this.#process) this.#log.push(...this.#process.log, '--- started again');
    this.#process = process;
    const code = this.#load(process.globals());
    const platform = this.#platform(process, code);
    const locks = code.openLocks();
    const keys = new code.DeskKeys(platform, locks, wrappingRounds);
    this.#services = code.openServices(platform, code.openTrpcApi('http://clinic.example'), locks, keys);
  }

  /** Starts it, and signs in where nobody is. */
  async startAndSignIn(): Promise<boolean> {
    this.start();
    await this.#untilKnown();
    return await this.signIn();
  }

  /** Does what the screen asks for: the password of who is here, or a new sign-in. */
  async signIn(): Promise<boolean> {
    const { services } = this;
    if (!services) return false;
    // The other window of this computer is somebody else's, and this one opened with it.
    if (services.desk && !this.desk) await this.lock();
    this.seen.add(this.user.id);
    const { session } = services;
    if (session.state === 'locked' && session.people.some(({ userId }) => userId === this.user.id)) {
      const unlocked = await this.#answered('unlock', session.unlock(this.user.id, password));
      if (unlocked || !this.isRunning) return unlocked;
    }
    await this.#untilKnown();
    const isOver =
      services.session.state !== 'open' ||
      this.desk === null ||
      this.desk.status.problem?.kind === 'signed-out';
    if (!isOver) return true;
    return await this.#answered(
      'sign-in',
      services.session.signIn({ clinic: clinic.slug, email: this.user.email, password }),
    );
  }

  /** Somebody else sits down at it. What the one before has not sent stays, sealed. */
  async switchTo(user: User): Promise<boolean> {
    if (user === this.user && this.desk) return true;
    await this.lock();
    this.user = user;
    return await this.signIn();
  }

  /** With a click, and so that everything of this person leaves the computer. */
  async signOut(): Promise<void> {
    const { desk } = this;
    if (!desk) return;
    await this.#done(desk.signOut());
  }

  async lock(): Promise<void> {
    const { services } = this;
    if (services?.session.state !== 'open') return;
    await this.#done(services.session.lock());
  }

  async #done(work: Promise<void>): Promise<void> {
    let done = false;
    work.finally(() => {
      done = true;
      this.#world.touched();
    });
    await this.#world.until(() => done || !this.isRunning, patienceMs);
  }

  #untilKnown(): Promise<boolean> {
    return this.#world.until(
      () => this.services === null || this.services.session.state !== 'opening',
      patienceMs,
    );
  }

  async #answered(what: string, asked: Promise<SignedIn>): Promise<boolean> {
    let answer: SignedIn | null = null;
    asked
      .then((signedIn) => {
        answer = signedIn;
      })
      .finally(() => this.#world.touched());
    await this.#world.until(() => answer !== null || !this.isRunning, patienceMs);
    const failed = answer as SignedIn | null;
    if (failed?.kind === 'failed') this.#process?.log.push(`${what}: ${failed.message}`);
    return failed?.kind === 'signed-in';
  }

  /** The process is killed, at once or after so many more of its steps. */
  crash(steps = 0): void {
    if (steps === 0) this.#process?.kill();
    else this.#process?.light(steps);
  }

  /** What was to crash later does not. */
  calm(): void {
    this.#process?.light(null);
  }

  /** Closed as a person closes it. */
  async close(): Promise<void> {
    const { services } = this;
    if (!services) return;
    await this.#done(services.close());
    this.#process?.end();
    this.#services = null;
  }

  /** At the end of all: nothing of it may go on. */
  throwAway(): void {
    this.#process?.end();
    this.#services = null;
  }

  setSkew(ms: number): void {
    this.skewMs = ms;
    if (this.#process) this.#process.computer.skewMs = ms;
  }

  #platform(process: DeskProcess, code: DeskCode): Platform {
    const { secrets } = this.profile;
    const atDoor = async <T>(work: () => T): Promise<T> => {
      process.step();
      if (process.isDead) return await new Promise<T>(() => undefined);
      const result = work();
      // Time for a crash between one thing written and the next.
      await new Promise((resolve) => setImmediate(resolve));
      return await process.whileAlive(Promise.resolve(result));
    };
    return {
      info: { kind: this.kind, version: '0', deviceName: this.name, serverUrl: '', operatingSystem: 'linux' },
      replicaKey: {
        ofMachine: () => atDoor(() => (this.kind === 'desktop' ? this.#machineKey.slice() : null)),
        handover: this.kind === 'desktop' ? noKeyHandover() : code.openKeyHandover(),
      },
      secrets: {
        protected: this.kind === 'desktop',
        get: (key) => atDoor(() => secrets.get(key) ?? null),
        set: (key, value) => atDoor(() => void secrets.set(key, value)),
        remove: (key) => atDoor(() => void secrets.delete(key)),
      },
      journals: this.kind === 'desktop' ? this.profile.journals(process, code) : null,
      openExternal: async () => undefined,
      notify: async () => undefined,
      setTheme: async () => undefined,
      print: async () => undefined,
    };
  }
}
