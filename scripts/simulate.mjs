// npm run simulate -- --minutes N [--seed S] [--desks N] [--steps N]: desks, a server and a Postgres through random
// acts and misfortunes; simulation/README.md says what is checked, and how a run that failed is played again.
import { spawn } from 'node:child_process';
import { root } from './child.mjs';
import { ensureInstalled } from './ensure.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

await ensureInstalled();
const child = spawn(
  process.execPath,
  ['--max-old-space-size=3000', '--import', 'tsx', 'simulation/simulate.ts', ...process.argv.slice(2)],
  // What the server logs of failures that are made on purpose is of no use to anybody.
  { cwd: root, stdio: 'inherit', env: { MEDIC_LOG_LEVEL: 'silent', ...process.env } },
);
process.on('SIGINT', () => {
  // The terminal has told the child as well; it ends after the run that is under way, with its table.
});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
stopWithNpm();
child.on('exit', (code) => process.exit(code ?? 1));
