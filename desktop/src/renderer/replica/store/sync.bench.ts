/**
 * The large clinic into IndexedDB in Chromium, and out of it again: what the replica's store costs beside a bare
 * bulkInsert of the same documents into RxDB's own storage, with the cipher and without. They take turns, since what
 * else the machine does changes from minute to minute.
 */
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { type CollectionName, collectionNames, collections } from '@medic/shared/model/records';
import { demoBatches } from '@medic/shared/testing/demo-clinic';
import { type Instant, instant, type PlainDate } from '@medic/shared/time/instant';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import type { Bench } from '../../../../../scripts/bench-api';
import { findChromium } from '../../../../../scripts/ensure.mjs';
import type { BenchPage } from './testing/bench-page';

export const suite = 'sync';

const rounds = 3;
const batchSize = 1_000;
const dayMs = 24 * 3_600_000;
/** As a reception is sent it. */
const historyDays = 90;
const today = '2026-11-23' as PlainDate;
const now: Instant = instant(Date.parse(`${today}T10:00:00Z`));

type Contender = 'bare bulkInsert' | 'store, not sealed' | 'store, sealed' | 'store, as pulled, sealed';
const contenders: readonly Contender[] = [
  'bare bulkInsert',
  'store, not sealed',
  'store, sealed',
  'store, as pulled, sealed',
];

declare global {
  var bench: BenchPage;
}

export async function run(bench: Bench): Promise<void> {
  bench.note('making the large clinic');
  const server = await serve(documents(), await bundle());
  const browser = await openBrowser();
  try {
    await measure(bench, browser, `${addressOf(server)}/`);
  } finally {
    await browser.close();
    server.close();
  }
}

async function measure(bench: Bench, browser: Browser, url: string): Promise<void> {
  const rates = new Map<Contender, number[]>(contenders.map((each) => [each, []]));
  const blocked = new Map<Contender, number[]>(contenders.map((each) => [each, []]));
  const opened: Record<'first' | 'all' | 'blocked', number[]> = { first: [], all: [], blocked: [] };
  let rows = 0;
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      // A context of its own: what an earlier turn left on the disk is still being tidied up.
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(url);
      rows = await page.evaluate((size) => globalThis.bench.load(size), batchSize);
      const filled = await fill(page, contender);
      rates.get(contender)?.push((filled.rows / filled.ms) * 1000);
      blocked.get(contender)?.push(filled.longestTaskMs);
      if (contender === 'store, as pulled, sealed') {
        const { firstMs, ms, longestTaskMs } = await page.evaluate(
          ([from, to]) => globalThis.bench.open(true, from, to),
          [now - dayMs, now + 9 * dayMs] as const,
        );
        opened.first.push(firstMs);
        opened.all.push(ms);
        opened.blocked.push(longestTaskMs);
      }
      bench.note(`round ${round + 1}, ${contender}: ${Math.round((filled.rows / filled.ms) * 1000)} rows/s`);
      await context.close();
    }
  }
  bench.record('rows of the large clinic at a reception', rows, 'rows');
  for (const contender of contenders) {
    const against = contender === 'bare bulkInsert' ? undefined : 'bare bulkInsert';
    bench.record(contender, median(rates.get(contender)), 'rows/s', against);
  }
  for (const contender of contenders)
    bench.record(`${contender}, thread blocked at most`, median(blocked.get(contender)), 'ms');
  bench.record('reopened: the days to be shown', median(opened.first), 'ms', {
    name: 'aim 2,000 ms',
    value: 2_000,
  });
  bench.record('reopened: everything', median(opened.all), 'ms');
  bench.record('reopened: thread blocked at most', median(opened.blocked), 'ms');
}

async function fill(page: Page, contender: Contender) {
  if (contender === 'bare bulkInsert') return await page.evaluate(() => globalThis.bench.fillBare());
  if (contender === 'store, as pulled, sealed') return await page.evaluate(() => globalThis.bench.pull());
  return await page.evaluate((sealed) => globalThis.bench.fill(sealed), contender === 'store, sealed');
}

/** What a reception's desk is sent, as it is stored. */
function documents(): Map<CollectionName, object[]> {
  const found = new Map<CollectionName, object[]>(collectionNames.map((name) => [name, []]));
  for (const { kind, records } of demoBatches({ scale: 'large', today, now })) {
    const name = collectionNames.find((each) => (collections[each] as readonly string[]).includes(kind));
    if (!name) continue;
    for (const record of records as readonly { deleted?: boolean; endsAt?: Instant | null }[]) {
      if (kind === 'appointment' && (record.endsAt ?? 0) < now - historyDays * dayMs) continue;
      const { deleted: _, ...document } = record;
      found.get(name)?.push({ ...document, recordKind: kind });
    }
  }
  return found;
}

async function serve(all: Map<CollectionName, object[]>, script: string): Promise<Server> {
  const texts = new Map([...all].map(([name, rows]) => [`/documents/${name}`, JSON.stringify(rows)]));
  const server = createServer((request, response) => {
    const text = texts.get(request.url ?? '');
    response.setHeader('content-type', text === undefined ? 'text/html' : 'application/json');
    response.end(text ?? `<!doctype html><title>Bench</title><script>${script}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      lib: {
        entry: path.join(import.meta.dirname, 'testing/bench-page.ts'),
        formats: ['iife'],
        name: 'medic',
      },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('nothing was built');
  return output.output[0].code.replaceAll('</script', '<\\/script');
}

async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH || (await findChromium());
  if (!executablePath) throw new Error('no Chromium found: set CHROMIUM_PATH');
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

function median(samples: readonly number[] = []): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
