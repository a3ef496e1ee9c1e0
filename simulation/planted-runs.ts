/** Plants one bug after the other, each in a process of its own, and says after how many runs it was noticed. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type PlantedBug, plantedBugs } from './planted-bugs';

const root = path.join(import.meta.dirname, '..');

/** Whether each was noticed within its runs. `only` names the bugs; all where it is empty. */
export async function noticePlanted(seed: string, steps: string): Promise<boolean> {
  let all = true;
  for (const bug of plantedBugs) {
    const { code, text } = await runWith(bug, seed, steps);
    const runs = /(\d+) runs of \d+ steps/.exec(text)?.[1];
    const problem = / FAILED\n {2}(.*)/.exec(text)?.[1] ?? '';
    // A process that did not even begin has noticed nothing.
    const isNoticed = code === 1 && runs !== undefined && problem !== '' && !problem.includes('has died');
    if (!isNoticed) all = false;
    console.log(
      isNoticed
        ? `noticed in run ${runs}: ${bug.name}\n    ${problem.slice(0, 160)}`
        : `NOT noticed in ${bug.within} runs: ${bug.name}\n${text.slice(-1_500)}`,
    );
  }
  return all;
}

function runWith(
  bug: PlantedBug,
  seed: string,
  steps: string,
): Promise<{ code: number | null; text: string }> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--import', './simulation/plant.mjs', 'simulation/simulate.ts', '--first'],
      ...['--minutes', '60', '--runs', String(bug.within), '--seed', seed, '--steps', steps],
    ],
    { cwd: root, env: { ...process.env, SIMULATION_BUG: JSON.stringify(bug) } },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}
