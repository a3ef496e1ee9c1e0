import { MedicError } from '@medic/shared/errors';
import { describe, expect, it } from 'vitest';
import { Limits } from './limits';

const clinic = 'a clinic';
const email = 'somebody@example.org';

/** How many pass before one is told to wait, and for how long. */
async function passing(
  ask: (n: number) => Promise<void>,
): Promise<{ passed: number; retryAfterSeconds: unknown }> {
  for (let n = 0; n < 2000; n++) {
    try {
      await ask(n);
    } catch (error) {
      if (!(error instanceof MedicError) || error.code !== 'rate.limited') throw error;
      return { passed: n, retryAfterSeconds: error.details.retryAfterSeconds };
    }
  }
  throw new Error('nothing was limited');
}

const address = (n: number): string => `192.0.2.${n % 250}`;

interface Case {
  what: string;
  allowed: number;
  withinSeconds: number;
  /** The nth request of one who asks again and again. */
  ask(limits: Limits, n: number): Promise<void>;
  /** Somebody whom this does not concern. */
  other(limits: Limits): Promise<void>;
}

const cases: readonly Case[] = [
  {
    what: 'pages read, for an address',
    allowed: 600,
    withinSeconds: 60,
    ask: (limits) => limits.publicRead('192.0.2.1'),
    other: (limits) => limits.publicRead('192.0.2.2'),
  },
  {
    what: 'holds, for an address',
    allowed: 60,
    withinSeconds: 60,
    ask: (limits) => limits.publicHold('192.0.2.1'),
    other: (limits) => limits.publicHold('192.0.2.2'),
  },
  {
    what: 'bookings, for an address',
    allowed: 20,
    withinSeconds: 60,
    ask: (limits) => limits.publicBook('192.0.2.1'),
    other: (limits) => limits.publicBook('192.0.2.2'),
  },
  {
    what: 'bookings, for one e-mail in whatever capitals',
    allowed: 10,
    withinSeconds: 3600,
    ask: (limits, n) =>
      limits.identity(clinic, { email: n % 2 ? ` ${email.toUpperCase()}` : email, phone: null }),
    other: (limits) => limits.identity(clinic, { email: 'another@example.org', phone: null }),
  },
  {
    what: 'bookings, for one telephone under ever new e-mails',
    allowed: 10,
    withinSeconds: 3600,
    ask: (limits, n) => limits.identity(clinic, { email: `${n}@example.org`, phone: '+48601220418' }),
    other: (limits) => limits.identity(clinic, { email: 'x@example.org', phone: '+48601220419' }),
  },
  {
    what: 'codes to one address, from everywhere',
    allowed: 3,
    withinSeconds: 600,
    ask: (limits, n) => limits.code(address(n), clinic, email),
    other: (limits) => limits.code(address(0), clinic, 'another@example.org'),
  },
  {
    what: 'codes from one address, to everybody',
    allowed: 60,
    withinSeconds: 600,
    ask: (limits, n) => limits.code('192.0.2.1', clinic, `${n}@example.org`),
    other: (limits) => limits.code('192.0.2.2', clinic, 'another@example.org'),
  },
  {
    what: 'tries at the codes of one address, from everywhere',
    allowed: 15,
    withinSeconds: 600,
    ask: (limits, n) => limits.codeTry(address(n), clinic, email),
    other: (limits) => limits.codeTry(address(0), clinic, 'another@example.org'),
  },
  {
    what: 'tries at codes from one address, of everybody',
    allowed: 120,
    withinSeconds: 600,
    ask: (limits, n) => limits.codeTry('192.0.2.1', clinic, `${n}@example.org`),
    other: (limits) => limits.codeTry('192.0.2.2', clinic, 'another@example.org'),
  },
  {
    what: 'links opened, for an address',
    allowed: 300,
    withinSeconds: 600,
    ask: (limits) => limits.linkTry('192.0.2.1'),
    other: (limits) => limits.linkTry('192.0.2.2'),
  },
  {
    what: 'acts in the portal, for an address',
    allowed: 60,
    withinSeconds: 60,
    ask: (limits) => limits.portalAct('192.0.2.1'),
    other: (limits) => limits.portalAct('192.0.2.2'),
  },
  {
    what: 'tries at one patient’s birth date',
    allowed: 10,
    withinSeconds: 86_400,
    ask: (limits) => limits.birthDate(clinic, 'a patient'),
    other: (limits) => limits.birthDate(clinic, 'another patient'),
  },
  {
    what: 'exports of one patient',
    allowed: 5,
    withinSeconds: 3600,
    ask: (limits) => limits.export(clinic, 'a patient'),
    other: (limits) => limits.export(clinic, 'another patient'),
  },
  {
    what: 'sign-ins to one account, for an address',
    allowed: 10,
    withinSeconds: 60,
    ask: (limits) => limits.signIn('192.0.2.1', 'clinic ewa@example.org'),
    other: (limits) => limits.signIn('192.0.2.1', 'clinic adam@example.org'),
  },
];

describe.each(cases)('$what', ({ allowed, withinSeconds, ask, other }) => {
  it(`are ${allowed}, and then it is said when to come again`, async () => {
    const limits = new Limits(1);
    const { passed, retryAfterSeconds } = await passing((n) => ask(limits, n));
    expect(passed).toBe(allowed);
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(withinSeconds);
    await other(limits);
  });
});

it('another clinic counts for itself: who asks much at one is not shut out of the other', async () => {
  const limits = new Limits(1);
  await passing(() => limits.birthDate(clinic, 'a patient'));
  await passing((n) => limits.code(address(n), clinic, email));
  await limits.birthDate('another clinic', 'a patient');
  await limits.code('198.51.100.1', 'another clinic', email);
});

it('a household of IPv6 is one address', async () => {
  const limits = new Limits(1);
  const { passed } = await passing((n) => limits.portalAct(`2001:db8:1:2::${n.toString(16)}`));
  expect(passed).toBe(60);
  await limits.portalAct('2001:db8:1:3::1');
});
