/**
 * A program of its own that holds the embedded server in a folder, so that tests can kill it. It prints one line of
 * JSON once the server is ready, and ends it on SIGTERM; on the line `exit` it ends without a word.
 */
import { createInterface } from 'node:readline';
import { startEmbeddedServer } from '../embedded-server';

const [dataDir] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: run-server.ts <folder>');

const server = await startEmbeddedServer({
  dataDir,
  log: (message) => process.stderr.write(`${message}\n`),
  settings: { fsync: 'off' },
});
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'exit') process.exit(3);
});
process.stdout.write(
  `${JSON.stringify({ pid: server.pid, port: server.port, attached: server.attached, adminUrl: server.adminUrl })}\n`,
);
