// npm run backup [-- file]: writes everything in the database into one file, while Medic runs.
import { runDatabaseCommand } from './database-command.mjs';

await runDatabaseCommand(['backup', ...process.argv.slice(2)]);
