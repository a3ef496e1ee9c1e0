// npm run db:reset [-- --yes]: empties the database and migrates it afresh. It asks first, or wants --yes.
import { runDatabaseCommand } from './database-command.mjs';

await runDatabaseCommand(['reset', ...process.argv.slice(2)]);
