import { pino } from 'pino';

/** Log entries carry ids, counts and codes; never a name, an address, a number or what a form held. */
export const log = pino(
  {
    level: process.env.MEDIC_LOG_LEVEL ?? 'info',
    base: { app: 'medic' },
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers.cookie',
        '*.password',
        '*.accessToken',
        '*.refreshToken',
      ],
      remove: true,
    },
  },
  process.env.MEDIC_LOG_FORMAT === 'text' ? { write: writeForPeople } : process.stdout,
);

/** One line of words for whoever started Medic by hand; what is wrong goes out whole. */
function writeForPeople(line: string): void {
  const { level, msg, url, err } = JSON.parse(line) as {
    level: number;
    msg: string;
    url?: string;
    err?: { stack?: string };
  };
  const what = url ? `${msg} (${url})` : msg;
  if (level < 40) process.stdout.write(`medic: ${what}\n`);
  else process.stderr.write(`medic: ${what}${err?.stack ? `\n${err.stack}` : ''}\n`);
}
