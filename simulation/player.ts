/** Plays the runs it is told of, one by one, in a process of its own: what breaks it ends one run and not the others. */
import { play, type RunOptions } from './run';

process.on('message', async (options: RunOptions) => {
  process.send?.(await play(options));
});
