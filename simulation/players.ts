/**
 * A process that plays, and the next when it has played enough: memory that code of desks leaves behind goes with it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { RunOptions, RunResult } from './run';

const runsPerPlayer = 12;
/** A run takes seconds, on a busy machine a minute or two. */
const longestRunMs = 600_000;

export class Players {
  #player: ChildProcess | null = null;
  #runs = 0;

  async play(options: RunOptions): Promise<RunResult> {
    const began = performance.now();
    if (this.#runs >= runsPerPlayer) this.stop();
    this.#player ??= fork(path.join(import.meta.dirname, 'player.ts'));
    this.#runs += 1;
    const player = this.#player;
    const answer = await new Promise<RunResult | string>((resolve) => {
      const patience = setTimeout(() => resolve('has hung'), longestRunMs);
      const answered = (result: RunResult | string) => {
        clearTimeout(patience);
        player.removeAllListeners();
        resolve(result);
      };
      player.once('message', answered);
      player.once('exit', (code, signal) => answered(`has died (${code ?? signal})`));
      player.send(options);
    });
    if (typeof answer !== 'string') return answer;
    this.stop();
    return {
      seed: options.seed,
      problems: [`broke: the process ${answer}`],
      story: [],
      counts: {},
      virtualMs: 0,
      realMs: performance.now() - began,
    };
  }

  stop(): void {
    this.#player?.kill('SIGKILL');
    this.#player = null;
    this.#runs = 0;
  }
}
