/** One run: a clinic, its desks and its server through a plan of acts and misfortunes, and what must be true after it. */
import { type Random, randomFrom } from '@medic/shared/testing/random';
import { parseInstant } from '@medic/shared/time/zone';
import { differences, intentsOnce, overlaps, type Promised, shownInAttention } from './checks';
import { arrangeClinic, clinic, people } from './clinic';
import { loadDeskCode } from './desk-code';
import { fairWeather, type Poison, poisons } from './network';
import { permittedRows, readAllRows } from './permitted-rows';
import type { Step } from './plan';
import { SimulatedDatabase } from './simulated-database';
import { SimulatedDesk } from './simulated-desk';
import { SimulatedServer } from './simulated-server';
import { Visitor } from './visitor';
import { wishAt } from './wishes';
import { lendTime, World } from './world';

const realNow = performance.now.bind(performance);

/** Monday 23 November 2026, 08:00 in Warsaw. */
const start = parseInstant('2026-11-23T07:00:00Z');

/** How long all may take to come to rest once nothing fails any more. */
const restMs = 30 * 60_000;

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
    try {
      await run.play();
    } catch (error) {
      run.problems.push(`broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      giveBack();
      await run.close();
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
    this.#server = new SimulatedServer(database.url, () => this.#world.now);
    const parts = { world: this.#world, server: () => this.#server.url, load };
    this.#desks = Array.from({ length: desks }, (_, i) => {
      const user = people[i % people.length] as (typeof people)[number];
      const kind = i % 2 === 0 ? 'desktop' : 'web';
      return new SimulatedDesk(`desk ${i} (${user.email.split('@')[0]}, ${kind})`, kind, user, {
        ...parts,
        random: random.fork(`desk ${i}`),
      });
    });
    // Now and then somebody has two windows open.
    const [, web] = this.#desks;
    if (web && random.fork('windows').chance(0.3))
      this.#desks.push(
        new SimulatedDesk(`${web.name}, second window`, web.kind, web.user, {
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
    await this.#server.stop();
  }

  counted(): Record<string, number> {
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
      if (!desk.isRunning && !desk.revoked) {
        this.#tell(`${desk.name} is started again`);
        desk.start();
      }
      // Whoever works there types the password in, as far as that gets without a network.
      const { state } = desk.services?.session ?? {};
      if (
        !desk.revoked &&
        (state === 'locked' || state === 'signed-out' || desk.desk?.status.problem?.kind === 'signed-out')
      )
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
        await this.#restore();
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
        desk.setSkew(random.integer(-5 * 60, 5 * 60) * 60_000);
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

  async #act(at: SimulatedDesk, step: Step, random: Random, poison: Poison | null = null): Promise<void> {
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
              at: made.at,
            });
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
  async #restore(): Promise<void> {
    const backup = this.#database.lastBackup;
    if (!backup) return;
    this.#server.kill();
    await this.#database.restore();
    for (const visitor of this.#visitors) visitor.forgetSince(backup.at);
    for (const desk of this.#desks)
      if (desk.revokedDevice)
        await this.#database.adminPool.query('UPDATE devices SET revoked_at = now() WHERE id = $1', [
          desk.revokedDevice,
        ]);
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
    if (this.#desks.filter((each) => !each.revoked).length <= 2) return;
    const deviceId = desk.desk?.deviceId;
    if (!deviceId) return;
    for (const window of this.#desks)
      if (window.profile === desk.profile) {
        window.revoked = true;
        window.revokedDevice = deviceId;
      }
    await this.#database.adminPool.query('UPDATE devices SET revoked_at = now() WHERE id = $1', [deviceId]);
    this.#tell(`${desk.name} is revoked`);
    this.#count('fault: revoked');
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
    }
    this.#serverIsDue = false;
    this.#server.kill();
    await this.#server.start();
    for (const desk of this.#desks) {
      // The revoked ones too: what they meet is the end of their sessions.
      await desk.startAndSignIn();
    }
    const atRest = () =>
      this.#desks.every(
        ({ revoked, desk }) => revoked || (desk?.status.phase === 'ready' && desk.status.unsent === 0),
      );
    await this.#world.until(atRest, restMs);
    // The wake-ups of the last acts, and the look behind a lost one.
    await this.#world.advance(2 * 60_000);
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
    for (const at of this.#desks) {
      if (at.revoked) {
        await this.#checkRevoked(at);
        continue;
      }
      const { desk } = at;
      if (!desk) {
        this.problems.push(
          `${at.name} is not open: ${at.services?.session.state} ${at.services?.session.notice}`,
        );
        continue;
      }
      const { unsent, phase, problem, online } = desk.status;
      if (unsent > 0 || phase !== 'ready' || problem || !online)
        this.problems.push(`${at.name} is not at rest: ${JSON.stringify(desk.status)}`);
      const user = rows.user.find(({ id }) => id === at.user.id) ?? at.user;
      const permitted = permittedRows(rows, user, desk.deviceId, this.#world.now);
      const found = differences(desk, permitted, (id) => at.link.isPoisoned(id));
      this.problems.push(...found.slice(0, 12).map((difference) => `${at.name}: ${difference}`));
      if (found.length > 12) this.problems.push(`${at.name}: and ${found.length - 12} more differences`);
      const shown = shownInAttention(desk);
      for (const { id, deviceId, act, status } of rows.intent)
        if (deviceId === desk.deviceId && (status === 'refused' || status === 'failed') && !shown.has(id))
          this.problems.push(`${at.name}: ${act} ${id} was ${status}, and nobody is told`);
    }
    for (const visitor of this.#visitors) this.problems.push(...visitor.missing(rows));
    if (this.problems.length > 0)
      for (const desk of this.#desks)
        for (const line of desk.log.slice(-8))
          if (!line.includes('RxDB Open Core')) this.story.push(`   ${desk.name} wrote: ${line}`);
  }

  /** What lay unsent on a desk that was revoked is gone with it. */
  #isExcused({ desk: name }: Promised): boolean {
    return this.#desks.some((desk) => desk.name === name && desk.revoked);
  }

  async #checkRevoked(at: SimulatedDesk): Promise<void> {
    if (at.desk) this.problems.push(`${at.name} was revoked and is open`);
    const left = [...(await at.profile.databaseNames()), ...at.profile.files.keys()].filter((name) =>
      name.includes(at.user.id),
    );
    if (left.length > 0) this.problems.push(`${at.name} was revoked and keeps ${left.join(', ')}`);
  }

  #count(what: string, times = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + times;
  }

  #tell(what: string): void {
    const seconds = Math.round((this.#world.now - start) / 100) / 10;
    this.story.push(`${seconds}s ${what}`);
  }
}
