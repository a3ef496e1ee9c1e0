// npm run seed -- --scale small|large: fills the database with a demo clinic of that size.
import { runDatabaseCommand } from './database-command.mjs';

await runDatabaseCommand(['seed', ...process.argv.slice(2)]);
