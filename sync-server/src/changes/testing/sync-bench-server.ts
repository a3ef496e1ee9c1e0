/**
 * The server of the sync benchmark, in a process of its own: one clinic behind the real HTTP server on a Postgres that
 * loses nothing when the power fails. Says how much processor time and memory it has taken whenever it is asked.
 */
import { randomBytes } from 'node:crypto';
import { uuidv7 } from '@medic/shared/model/id';
import { syncedRecords } from '@medic/shared/model/records';
import { aPatient } from '@medic/shared/testing/builders';
import { instant } from '@medic/shared/time/instant';
import { takeClock } from '../../db/clinics';
import { putRecords } from '../../db/records';
import { startTestServer } from '../../db/testing/database';
import { inClinic } from '../../db/transaction';
import { monday, openTestClinic } from '../../testing/test-clinic';

export interface SyncBenchServer {
  url: string;
  databaseUrl: string;
  /** Of a receptionist, one per desk that is wanted. */
  tokens: string[];
  deviceIds: string[];
  userId: string;
  clinicId: string;
}

export interface Taken {
  cpuMs: number;
  heapBytes: number;
  rssBytes: number;
}

const desks = Number(process.argv[2]);
const patients = Number(process.argv[3]);

const server = await startTestServer({ durable: true });
const clinic = await openTestClinic({ adminUrl: server.adminUrl, limitFactor: 1e6 });
const started = performance.now();
setInterval(() => {
  clinic.clock.now = instant(monday + Math.round(performance.now() - started));
}, 10).unref();
for (let done = 0; done < patients; done += 1000) {
  await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
    await takeClock(tx, clinic.clinicId);
    const rows = Array.from({ length: Math.min(1000, patients - done) }, () =>
      aPatient({ clinicId: clinic.clinicId, id: uuidv7(monday, randomBytes(10)) }),
    );
    await putRecords(tx, syncedRecords.patient, rows);
  });
}
await clinic.database.adminPool.query('ANALYZE');
const first = await clinic.signIn();
const signedIn = [first];
for (let n = 1; n < desks; n++) signedIn.push(await clinic.signIn());

// Whoever asked is gone, or has all that was wanted: on its way out the database is stopped.
process.once('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message === 'stop') void stop();
  else {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { heapUsed, rss } = process.memoryUsage();
    process.send?.({ cpuMs: (user + system) / 1000, heapBytes: heapUsed, rssBytes: rss } satisfies Taken);
  }
});
process.send?.({
  url: clinic.url,
  databaseUrl: clinic.database.url,
  tokens: signedIn.map(({ accessToken }) => accessToken),
  deviceIds: signedIn.map(({ deviceId }) => deviceId),
  userId: first.userId,
  clinicId: clinic.clinicId,
} satisfies SyncBenchServer);

async function stop(): Promise<void> {
  await clinic.close();
  await server.stop();
  process.disconnect();
}
