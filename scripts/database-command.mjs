// Runs one command of sync-server/src/db/cli.ts in the foreground.
import { spawn } from 'node:child_process';
import { root } from './child.mjs';
import { ensureInstalled } from './ensure.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

export async function runDatabaseCommand(args) {
  await ensureInstalled();
  const child = spawn(process.execPath, ['--import', 'tsx', 'sync-server/src/db/cli.ts', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  process.on('SIGINT', () => {
    // The terminal has told the child as well, and twice would cut its clean stop.
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithNpm();
  child.on('exit', (code) => process.exit(code ?? 1));
}
