// npm run restore -- file [--yes]: puts a backup back in the place of the database; Medic must not be running.
import { runDatabaseCommand } from './database-command.mjs';

await runDatabaseCommand(['restore', ...process.argv.slice(2)]);
