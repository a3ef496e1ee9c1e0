// Plants a bug in a text; preloaded with --import, it plants the one of SIMULATION_BUG in what the process loads.
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

export function planted(bug, code) {
  const parts = code.split(bug.from);
  if (parts.length !== 2)
    throw new Error(`${bug.file} has ${parts.length - 1} places for the bug "${bug.name}"`);
  return parts.join(bug.to);
}

if (isMainThread && process.env.SIMULATION_BUG)
  register('./plant-loader.mjs', import.meta.url, { data: JSON.parse(process.env.SIMULATION_BUG) });
