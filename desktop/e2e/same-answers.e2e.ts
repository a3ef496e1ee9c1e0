/**
 * A desk asks its own replica, in Chromium with Temporal of its own; a server asks its cache, in Node with the
 * polyfill; neither stands where the clinic is. They get the same cases, as data, and must answer alike.
 *
 * Chromium and Node bring their own IANA data, of different age. Where the clocks near a case differ by that data,
 * answers differ rightly: such cases are compared within Chromium and within Node, and the zones are named.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type AskedCase, sampleCases } from '@medic/shared/availability/testing/answers';
import { type Browser, expect, test } from '@playwright/test';
import { build } from 'vite';
import type { Questions, Said } from './answer-here';

const seed = Number(process.env.MEDIC_SEED ?? 20_261_123);
const randomCases = Number(process.env.MEDIC_RUNS ?? 1_200);
const leastCompared = 1_000;

/** Where the machine stands, with its minutes ahead of UTC in January and July, and what it speaks. */
interface Machine {
  where: 'Node' | 'Chromium';
  zone: string;
  ownOffsets: [winter: number, summer: number];
  locale: string;
  backwards?: boolean;
  /** As a browser of before 2026: without Temporal. */
  withoutTemporal?: boolean;
}

const greenwich = { zone: 'UTC', ownOffsets: [0, 0] } satisfies Partial<Machine>;
const newfoundland = { zone: 'America/St_Johns', ownOffsets: [-210, -150] } satisfies Partial<Machine>;
const india = { zone: 'Asia/Kolkata', ownOffsets: [330, 330] } satisfies Partial<Machine>;

const machines: Machine[] = [
  { where: 'Node', ...greenwich, locale: 'en-US' },
  { where: 'Node', ...newfoundland, locale: 'pl-PL', backwards: true },
  { where: 'Node', ...india, locale: 'ar-EG' },
  { where: 'Chromium', ...greenwich, locale: 'en-US' },
  { where: 'Chromium', ...newfoundland, locale: 'pl-PL', backwards: true },
  { where: 'Chromium', ...india, locale: 'ar-EG' },
  { where: 'Chromium', ...newfoundland, locale: 'fa-IR', withoutTemporal: true },
];

let cases: AskedCase[] = [];
const said = new Map<Machine, Said>();

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  cases = sampleCases(seed, randomCases);
  const script = await bundle();
  await Promise.all(
    machines.map(async (machine) => {
      const questions = { cases, backwards: machine.backwards ?? false, machineZone: machine.zone };
      const answer =
        machine.where === 'Node'
          ? await askNode(machine, questions)
          : await askChromium(browser, machine, script, questions);
      said.set(machine, answer);
    }),
  );
});

test('each machine stands where it is meant to and speaks its language', () => {
  for (const machine of machines) {
    const { timeZone, machineZone, ownOffsets, locale } = saidBy(machine);
    expect({ timeZone, ownOffsets, locale }, nameOf(machine)).toEqual({
      timeZone: machineZone,
      ownOffsets: machine.ownOffsets,
      locale: machine.locale,
    });
  }
  expect(new Set(machines.map((machine) => saidBy(machine).timeZone)).size).toBe(3);
});

test('some reckon with Temporal of their own, some with the polyfill', () => {
  const kinds = machines.map((machine) => saidBy(machine).temporal);
  expect(new Set(kinds)).toEqual(new Set(['native', 'polyfill']));
  expect(saidBy(machines.at(-1) as Machine).temporal).toBe('polyfill');
});

test('the cases have many slots, and some are refused', () => {
  const answers = saidBy(machineIn('Node')).answers;
  expect(answers).toHaveLength(cases.length);
  expect(answers.reduce((sum, { slots }) => sum + slots, 0)).toBeGreaterThan(15_000);
  expect(answers.filter(({ slots }) => slots > 0).length).toBeGreaterThan(200);
  expect(answers.filter(({ line }) => line.includes(': refused, '))).toHaveLength(4);
});

for (const where of ['Node', 'Chromium'] as const) {
  test(`${where} answers alike wherever it stands, whatever it speaks, in whichever order`, () => {
    const [first, ...others] = machines.filter((machine) => machine.where === where) as [
      Machine,
      ...Machine[],
    ];
    for (const other of others) {
      expect(saidBy(other).clocks, `clocks of ${nameOf(other)}`).toEqual(saidBy(first).clocks);
      expect(differences(first, other), nameOf(other)).toEqual([]);
    }
  });
}

test('desk and server answer alike wherever they know the same clocks', () => {
  const server = machineIn('Node');
  for (const desk of machines.filter(({ where }) => where === 'Chromium')) {
    const alike = cases.map((_, i) => join(saidBy(server).clocks[i]) === join(saidBy(desk).clocks[i]));
    const compared = alike.filter(Boolean).length;
    expect(compared, 'cases whose clocks desk and server agree on').toBeGreaterThanOrEqual(leastCompared);
    expect(differences(server, desk, alike), nameOf(desk)).toEqual([]);
  }
  for (const description of unlikeClocks(server, machineIn('Chromium'))) {
    test.info().annotations.push({ type: 'time zone data', description });
    console.log(`    not compared: ${description}`);
  }
});

/** The first cases that two answered differently, of those asked for. */
function differences(one: Machine, other: Machine, of?: boolean[]): string[][] {
  const theirs = saidBy(other).answers;
  return saidBy(one)
    .answers.map(({ line }, i) => (of?.[i] === false ? [] : [line, theirs[i]?.line ?? 'no answer']))
    .filter(([line, theirLine]) => line !== theirLine)
    .slice(0, 10);
}

/** One line per zone whose clock the server's data and the desk's data tell differently near some case. */
function unlikeClocks(server: Machine, desk: Machine): string[] {
  const unlike = new Map<string, { server: Set<string>; desk: Set<string>; cases: number }>();
  cases.forEach(({ zones }, i) => {
    const serverClocks = saidBy(server).clocks[i] ?? [];
    const deskClocks = saidBy(desk).clocks[i] ?? [];
    for (const zone of zones) {
      const of = (clocks: string[], others: string[]) =>
        clocks.filter((clock) => clock.startsWith(`${zone} `) && !others.includes(clock));
      const onlyServer = of(serverClocks, deskClocks);
      const onlyDesk = of(deskClocks, serverClocks);
      if (onlyServer.length + onlyDesk.length === 0) continue;
      const found = unlike.get(zone) ?? { server: new Set(), desk: new Set(), cases: 0 };
      unlike.set(zone, found);
      for (const clock of onlyServer) found.server.add(clock.slice(zone.length + 1));
      for (const clock of onlyDesk) found.desk.add(clock.slice(zone.length + 1));
      found.cases++;
    }
  });
  return [...unlike].map(
    ([zone, found]) =>
      `${zone}, ${found.cases} cases: only in Node ${listed(found.server)}; only in Chromium ${listed(found.desk)}`,
  );
}

function listed(clocks: Set<string>): string {
  const sorted = [...clocks].sort((a, b) => (a.slice(-20) < b.slice(-20) ? -1 : 1));
  return sorted.length === 0 ? 'nothing' : sorted.slice(0, 4).join(', ') + (sorted.length > 4 ? ', …' : '');
}

function machineIn(where: Machine['where']): Machine {
  return machines.find((machine) => machine.where === where) as Machine;
}

function saidBy(machine: Machine): Said {
  const found = said.get(machine);
  if (!found) throw new Error(`${nameOf(machine)} was not asked`);
  return found;
}

function nameOf({ where, zone, locale, withoutTemporal }: Machine): string {
  return `${where} in ${zone}, ${locale}${withoutTemporal ? ', without Temporal' : ''}`;
}

function join(clocks: string[] | undefined): string {
  return clocks?.join() ?? 'no clocks';
}

const here = import.meta.dirname;

async function askNode({ zone, locale }: Machine, questions: Questions): Promise<Said> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      `import { text } from 'node:stream/consumers';
       const { answerHere } = await import('./answer-here.ts');
       process.stdout.write(JSON.stringify(answerHere(JSON.parse(await text(process.stdin)))));`,
    ],
    {
      cwd: here,
      env: { ...process.env, TZ: zone, LC_ALL: `${locale.replace('-', '_')}.UTF-8` },
      timeout: 150_000,
    },
  );
  child.stdin.end(JSON.stringify(questions));
  const [answer, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`Node in ${zone} ended: ${errors}`);
  return JSON.parse(answer) as Said;
}

async function askChromium(
  browser: Browser,
  { zone, locale, withoutTemporal }: Machine,
  script: string,
  questions: Questions,
): Promise<Said> {
  const context = await browser.newContext({ timezoneId: zone, locale });
  const page = await context.newPage();
  if (withoutTemporal) await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Temporal'));
  await page.goto('about:blank');
  await page.addScriptTag({ content: script });
  const answer = await page.evaluate((asked) => {
    const { medic } = window as unknown as { medic: { answerHere(questions: unknown): unknown } };
    return JSON.stringify(medic.answerHere(JSON.parse(asked)));
  }, JSON.stringify(questions));
  await context.close();
  return JSON.parse(answer) as Said;
}

/** As the desk's own build makes it: for the same browsers, and minified. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      lib: { entry: path.join(here, 'answer-here.ts'), formats: ['iife'], name: 'medic' },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('nothing was built');
  return output.output[0].code;
}
