/** One run: a clinic, its desks and its server through a plan of acts and misfortunes, and what must be true after it. */
import { type Random, randomFrom } from '@medic/shared/testing/random';
import { type Instant, instant } from '@medic/shared/time/instant';
import { zonedDay } from '@medic/shared/time/zone';
import type { Desk } from '../desktop/src/renderer/replica/desk';
import { differences, intentsOnce, overlaps, type Promised, shownInAttention } from './checks';
import { arrangeClinic, clinic, people, start } from './clinic';
import { loadDeskCode } from './desk-code';
import { fairWeather, type Poison, poisons } from './network';
import { type AllRows, permittedRows, readAllRows } from './permitted-rows';
import type { Step } from './plan';
import { noRoom, type Profile } from './profile';
import { SimulatedDatabase } from './simulated-database';
import { SimulatedDesk } from './simulated-desk';
import { SimulatedServer } from './simulated-server';
import { Visitor } from './visitor';
import { wishAt } from './wishes';
import { lendTime, World } from './world';

const realNow = performance.now.bind(performance);
const realTimeout = globalThis.setTimeout;

/** How long all may take to come to rest once nothing fails any more. */
const restMs = 30 * 60_000;

/** Within this everybody who is there has heard of a change; whoever looks by the clock comes later. */
const wakeMs = 5_000;
const wakeLooks = 20;

const hourMs = 3_600_000;

export interface RunOptions {
  seed: string;
  steps: readonly Step[];
  desks: number;
  /** A Postgres with Medic's template, to make databases on. */
  postgres: { adminUrl: string };
}

export interface RunResult {
  seed: string;
  /** Empty when all that must be true was. */
  problems: string[];
  /** What was done, in order, for people. */
  story: string[];
  counts: Record<string, number>;
  virtualMs: number;
  realMs: number;
}

export async function play(options: RunOptions): Promise<RunResult> {
  const began = realNow();
  const database = await SimulatedDatabase.create(options.postgres.adminUrl);
  try {
    await arrangeClinic(database.adminPool);
    const run = new Run(options, database, await loadDeskCode());
    const giveBack = lendTime(run.world);
    // What breaks in a desk or in the server where nobody waits for it is told of this run, and ends no other.
    const broke = (error: unknown) => run.broke(error);
    process.on('unhandledRejection', broke);
    process.on('uncaughtException', broke);
    try {
      await run.play();
    } catch (error) {
      broke(error);
    } finally {
      await run.close();
      giveBack();
      process.off('unhandledRejection', broke);
      process.off('uncaughtException', broke);
    }
    return {
      seed: options.seed,
      problems: run.problems,
      story: run.story,
      counts: run.counted(),
      virtualMs: run.virtualMs,
      realMs: realNow() - began,
    };
  } finally {
    await database.drop();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

class Run {
  readonly problems: string[] = [];
  readonly story: string[] = [];
  readonly #counts: Record<string, number> = {};
  readonly #steps: readonly Step[];
  readonly #database: SimulatedDatabase;
  readonly #world: World;
  readonly #server: SimulatedServer;
  readonly #desks: SimulatedDesk[];
  readonly #visitors: Visitor[];
  readonly #promised: Promised[] = [];
  /** When somebody signed out of a computer, and what the server did not know of theirs by then. */
  readonly #signedOut: { profile: Profile; userId: string; at: Instant; unknown: Set<string> }[] = [];
  #lastRestoreAt: Instant | null = null;
  #serverIsDue = false;

  constructor(
    { seed, steps, desks }: RunOptions,
    database: SimulatedDatabase,
    load: Awaited<ReturnType<typeof loadDeskCode>>,
  ) {
    const random = randomFrom(seed);
    this.#steps = steps;
    this.#database = database;
    this.#world = new World(random.fork('world'), start);
    this.#server = new SimulatedServer(database.url, this.#world);
    const parts = { world: this.#world, server: () => this.#server.url, load };
    this.#desks = Array.from({ length: desks }, (_, i) => {
      const user = people[i % people.length] as (typeof people)[number];
      const other = people[(i + 3) % people.length] as (typeof people)[number];
      const kind = i % 2 === 0 ? 'desktop' : 'web';
      const shared = random.fork(`people ${i}`).chance(0.5);
      const desk = new SimulatedDesk(
        `desk ${i} (${user.email.split('@')[0]}, ${kind})`,
        kind,
        shared ? [user, other] : [user],
        { ...parts, random: random.fork(`desk ${i}`) },
      );
      if (random.fork(`clock ${i}`).chance(0.2)) desk.setSkew(aSkew(random.fork(`skew ${i}`)));
      return desk;
    });
    // Now and then somebody has two windows open.
    const [, web] = this.#desks;
    if (web && random.fork('windows').chance(0.3))
      this.#desks.push(
        new SimulatedDesk(`${web.name}, second window`, web.kind, [web.user], {
          ...parts,
          random: random.fork('second window'),
          beside: web,
        }),
      );
    this.#visitors = [0, 1].map(
      (i) => new Visitor(this.#world, random.fork(`visitor ${i}`), () => this.#server.url),
    );
  }

  get world(): World {
    return this.#world;
  }

  broke(error: unknown): void {
    const words = wordsOf(error);
    // A store that finds no room tells whoever wrote; that RxDB also lets it fall is of no consequence.
    if (words.includes(noRoom)) this.#count('fault: dropped by RxDB on a full disk');
    else this.problems.push(`broke: ${words}`);
  }

  get virtualMs(): number {
    return this.#world.now - start;
  }

  async play(): Promise<void> {
    const started = realNow();
    await this.#server.start();
    for (const desk of this.#desks) await desk.startAndSignIn();
    this.#spent('start', started);
    for (const step of this.#steps) {
      const began = realNow();
      await this.#world.advance(step.waitMs);
      await this.#upkeep();
      await this.#take(step, randomFrom(step.seed));
      await this.#world.settle();
      this.#spent(step.kind, began);
    }
    const healing = realNow();
    await this.#heal();
    this.#spent('heal', healing);
    await this.#check();
  }

  #spent(what: string, since: number): void {
    this.#count(`ms: ${what}`, Math.round(realNow() - since));
  }

  async close(): Promise<void> {
    for (const desk of this.#desks) desk.throwAway();
    let isOver = false;
    const stopped = this.#server.stop().finally(() => {
      isOver = true;
    });
    // What a killed server still waits for is of the world's time.
    while (!isOver) await this.#world.advance(1_000);
    await stopped;
  }

  counted(): Record<string, number> {
    for (const profile of new Set(this.#desks.map((desk) => desk.profile)))
      this.#count('fault: writes refused by a full disk', profile.refusedWrites);
    for (const { link } of this.#desks)
      for (const [fault, times] of Object.entries(link.faults)) this.#count(`fault: ${fault}`, times);
    return this.#counts;
  }

  /** What people do without being told: they start what crashed, and sign in again. */
  async #upkeep(): Promise<void> {
    if (this.#serverIsDue) {
      this.#serverIsDue = false;
      await this.#server.start();
      this.#tell('the server is started again');
    }
    for (const desk of this.#desks) {
      if (desk.isOut) {
        const next = desk.people.find(({ id }) => !desk.revoked.has(id));
        // Somebody else takes the computer over once it has let go of who was there.
        if (!next || desk.desk) continue;
        desk.user = next;
      }
      if (!desk.isRunning) {
        this.#tell(`${desk.name} is started again`);
        desk.start();
      }
      // Whoever works there types the password in, as far as that gets without a network.
      const { state } = desk.services?.session ?? {};
      if (state === 'locked' || state === 'signed-out' || desk.desk?.status.problem?.kind === 'signed-out')
        await desk.signIn();
    }
  }

  async #take(step: Step, random: Random): Promise<void> {
    const desk = this.#windowOf(this.#desks[step.desk] as SimulatedDesk, random);
    this.#count(`step: ${step.kind}`);
    switch (step.kind) {
      case 'act':
        await this.#act(desk, step, random);
        return;
      case 'visitor':
        this.#tell(`a visitor: ${await random.pick(this.#visitors).act(random)}`);
        return;
      case 'patient':
        await this.#patient(random);
        return;
      case 'partition': {
        const how = random.pick(['cut', 'stall'] as const);
        desk.link.goDown(how);
        this.#tell(`${desk.name} loses its network (${how})`);
        return;
      }
      case 'reconnect':
        for (const each of this.#desks) if (!each.link.up && random.chance(0.6)) each.link.comeUp();
        this.#tell('networks come back');
        return;
      case 'weather':
        desk.link.weather = {
          lostRequests: random.pick([0, 50, 200]),
          lostAnswers: random.pick([0, 50, 300]),
          repeated: random.pick([0, 100, 400]),
          longestDelayMs: random.pick([5, 200, 4_000]),
        };
        this.#tell(`${desk.name} has the weather ${JSON.stringify(desk.link.weather)}`);
        return;
      case 'cut-streams':
        desk.link.cutStreams();
        this.#tell(`${desk.name} loses its stream`);
        return;
      case 'stall-streams':
        desk.link.stallStreams();
        this.#tell(`the stream of ${desk.name} falls silent`);
        return;
      case 'crash': {
        const steps = random.pick([0, 1, 2, 3, 5, 8, 13, 20, 50]);
        desk.crash(steps);
        this.#tell(`${desk.name} crashes after ${steps} steps`);
        // Mostly in the middle of something.
        if (steps > 0) await this.#act(desk, step, random);
        return;
      }
      case 'lock':
        this.#tell(`${desk.name} is locked`);
        await desk.lock();
        return;
      case 'switch': {
        const next = random.pick(desk.people);
        if (!desk.isRunning || desk.isOut || desk.revoked.has(next.id)) return;
        this.#tell(`${next.name} sits down at ${desk.name} after ${desk.user.name}`);
        this.#count(next === desk.user ? 'fault: unlocked again' : 'fault: switched');
        // Now and then with work on its way.
        if (random.chance(0.5)) await this.#act(desk, step, random);
        if (next === desk.user) await desk.lock();
        await desk.switchTo(next);
        return;
      }
      case 'sign-out':
        await this.#signOut(desk);
        return;
      case 'night':
        await this.#night(random);
        return;
      case 'full-disk':
        desk.profile.full = random.pick([
          { storage: true, files: false },
          { storage: false, files: true },
          { storage: true, files: true },
        ]);
        this.#tell(`the disk of ${desk.name} is full: ${JSON.stringify(desk.profile.full)}`);
        return;
      case 'room':
        for (const each of this.#desks) each.profile.full = { storage: false, files: false };
        this.#tell('there is room on all disks');
        return;
      case 'lose-store':
        // Without a journal there is no other place that would know: then only what waits for nothing may go.
        if (desk.kind !== 'desktop') return;
        desk.crash();
        desk.profile.loseIndexedDb();
        this.#count('fault: store lost');
        this.#tell(`${desk.name} crashes and loses its IndexedDB`);
        return;
      case 'back-up':
        await this.#backUp(random);
        return;
      case 'restore':
        await this.#restore(random);
        return;
      case 'poison':
        await this.#act(desk, step, random, random.pick(poisons));
        return;
      case 'reload':
        this.#tell(`${desk.name} is closed`);
        await desk.close();
        return;
      case 'kill-server': {
        const writes = random.integer(0, 12);
        const cut = random.pick(['before', 'after'] as const);
        this.#tell(`the server is killed ${cut} its write ${writes}`);
        this.#server.killAfter(writes, cut, () => {
          this.#count('fault: server killed');
          this.#serverIsDue = true;
          this.#tell('the server is dead');
        });
        return;
      }
      case 'lose-database': {
        const writes = random.integer(0, 12);
        const cut = random.pick(['before', 'after'] as const);
        this.#tell(`the server loses Postgres ${cut} its write ${writes}`);
        this.#server.loseDatabase(writes, cut, () => this.#count('fault: database lost'));
        return;
      }
      case 'late-commits':
        await this.#lateCommits(random);
        return;
      case 'skew':
        desk.setSkew(aSkew(random));
        this.#tell(`the clock of ${desk.name} is off by ${Math.round(desk.skewMs / 60_000)} minutes`);
        return;
      case 'revoke':
        await this.#revoke(desk);
        return;
      case 'roles':
        await this.#changeRoles(desk, random);
        return;
      case 'wait':
        this.#tell(`${Math.round(step.waitMs / 60_000)} minutes pass`);
        return;
    }
  }

  #windowOf(desk: SimulatedDesk, random: Random): SimulatedDesk {
    const windows = this.#desks.filter(({ profile }) => profile === desk.profile);
    return windows.length > 1 ? random.pick(windows) : desk;
  }

  async #act(
    at: SimulatedDesk,
    step: Step,
    random: Random,
    poison: Poison | null = null,
    mayDie = true,
  ): Promise<void> {
    const { desk } = at;
    if (desk?.status.phase !== 'ready') {
      this.#count('act: no desk to do it at');
      return;
    }
    const wish = wishAt(desk, random);
    if (!wish) {
      this.#count('act: nothing to do');
      return;
    }
    const made = { ...wish, at: this.#world.now };
    const userId = at.user.id;
    // In the very moment in which somebody reads that it is saved.
    const diesWhenTold = mayDie && random.fork('telling').chance(0.08);
    this.#tell(`${step.index}. ${at.name}: ${wish.act} ${JSON.stringify(wish.args)}`);
    // Before it can be on its way.
    const wasUp = at.link.up;
    if (poison) at.link.up = false;
    desk
      .perform(wish.act, wish.args)
      .then(
        (performed) => {
          // The person is gone with the process.
          if (at.desk !== desk) return;
          if (performed.kind === 'done') {
            this.#count(`kept: ${wish.act}`);
            if (poison) {
              at.link.poison(performed.intentId, poison);
              this.#count('fault: poisoned');
            }
            this.#promised.push({
              intentId: performed.intentId,
              act: wish.act,
              args: wish.args as Record<string, unknown>,
              desk: at.name,
              userId,
              at: made.at,
            });
            if (diesWhenTold) {
              at.crash();
              this.#count('fault: crashed when told');
              this.#tell(`${at.name} crashes when it has told that ${wish.act} is saved`);
            }
          } else this.#count(`refused at the desk: ${wish.act}`);
        },
        (error: unknown) => {
          if (at.desk === desk)
            this.#count(`could not be kept: ${error instanceof Error ? error.message : error}`);
        },
      )
      .finally(() => {
        if (poison) at.link.up = wasUp;
        this.#world.touched();
      });
    // Half of the acts overlap with what comes next.
    if (random.chance(0.5)) await this.#world.settle();
  }

  async #backUp(random: Random): Promise<void> {
    const kind = random.pick(['told', 'copy'] as const);
    if (kind === 'copy') this.#server.kill();
    await this.#database.backUp(kind, this.#world.now);
    if (kind === 'copy') await this.#server.start();
    this.#tell(`the database is backed up (${kind})`);
    this.#count(`fault: backed up, ${kind}`);
  }

  /** The database is as it was at the last backup. What visitors did since is gone; what desks did must come again. */
  async #restore(random: Random): Promise<void> {
    const backup = this.#database.lastBackup;
    if (!backup) return await this.#backUp(random);
    this.#lastRestoreAt = this.#world.now;
    this.#server.kill();
    await this.#database.restore();
    for (const visitor of this.#visitors) visitor.forgetSince(backup.at);
    for (const desk of this.#desks)
      for (const deviceId of desk.revoked.values()) await this.#revokeDevice(deviceId);
    this.#serverIsDue = false;
    await this.#server.start();
    const minutes = Math.round((this.#world.now - backup.at) / 60_000);
    this.#tell(`the database is put back by ${minutes} minutes (${backup.kind})`);
    this.#count(`fault: restored, ${backup.kind}`);
  }

  /** Writers hold the clinic's clock and commit late, while others read. */
  async #lateCommits(random: Random): Promise<void> {
    const { wire } = this.#server;
    if (!wire) return;
    this.#tell('commits come late');
    wire.holdCommits();
    this.#world.overlapMs = 15;
    for (const desk of this.#desks) {
      const open = desk.desk;
      if (open?.status.phase !== 'ready' || !random.chance(0.7)) continue;
      const wish = wishAt(open, random);
      if (!wish) continue;
      await this.#act(desk, { index: -1, kind: 'act', desk: 0, waitMs: 0, seed: '' }, random);
      open.syncNow();
    }
    await this.#world.advance(random.integer(10, 400));
    this.#count('fault: late commits', wire.heldCommits);
    wire.letCommitsGo();
    this.#world.overlapMs = 0;
  }

  async #revoke(desk: SimulatedDesk): Promise<void> {
    if (this.#desks.filter((each) => !each.isOut).length <= 2) return;
    const deviceId = desk.desk?.deviceId;
    if (!deviceId) return;
    desk.revoked.set(desk.user.id, deviceId);
    await this.#revokeDevice(deviceId);
    this.#tell(`${desk.name} is revoked`);
    this.#count('fault: revoked');
  }

  async #revokeDevice(deviceId: string): Promise<void> {
    await this.#database.adminPool.query('UPDATE devices SET revoked_at = now() WHERE id = $1', [deviceId]);
  }

  async #patient(random: Random): Promise<void> {
    const { core } = this.#server;
    if (!core) return;
    const rows = await readAllRows(this.#database.adminPool, clinic.id);
    const what = await random.pick(this.#visitors).answer(random, rows, core.services.links);
    this.#tell(`a patient: ${what}`);
    this.#count(`patient: ${what.startsWith('fails') ? 'fails' : what}`);
  }

  /** Of what the server does not know by then nothing is left: the person was asked, and wanted it so. */
  async #signOut(desk: SimulatedDesk): Promise<void> {
    const { user, profile } = desk;
    if (!desk.desk || desk.isOut) return;
    await desk.signOut();
    const { rows } = await this.#database.adminPool.query<{ id: string }>('SELECT id FROM intents');
    const known = new Set(rows.map(({ id }) => id));
    const unknown = this.#promised.filter(({ intentId }) => !known.has(intentId));
    this.#signedOut.push({
      profile,
      userId: user.id,
      at: this.#world.now,
      unknown: new Set(unknown.map(({ intentId }) => intentId)),
    });
    this.#tell(`${user.name} signs out of ${desk.name}`);
    this.#count('fault: signed out');
    const left = await this.#keptOf(desk, user.id);
    const elsewhere = this.#desks.some((each) => each.profile === profile && each.desk?.user.id === user.id);
    if (!desk.desk && !elsewhere && left.length > 0)
      this.problems.push(`${user.name} signed out of ${desk.name}, which keeps ${left.join(', ')}`);
  }

  /** The clinic is closed, and so is every app, one way or the other. */
  async #night(random: Random): Promise<void> {
    for (const desk of this.#desks) {
      if (random.chance(0.5)) desk.crash();
      else await desk.close();
    }
    const hours = random.integer(6, 40);
    this.#tell(`all is closed for ${hours} hours`);
    this.#count('fault: nights');
    await this.#world.advance(hours * hourMs);
  }

  /** An administrator's change of the directory, as the act of it would write it. */
  async #changeRoles(desk: SimulatedDesk, random: Random): Promise<void> {
    const change = random.pick([
      { roles: ['reception'], places: [] },
      { roles: ['reception'], places: [1] },
      { roles: ['reception'], places: [2] },
      { roles: ['admin'], places: [] },
      { roles: ['doctor'], places: [] },
      { roles: ['doctor', 'reception'], places: [] },
    ]);
    const placeIds = change.places.map((n) => `00000000-0000-7000-8002-${String(n).padStart(12, '0')}`);
    await this.#database.adminPool.query(
      `WITH c AS (UPDATE clinic_clocks SET seq = seq + 1 WHERE clinic_id = $1 RETURNING seq),
            s AS (SELECT set_config('medic.seq', seq::text, true) FROM c)
       UPDATE users SET roles = $3, location_ids = $4::uuid[] FROM s WHERE clinic_id = $1 AND id = $2`,
      [clinic.id, desk.user.id, change.roles, placeIds],
    );
    this.#tell(`${desk.user.email} becomes ${change.roles.join(' and ')}`);
    this.#count('fault: roles changed');
  }

  async #heal(): Promise<void> {
    this.#tell('all is mended');
    const { wire } = this.#server;
    wire?.letCommitsGo();
    this.#world.overlapMs = 0;
    for (const desk of this.#desks) {
      desk.calm();
      desk.link.comeUp();
      desk.link.weather = fairWeather;
      desk.profile.full = { storage: false, files: false };
    }
    this.#serverIsDue = false;
    this.#server.kill();
    await this.#server.start();
    // The revoked ones too: what they meet is the end of their sessions.
    for (const desk of this.#desks) await desk.startAndSignIn();
    await this.#untilRest();
    // What others left unsent at a computer goes when they are there again.
    await this.#eachAtTurn(() => this.#untilRest());
    await this.#untilRest();
    // The wake-ups of the last acts, and the look behind a lost one.
    await this.#world.advance(2 * 60_000);
  }

  async #untilRest(): Promise<void> {
    const ended = () =>
      this.#desks.filter(({ isOut, desk, services }) => {
        const { state } = services?.session ?? {};
        const isShut = state === 'locked' || state === 'signed-out';
        return !isOut && (isShut || desk?.status.problem?.kind === 'signed-out');
      });
    const atRest = () =>
      this.#desks.every(
        ({ isOut, desk }) => isOut || (desk?.status.phase === 'ready' && desk.status.unsent === 0),
      );
    // A restored server may know nothing of who came since, and says so only when it is asked; and one window of a
    // browser locks the others.
    for (let times = 0; times < 5; times++) {
      // Who was just opened has not heard yet what the server has lost.
      await this.#world.advance(wakeMs);
      await this.#world.until(() => atRest() || ended().length > 0, restMs);
      if (ended().length === 0) return;
      for (const desk of ended()) await desk.signIn();
    }
  }

  /** Everybody else who ever worked at a computer sits down there, and then those who are there now again. */
  async #eachAtTurn(work: (desks: readonly SimulatedDesk[]) => Promise<void>): Promise<void> {
    const before = this.#desks.map((desk) => [desk, desk.user] as const);
    const changed = before.flatMap(([desk, user]) => {
      const other = desk.people.find(({ id }) => id !== user.id && desk.seen.has(id));
      return other ? [{ desk, other }] : [];
    });
    if (changed.length === 0) return;
    for (const { desk, other } of changed) await desk.switchTo(other);
    await work(changed.map(({ desk }) => desk));
    for (const [desk, user] of before) if (desk.user !== user) await desk.switchTo(user);
  }

  async #check(): Promise<void> {
    const { adminPool } = this.#database;
    const rows = await readAllRows(adminPool, clinic.id);
    this.problems.push(...overlaps(rows));
    this.problems.push(
      ...(await intentsOnce(adminPool, rows, this.#promised, (promise) => this.#isExcused(promise))),
    );
    for (const { status, act } of rows.intent)
      this.#count(`decided: ${status} ${status === 'done' ? '' : act}`.trim());
    for (const at of this.#desks) await this.#checkDesk(at, rows);
    for (const visitor of this.#visitors) this.problems.push(...visitor.missing(rows));
    for (const { name, profile, link } of this.#desks) {
      const { messages } = profile;
      if (messages.seen !== null)
        this.problems.push(`${name}: ${messages.seen} messages between its windows in ten seconds`);
      if (link.requests.seen !== null)
        this.problems.push(`${name}: ${link.requests.seen} requests in ten seconds`);
    }
    await this.#eachAtTurn(async (desks) => {
      await this.#untilRest();
      const now = await readAllRows(adminPool, clinic.id);
      for (const desk of desks) await this.#checkDesk(desk, now);
    });
    if (this.problems.length === 0) await this.#checkWakes();
    if (this.problems.length > 0)
      for (const desk of this.#desks)
        for (const line of desk.log.slice(-8))
          if (!line.includes('RxDB Open Core')) this.story.push(`   ${desk.name} wrote: ${line}`);
  }

  async #checkDesk(at: SimulatedDesk, rows: AllRows): Promise<void> {
    const name = `${at.name}, ${at.user.name}`;
    if (at.isOut) {
      if (at.desk) this.problems.push(`${name} was revoked and is open`);
      const left = await this.#keptOf(at, at.user.id);
      if (left.length > 0) this.problems.push(`${name} was revoked and keeps ${left.join(', ')}`);
      return;
    }
    const { desk } = at;
    if (!desk) {
      const { state, notice } = at.services?.session ?? {};
      this.problems.push(`${name} is not open: ${state} ${notice}`);
      return;
    }
    const { unsent, phase, problem, online } = desk.status;
    if (unsent > 0 || phase !== 'ready' || problem || !online)
      this.problems.push(`${name} is not at rest: ${JSON.stringify(desk.status)}`);
    this.#compare(name, at, desk, rows);
    const shown = shownInAttention(desk);
    for (const { id, deviceId, act, status } of rows.intent)
      if (deviceId === desk.deviceId && (status === 'refused' || status === 'failed') && !shown.has(id))
        this.problems.push(`${name}: ${act} ${id} was ${status}, and nobody is told`);
  }

  #compare(name: string, at: SimulatedDesk, desk: Desk, rows: AllRows): void {
    const user = rows.user.find(({ id }) => id === at.user.id) ?? at.user;
    const permitted = permittedRows(rows, user, desk.deviceId, this.#world.now);
    const untilPurged = permittedRows(rows, user, desk.deviceId, this.#lastPurge());
    const found = differences(desk, permitted, untilPurged, (id) => at.link.isPoisoned(id));
    this.problems.push(...found.slice(0, 12).map((difference) => `${name}: ${difference}`));
    if (found.length > 12) this.problems.push(`${name}: and ${found.length - 12} more differences`);
  }

  /** Since when at the latest nothing older is kept: a desk lets go once a day, soon after the day has turned. */
  #lastPurge(): Instant {
    const { now } = this.#world;
    return zonedDay(instant(now - 15 * 60_000), clinic.timeZone).startsAt;
  }

  /** Whoever is there is told of each change, and need not come to look: one after the other, of all kinds. */
  async #checkWakes(): Promise<void> {
    const random = this.#world.random.fork('wakes');
    for (const poison of [null, null, null, null, null, 'wrong arguments', null] as const) {
      const working = this.#desks.filter(({ isOut, desk }) => !isOut && desk !== null);
      const at = random.pick(working);
      const step: Step = { index: -1, kind: 'act', desk: 0, waitMs: 0, seed: '' };
      await this.#act(at, step, random, poison, false);
      await this.#world.advance(wakeMs);
      const known = this.problems.length;
      await this.#compareAtOnce(working);
      for (let looks = 1; looks < wakeLooks && this.problems.length > known; looks++) {
        // A desk that seals or writes in a thread of its own does not hold the clock: on a busy machine it is not done yet.
        await new Promise((resolve) => realTimeout(resolve, 100));
        await this.#world.advance(100);
        this.problems.length = known;
        await this.#compareAtOnce(working);
      }
    }
  }

  async #compareAtOnce(working: readonly SimulatedDesk[]): Promise<void> {
    const rows = await readAllRows(this.#database.adminPool, clinic.id);
    for (const each of working) {
      if (each.desk) this.#compare(`${each.name}, at once`, each, each.desk, rows);
      else this.problems.push(`${each.name} does not stay open`);
    }
  }

  /**
   * What lay unsent where somebody was revoked, or signed out, is gone with it; and so is what a restore has taken back
   * afterwards, for which nobody is left who would send it again.
   */
  #isExcused({ desk: name, userId, intentId, at }: Promised): boolean {
    const desk = this.#desks.find((each) => each.name === name);
    if (desk?.revoked.has(userId)) return true;
    return this.#signedOut.some(
      (out) =>
        out.profile === desk?.profile &&
        out.userId === userId &&
        at <= out.at &&
        (out.unknown.has(intentId) || (this.#lastRestoreAt ?? 0) > out.at),
    );
  }

  async #keptOf(at: SimulatedDesk, userId: string): Promise<string[]> {
    const kept = [...(await at.profile.databaseNames()), ...at.profile.files.keys()];
    return kept.filter((name) => name.includes(userId));
  }

  #count(what: string, times = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + times;
  }

  #tell(what: string): void {
    const seconds = Math.round((this.#world.now - start) / 100) / 10;
    this.story.push(`${seconds}s ${what}`);
  }
}

/** How far a clock may be off: hours either way, and now and then days. */
function aSkew(random: Random): number {
  const hours = random.chance(0.2) ? 24 * random.integer(-3, 3) : random.integer(-300, 300) / 60;
  return Math.round(hours * hourMs);
}
