/**
 * Runs a property over random clinics so that a failure can be repeated and kept: it names the seed, the date and the
 * path of the shrunk case, the command that runs it alone, and the case as a literal for `kept-cases.ts`.
 */
import fc from 'fast-check';
import { centreName } from './clock-changes';
import { literalOf } from './kept-cases';
import type { RandomCase } from './random-clinic';

/** What a command line says: a seed, a number of cases, and to repeat one, its date and path. */
export interface Replay {
  seed: number;
  runs: number;
  at: string | undefined;
  path: string | undefined;
}

export interface Run {
  test: string;
  seed: number;
  runs: number;
  /** Of the centre, where the seed belongs to one. */
  at: string | undefined;
}

/** Throws for the first case, made as small as fast-check can, for which the property does not hold. */
export function holdsForAll<T extends [RandomCase, ...unknown[]]>(
  property: fc.IProperty<T>,
  { test, seed, runs, at }: Run,
  replay: Replay,
): void {
  const details = fc.check(property, {
    seed,
    numRuns: runs,
    ...(replay.path === undefined ? {} : { path: replay.path }),
  }) as fc.RunDetails<T>;
  if (!details.failed) return;
  const [random, ...rest] = details.counterexample ?? [];
  const where = at === undefined ? '' : ` MEDIC_AT='${at}'`;
  throw new Error(
    [
      `Case ${details.numRuns} of ${runs}, made smaller ${details.numShrinks} times${random ? `, around ${centreName(random.centre)}` : ''}: ${messageOf(details.errorInstance)}`,
      `Again: MEDIC_SEED=${replay.seed} MEDIC_RUNS=${replay.runs}${where} MEDIC_PATH=${details.counterexamplePath} npx vitest run --project unit shared/src/availability/oracle.test.ts -t '${test}'`,
      random ? `To keep in testing/kept-cases.ts: ${literalOf(random)}` : '',
      rest.length > 0 ? `and ${fc.stringify(rest)}` : '',
    ].join('\n\n'),
    { cause: details.errorInstance },
  );
}

/** What was found and what was expected, where an assertion says so. */
function messageOf(error: unknown): string {
  const { actual, expected } = (error ?? {}) as { actual?: unknown; expected?: unknown };
  if (actual === undefined && expected === undefined) return String(error);
  return `${String(error)}\n\nfound    ${fc.stringify(actual)}\nexpected ${fc.stringify(expected)}`;
}
