/** Reads the configuration, opens what is needed, wires it, and closes it again. */
import { MedicError } from '@medic/shared/errors';
import { instant } from '@medic/shared/time/instant';
import { type Config, readConfig } from './config';
import { type EmbeddedServer, startEmbeddedServer } from './db/embedded-server';
import { migrate } from './db/migrate';
import { openAdminPool, openAppPool, type Pool } from './db/pool';
import { openInbox } from './messages/inbox';
import { smtpMailer } from './messages/mailer';
import { openSecret } from './secret';
import { type Listening, listenOn, type MailSetup, openCore } from './server';
import { log } from './telemetry/log';

interface Demo {
  slug: string;
  signIns: { role: string; email: string; password: string }[];
}

async function main(): Promise<void> {
  const closers: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | null = null;
  function stop(): Promise<void> {
    stopping ??= (async () => {
      for (const close of closers.reverse()) await close();
    })();
    return stopping;
  }
  function stopAndExit(code: number): void {
    stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ err: error }, 'the server did not stop cleanly');
        process.exit(1);
      },
    );
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stopAndExit(0));
  // Started by `npm start`: when that is gone, even by kill -9, nobody could stop this server any more.
  process.once('disconnect', () => stopAndExit(0));

  try {
    await start(closers);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(closers: (() => Promise<unknown>)[]): Promise<void> {
  const config = readConfig(process.env);
  const listening: Listening = await listenOn(config);
  closers.push(() => listening.close());

  let adminUrl = config.databaseUrl;
  if (!adminUrl) {
    const embedded: EmbeddedServer = await startEmbeddedServer({
      dataDir: config.dataDir,
      log: (message) => log.info(message),
    });
    // Last to be opened of what the others need, so last to be closed: before the pools in this list.
    closers.unshift(() => embedded.stop());
    adminUrl = embedded.adminUrl;
  }
  const demo = await prepare(adminUrl, config.demo);
  const pool: Pool = await openAppPool(adminUrl, {
    onIdleError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  closers.splice(config.databaseUrl ? 0 : 1, 0, () => pool.end());
  const core = await openCore(pool, {
    limitFactor: config.limitFactor,
    proofBits: config.proofBits,
    secret: await openSecret(config),
    ...mailSetup(config, listening.url),
  });
  listening.open(core, pool);

  log.info({ url: listening.url }, 'Medic is ready');
  process.send?.({
    type: 'ready',
    url: listening.url,
    deskUrl: `${listening.url}/desk/`,
    bookUrl: demo ? `${listening.url}/book/${demo.slug}` : null,
    signIns: demo?.signIns ?? [],
  });
}

/** Without an SMTP server mail goes nowhere: into a page of development, or it waits in the outbox. */
function mailSetup({ mail, publicUrl }: Config, url: string): { mail?: MailSetup } {
  const setup = { publicUrl: publicUrl ?? url };
  switch (mail.via) {
    case 'smtp':
      return { mail: { ...setup, mailer: smtpMailer(mail) } };
    case 'inbox': {
      const inbox = openInbox(Date.now);
      log.info({ url: `${url}/dev/inbox` }, 'E-mails are not sent, but kept in the development inbox');
      return { mail: { ...setup, mailer: inbox, inbox } };
    }
    case 'none':
      log.warn('no e-mail is sent: MEDIC_SMTP_URL is not set');
      return {};
  }
}

/** Brings the schema up to date and, for a demo, fills an empty database. As the owner, whose connection is closed again. */
async function prepare(adminUrl: string, withDemo: boolean): Promise<Demo | null> {
  const pool = await openAdminPool(adminUrl);
  try {
    await migrate(pool, { log: (message) => log.info(message) });
    if (!withDemo) return null;
    const { seedDemo } = await import('./db/seed');
    return await seedDemo(pool, {
      scale: 'small',
      now: instant(Date.now()),
      onProgress: (message) => log.info(message),
    });
  } finally {
    await pool.end();
  }
}

main().catch((error) => {
  if (error instanceof MedicError) process.stderr.write(`\nMedic cannot start: ${error.message}\n`);
  else log.fatal({ err: error }, 'Medic cannot start');
  process.exit(1);
});
