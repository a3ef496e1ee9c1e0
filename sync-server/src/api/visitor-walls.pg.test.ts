/** What keeps visitors' requests apart from other sites', from machines, and from changing anything by being looked at. */

import { date } from '@medic/shared/testing/builders';
import { instant, minuteMs } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, codeOf, openBrowser } from '../testing/browser';
import {
  harbour,
  monday,
  newId,
  nowak,
  openTestClinic,
  single,
  type TestClinic,
} from '../testing/test-clinic';
import { networkOf } from './limits';
import { appRouter } from './router';

let clinic: TestClinic;
let tight: TestClinic;

beforeAll(async () => {
  clinic = await openTestClinic();
  tight = await openTestClinic({ limitFactor: 1 });
});
afterAll(async () => {
  await clinic.close();
  await tight.close();
});
beforeEach(() => {
  clinic.clock.now = monday;
});

const here = { clinic: 'harbour' };
const person = {
  givenName: 'Jan',
  familyName: 'Nowy',
  birthDate: date('1990-01-01'),
  phone: null,
  email: 'jan@example.org',
  language: 'pl',
  consentSms: false,
  consentEmail: true,
};

const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>,
).map(([path, procedure]) => ({ path, type: procedure._def.type }));

function book(browser: Browser, startsAt: number, more: Record<string, unknown> = {}) {
  return browser.client.public.book.mutate({
    ...here,
    requestId: newId(),
    appointmentTypeId: single,
    doctorId: nowak,
    locationId: harbour,
    startsAt: instant(startsAt),
    patient: person,
    note: '',
    ...more,
  });
}

const tuesdayAtNine = Date.UTC(2026, 10, 24, 8);

describe('looking', () => {
  it('changes nothing: not one query of the public pages or the portal runs an act', async () => {
    const booked = await book(openBrowser(clinic.url), tuesdayAtNine);
    if (booked.kind !== 'booked') throw new Error('not booked');
    const browser = openBrowser(clinic.url);
    await browser.client.portal.requestCode.mutate({ ...here, email: person.email });
    const code = clinic.codes.at(-1)?.code ?? '';
    await browser.client.portal.verifyCode.mutate({ ...here, email: person.email, code });
    await browser.client.public.challenge.mutate({ ...here, requestId: newId() });
    const patientId = (await browser.client.portal.me.query(here))?.people[0]?.id;
    const range = { from: '2026-11-24', until: '2026-11-30', doctorId: null, locationId: null };
    const inputs: Record<string, object> = {
      'public.clinic': {},
      'public.doctor': { doctor: 'nowak' },
      'public.slots': { ...range, appointmentTypeId: single },
      'public.days': { ...range, appointmentTypeId: single },
      'public.nextAvailable': { appointmentTypeId: single, excludeDoctorId: null, limit: 3 },
      'public.held': {},
      'portal.me': {},
      'portal.visits': {},
      'portal.visit': { visitId: booked.visit.id },
      'portal.slots': { ...range, visitId: booked.visit.id },
      'portal.waitlist': {},
      'portal.profile': { patientId },
    };
    const queries = procedures.filter(
      ({ path, type }) => type === 'query' && /^(public|portal)\./.test(path),
    );
    // A new query needs a line above.
    expect(queries.map(({ path }) => path).sort()).toEqual(Object.keys(inputs).sort());
    const state = async () => {
      const tables = await clinic.database.adminPool.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
          AND relname <> 'migrations' ORDER BY relname`,
      );
      const contents: Record<string, unknown> = {};
      for (const { name } of tables.rows) {
        const { rows } = await clinic.database.adminPool.query(
          `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM ${name} t`,
        );
        contents[name] = rows[0]?.sum;
      }
      return contents;
    };
    const before = await state();
    for (const { path } of queries) {
      const input = encodeURIComponent(JSON.stringify({ ...here, ...inputs[path] }));
      const response = await browser.fetch(`/api/trpc/${path}?input=${input}`);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await state()).toEqual(before);
    // What does note something: that a session is still used, once a minute.
    clinic.clock.now = instant(monday + 2 * minuteMs);
    await browser.client.portal.me.query(here);
    const after = await state();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['portal_sessions']);
  });

  it('is all that a GET can do: no mutation answers one', async () => {
    const mutations = procedures.filter(({ type }) => type === 'mutation');
    expect(mutations.length).toBeGreaterThan(20);
    for (const { path } of mutations) {
      const input = encodeURIComponent(JSON.stringify(here));
      const response = await openBrowser(clinic.url).fetch(`/api/trpc/${path}?input=${input}`);
      expect(response.status, path).toBe(405);
    }
  });
});

function tooMuch(): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ more: 'x'.repeat(70_000) }),
  };
}

describe('another site', () => {
  const post = (
    headers: Record<string, string>,
    body = JSON.stringify({ ...here, email: 'a@example.org' }),
  ) =>
    fetch(`${clinic.url}/api/trpc/portal.requestCode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it('has its requests refused, whatever it sends along', async () => {
    const { host } = new URL(clinic.url);
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${host}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: clinic.url },
    ];
    for (const headers of foreign) {
      const response = await post(headers);
      expect(response.status, JSON.stringify(headers)).toBe(403);
      expect(await response.text()).toContain('request.foreign');
    }
    for (const headers of [{ origin: clinic.url }, { 'sec-fetch-site': 'same-origin' }, {}])
      expect((await post(headers as Record<string, string>)).status).toBe(200);
  });

  it('is refused by every mutation of the public pages and the portal', async () => {
    const mine = procedures.filter(
      ({ path, type }) => type === 'mutation' && /^(public|portal)\./.test(path),
    );
    for (const { path } of mine) {
      const response = await fetch(`${clinic.url}/api/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
        body: JSON.stringify(here),
      });
      expect(response.status, path).toBe(403);
      expect(await response.text()).toContain('request.foreign');
    }
  });

  it('cannot send a form, which a browser would let it', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await post({ 'content-type': type })).status, type).toBe(415);
    const beacon = await fetch(`${clinic.url}/api/trpc/portal.requestCode`, {
      method: 'POST',
      body: new Blob([JSON.stringify({ ...here, email: 'a@example.org' })]),
    });
    expect(beacon.status).toBe(415);
  });

  it('gets no permission to read what it asks for', async () => {
    const response = await fetch(`${clinic.url}/api/trpc/portal.requestCode`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a request', () => {
  it('of a visitor is 64 kB at most, also in a batch beside a desk’s', async () => {
    const body = JSON.stringify({ ...here, email: 'a@example.org', more: 'x'.repeat(70_000) });
    const batches = ['sync.push,public.book?batch=1', 'sync.push%2Cpublic.book?batch=1'];
    for (const path of ['portal.requestCode', 'public.book', 'auth.signIn', ...batches]) {
      const response = await fetch(`${clinic.url}/api/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: clinic.url },
        body,
      });
      // A batch answers 207 for its parts, each of which says so.
      expect([413, 207], path).toContain(response.status);
      expect(await response.text(), path).toContain('input.too-large');
    }
    const desk = await fetch(`${clinic.url}/api/trpc/sync.push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body,
    });
    expect(desk.status).toBe(401);
  });

  it('that is no JSON, or not what is asked for, is told so and harms nothing', async () => {
    for (const body of ['', '{', '[]', 'null', '{"clinic":5}', '{"__proto__":{"clinic":"harbour"}}']) {
      const response = await fetch(`${clinic.url}/api/trpc/public.hold`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: clinic.url },
        body,
      });
      expect(response.status, body).toBe(400);
      expect(await response.text()).toContain('input.invalid');
    }
  });

  /** Pages that are there, that are not, that break, and that refuse. */
  const answers: [what: string, path: string, init?: RequestInit][] = [
    ['the way in', '/'],
    ['a clinic', '/book/harbour'],
    ['a step of the wizard', '/book/harbour/nowak?type=consultation&day=2026-11-24'],
    ['a clinic that is not there', '/book/nobody'],
    ['a clinic that nobody could be called', '/book/%3Cscript%3E'],
    ['an address that is no text', '/book/%E0%A4%A'],
    ['the portal', '/my/harbour'],
    ['the portal of no clinic', '/my/nobody'],
    ['a file that is not there', '/book/assets/nothing.js'],
    ['a file outside', '/book/assets/..%2f..%2fpackage.json'],
    ['nothing', '/nothing'],
    ['a form sent to a page', '/book/harbour', { method: 'POST', body: 'a=b' }],
    ['the desk', '/desk/'],
    ['a file of the desk that is not there', '/desk/assets/nothing.js'],
    ['the inbox', '/dev/inbox'],
    ['the API, asked for nothing', '/api/trpc/'],
    ['the API, asked for what it has not', '/api/trpc/public.nothing'],
    ['the API, asked wrongly', '/api/trpc/public.clinic?input=%7B'],
    [
      'the API, sent a form',
      '/api/trpc/public.book',
      { method: 'POST', body: new URLSearchParams({ a: 'b' }) },
    ],
    ['the API, sent too much', '/api/trpc/public.book', tooMuch()],
  ];

  it.each(answers)('keeps the strict policy of content: %s', async (_, path, init) => {
    const response = await fetch(`${clinic.url}${path}`, { redirect: 'manual', ...init });
    const policy = (response.headers.get('content-security-policy') ?? '').split(/;\s*/);
    expect(policy).toContain("default-src 'none'");
    const scripts = policy.find((directive) => directive.startsWith('script-src ')) ?? '';
    expect(scripts.replace(/ 'nonce-[\w-]{16,}'/, '')).toBe("script-src 'self'");
    for (const directive of [
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "connect-src 'self'",
    ])
      expect(policy).toContain(directive);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-powered-by')).toBeNull();
    // No page repeats what was asked for.
    expect(await response.text()).not.toContain('<script>alert');
  });

  it('keeps it while the server is starting, too', async () => {
    const { createApp } = await import('../http/app');
    const app = createApp({
      trustedProxies: 0,
      services: () => null,
      databaseAnswers: async () => false,
      inbox: () => null,
    });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const response = await fetch(`http://127.0.0.1:${port}/book/harbour`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('limits', () => {
  const limited = async (work: () => Promise<unknown>, most: number) => {
    for (let i = 0; i <= most; i++) {
      const error = await work().then(
        () => null,
        (thrown: { data?: { medic?: { code: string; retryAfterSeconds?: number; message: string } } }) =>
          thrown,
      );
      if (error?.data?.medic?.code === 'rate.limited') return { after: i, ...error.data.medic };
    }
    return { after: null };
  };

  it('let three codes go to one address in ten minutes, known or not, and say when to come again', async () => {
    for (const email of ['somebody@example.org', 'Nobody@example.org']) {
      const found = await limited(
        () => openBrowser(tight.url).client.portal.requestCode.mutate({ ...here, email }),
        5,
      );
      expect(found).toMatchObject({ after: 3, message: 'Please wait 10 minutes. Nothing is lost' });
    }
    const response = await openBrowser(tight.url).fetch('/api/trpc/portal.requestCode', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...here, email: 'SOMEBODY@example.org' }),
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(500);
  });

  it('count tries at codes and links, and bookings for one person from however many browsers', async () => {
    expect(
      (
        await limited(
          () =>
            openBrowser(tight.url).client.portal.verifyCode.mutate({
              ...here,
              email: 'guess@example.org',
              code: '00000000',
            }),
          20,
        )
      ).after,
    ).toBe(15);
    expect(
      (await limited(() => openBrowser(tight.url).client.portal.openLink.mutate({ ...here, link: 'x' }), 320))
        .after,
    ).toBe(300);
    let hour = 0;
    const found = await limited(
      () => book(openBrowser(tight.url), tuesdayAtNine + hour++ * 15 * minuteMs),
      25,
    );
    expect(found.after).toBeGreaterThanOrEqual(10);
    expect(found.after).toBeLessThanOrEqual(20);
  });

  it('see one household behind the many addresses of IPv6', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    const household = networkOf('2001:db8:1:2:aaaa:bbbb:cccc:dddd');
    expect(networkOf('2001:db8:1:2::1')).toBe(household);
    expect(networkOf('2001:0db8:0001:0002:0:0:0:9')).toBe(household);
    expect(networkOf('2001:db8:1:3::1')).not.toBe(household);
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
    expect(networkOf('::1')).toBe('0:0:0:0');
  });
});

it('writes nobody’s name, address, code or link into the log', async () => {
  const written: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  }) as typeof process.stdout.write;
  try {
    const browser = openBrowser(clinic.url);
    const patient = {
      ...person,
      givenName: 'Bonifacy',
      email: 'bonifacy@example.org',
      phone: '+48601777888',
    };
    const answer = await book(browser, Date.UTC(2026, 10, 25, 8), { patient });
    if (answer.kind !== 'booked') throw new Error('not booked');
    await browser.client.portal.requestCode.mutate({ ...here, email: patient.email });
    const code = clinic.codes.at(-1)?.code ?? '';
    await codeOf(browser.client.portal.verifyCode.mutate({ ...here, email: patient.email, code: 'wrong' }));
    await browser.client.portal.verifyCode.mutate({ ...here, email: patient.email, code });
    await codeOf(browser.client.portal.openLink.mutate({ ...here, link: `${answer.manageLink}x` }));
    // Something of ours that breaks: the database goes while a code is asked for.
    await clinic.database.adminPool.query('ALTER TABLE portal_codes RENAME TO elsewhere');
    expect(await codeOf(browser.client.portal.requestCode.mutate({ ...here, email: patient.email }))).toBe(
      'internal',
    );
    await clinic.database.adminPool.query('ALTER TABLE elsewhere RENAME TO portal_codes');
    const log = written.join('');
    expect(log).toContain('a procedure failed');
    const token = answer.manageLink.split('.').at(-1) ?? 'none';
    for (const secret of ['Bonifacy', 'bonifacy', '601777888', code, token, ...browser.cookies.values()])
      expect(log).not.toContain(secret);
  } finally {
    process.stdout.write = write;
  }
});

it('marks cookies for TLS alone behind a proxy that speaks it, under a name that no neighbour can plant', async () => {
  const { createApp } = await import('../http/app');
  const app = createApp({
    trustedProxies: 1,
    services: () => clinic.core.services,
    databaseAnswers: async () => true,
    inbox: () => null,
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const browser = openBrowser(`http://127.0.0.1:${port}`, { 'x-forwarded-proto': 'https' });
  await browser.client.public.challenge.mutate({ ...here, requestId: newId() });
  expect(browser.setCookies[0]).toMatch(
    /^__Host-visitor=[\w-]{22}; Max-Age=86400; SameSite=Lax; Path=\/; HttpOnly; Secure$/,
  );
  expect((await browser.client.public.held.query(here)).hold).toBeNull();
  await new Promise((resolve) => server.close(resolve));
});

it('knows the code of a refusal over HTTP by its status', async () => {
  expect(await codeOf(openBrowser(clinic.url).client.portal.visits.query(here))).toBe('auth.required');
  expect(
    (
      await openBrowser(clinic.url).fetch(
        `/api/trpc/portal.visits?input=${encodeURIComponent(JSON.stringify(here))}`,
      )
    ).status,
  ).toBe(401);
});
