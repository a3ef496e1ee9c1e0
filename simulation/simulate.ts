/**
 * Runs for as long as it is told, seed after seed, and says what came of it. Started by `npm run simulate`:
 *
 *   npm run simulate -- --minutes 60               new seeds for an hour
 *   npm run simulate -- --seed a7 --steps 80       one seed, told step by step
 *   npm run simulate -- --seed a7 --only 3,17,20   of its plan only these steps, as a shrunk failure names them
 *   npm run simulate -- --planted                  with a bug planted, one after the other: is each noticed?
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startTestServer } from '../sync-server/src/db/testing/server';
import { planOf, type Step } from './plan';
import { noticePlanted } from './planted-runs';
import { Players } from './players';
import type { RunResult } from './run';
import { shrink } from './shrink';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    desks: { type: 'string', default: '4' },
    steps: { type: 'string', default: '60' },
    only: { type: 'string' },
    /** Ends after so many runs, if the minutes last. */
    runs: { type: 'string' },
    /** One after the other, bugs are planted: says after how many runs each is noticed. */
    planted: { type: 'boolean', default: false },
    /** Ends at the first run that fails, as it is. */
    first: { type: 'boolean', default: false },
    /** Where failed runs are written down. */
    out: { type: 'string', default: path.join(import.meta.dirname, '..', '.cache', 'simulate') },
  },
});

const desks = Number(values.desks);
const stepCount = Number(values.steps);
const first = values.seed ?? Date.now().toString(36);
const minutes = Number(values.minutes ?? '0');
const mostRuns = Number(values.runs ?? Number.POSITIVE_INFINITY);

const total: Record<string, number> = {};
const failures: { seed: string; problem: string; command: string }[] = [];
const kindsSeen = new Set<string>();
let runs = 0;
let virtualMs = 0;
const began = performance.now();

if (values.planted) process.exit((await noticePlanted(values.seed ?? 'planted', values.steps)) ? 0 : 1);
const { adminUrl, stop: stopPostgres } = await startTestServer();
const postgres = { adminUrl };
const players = new Players();
let stopping = false;
process.once('SIGINT', () => {
  stopping = true;
});
process.once('SIGTERM', () => {
  stopping = true;
});
try {
  if (values.minutes === undefined) await playOne();
  else await playMany();
} finally {
  players.stop();
  await stopPostgres();
}
process.exitCode = failures.length > 0 ? 1 : 0;

async function playOne(): Promise<void> {
  const only = values.only?.split(',').map(Number);
  const steps = planOf(first, stepCount, desks).filter(
    ({ index }) => only === undefined || only.includes(index),
  );
  const result = await players.play({ seed: first, steps, desks, postgres });
  console.log(result.story.join('\n'));
  note(result);
  table();
}

async function playMany(): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  for (let i = 0; performance.now() < end && i < mostRuns && !stopping; i++) {
    const seed = `${first}-${i}`;
    const steps = planOf(seed, stepCount, desks);
    const result = await players.play({ seed, steps, desks, postgres });
    note(result);
    if (result.problems.length > 0 && values.first) stopping = true;
    else if (result.problems.length > 0) await keep(result, steps);
    const left = Math.max(0, Math.round((end - performance.now()) / 60_000));
    console.log(
      `${seed}: ${result.problems.length === 0 ? 'ok' : `${result.problems.length} PROBLEMS`}, ${(result.realMs / 1000).toFixed(1)} s for ${Math.round(result.virtualMs / 60_000)} virtual minutes; ${runs} runs, ${failures.length} failed, ${left} minutes left`,
    );
  }
  table();
}

function note(result: RunResult): void {
  runs += 1;
  virtualMs += result.virtualMs;
  for (const [what, times] of Object.entries(result.counts)) total[what] = (total[what] ?? 0) + times;
  if (result.problems.length === 0) return;
  const [problem = ''] = result.problems;
  failures.push({ seed: result.seed, problem, command: command(result.seed) });
  console.log(
    `\n${result.seed} FAILED\n${result.problems.map((each) => `  ${each}`).join('\n')}\n  again: ${command(result.seed)}`,
  );
}

/** Writes the run down, and what is left of it when steps are left out. */
async function keep(result: RunResult, steps: readonly Step[]): Promise<void> {
  const kind = kindOf(result);
  let smallest = result;
  // Of several of one kind the first is enough to look at.
  const mostRuns = kindsSeen.has(kind) ? 0 : 24;
  kindsSeen.add(kind);
  const { steps: left, runs: tries } = await shrink(
    steps,
    async (fewer) => {
      const again = await players.play({ seed: result.seed, steps: fewer, desks, postgres });
      const same = kindOf(again) === kind;
      if (same) smallest = again;
      return same;
    },
    { untilMs: performance.now() + 240_000, mostRuns },
  );
  const indices = left.map(({ index }) => index).join(',');
  mkdirSync(values.out, { recursive: true });
  const file = path.join(values.out, `${result.seed}.txt`);
  writeFileSync(
    file,
    [
      ...result.problems,
      '',
      `again: ${command(result.seed)}`,
      `left after ${tries} tries: ${command(result.seed)} --only ${indices}`,
      '',
      ...smallest.problems,
      '',
      ...smallest.story,
      '',
      '--- the whole run',
      ...result.story,
    ].join('\n'),
  );
  console.log(`  ${left.length} of ${steps.length} steps still fail: --only ${indices}\n  ${file}`);
}

/** Of what kind its first problem is: ids and numbers differ from run to run. */
function kindOf({ problems }: RunResult): string {
  return (problems[0] ?? '')
    .replaceAll(/desk \d+ \([^)]*\)/g, 'a desk')
    .replaceAll(/[0-9a-f-]{36}|\d+/g, '#')
    .slice(0, 80);
}

function command(seed: string): string {
  return `npm run simulate -- --seed ${seed} --steps ${stepCount} --desks ${desks}`;
}

function table(): void {
  const sum = (prefix: string) =>
    Object.entries(total).reduce((all, [what, times]) => (what.startsWith(prefix) ? all + times : all), 0);
  const hours = (performance.now() - began) / 3_600_000;
  console.log(
    `\n${runs} runs of ${stepCount} steps, ${desks} desks, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours`,
  );
  const perHour = (times: number) => Math.round(times / hours);
  console.log(
    `an hour: ${perHour(runs)} runs, ${perHour(sum('step: '))} steps, ${perHour(sum('kept: '))} acts, ${perHour(sum('fault: '))} faults`,
  );
  for (const group of [
    'step: ',
    'kept: ',
    'refused at the desk: ',
    'decided: ',
    'fault: ',
    'patient: ',
    'act: ',
    'could not be kept: ',
    'ms: ',
  ]) {
    if (sum(group) === 0) continue;
    console.log(`\n${group.slice(0, -2)}, ${sum(group)} in all`);
    for (const [what, times] of Object.entries(total).sort(([, a], [, b]) => b - a))
      if (what.startsWith(group)) console.log(`  ${String(times).padStart(7)}  ${what.slice(group.length)}`);
  }
  console.log(`\n${failures.length} runs failed`);
  for (const { seed, problem, command: again } of failures)
    console.log(`  ${seed}: ${problem}\n    ${again}`);
}
