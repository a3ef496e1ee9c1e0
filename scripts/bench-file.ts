// Runs one bench file and sends its figures to the parent process: bench-file.ts <file>
import { pathToFileURL } from 'node:url';
import { type Bench, createBench } from './bench-api';

interface BenchFile {
  suite?: string;
  run?: (bench: Bench) => Promise<void>;
}

const file = process.argv[2];
if (!file) throw new Error('which bench file?');
const { suite, run }: BenchFile = await import(pathToFileURL(file).href);
if (typeof suite !== 'string' || typeof run !== 'function') {
  throw new Error(`${file} must export "suite" (a name) and "run" (a function)`);
}
await run(
  createBench(
    suite,
    (figure) => process.send?.({ figure }),
    (table) => process.send?.({ table }),
  ),
);
// The parent keeps the channel open, and with it this process.
process.disconnect?.();
