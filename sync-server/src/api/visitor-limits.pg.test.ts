/** What machines can't do often, what strangers can't find out, and that no door was forgotten. */
import { date } from '@medic/shared/testing/builders';
import { instant, minuteMs } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, codeOf, openBrowser } from '../testing/browser';
import {
  anna,
  harbour,
  monday,
  newId,
  nowak,
  openTestClinic,
  single,
  type TestClinic,
} from '../testing/test-clinic';
import { appRouter } from './router';

let clinic: TestClinic;
/** With the limits of a real server. */
let tight: TestClinic;
/** Where nothing at all is allowed. */
let shut: TestClinic;

beforeAll(async () => {
  clinic = await openTestClinic();
  tight = await openTestClinic({ limitFactor: 1 });
  shut = await openTestClinic({ limitFactor: 0.000_1 });
});
afterAll(async () => {
  await clinic.close();
  await tight.close();
  await shut.close();
});
beforeEach(() => {
  clinic.clock.now = monday;
  tight.clock.now = monday;
});

const here = { clinic: 'harbour' };
const tuesdayAtNine = Date.UTC(2026, 10, 24, 8);
let quarters = 0;

function person(email: string) {
  return {
    givenName: 'Jan',
    familyName: 'Nowy',
    birthDate: date('1990-01-01'),
    phone: null,
    email,
    language: 'pl',
    consentSms: false,
    consentEmail: true,
  };
}

function bookingOf(email: string, more: Record<string, unknown> = {}) {
  return {
    ...here,
    requestId: newId(),
    appointmentTypeId: single,
    doctorId: nowak,
    locationId: harbour,
    startsAt: instant(tuesdayAtNine + 45 * minuteMs * quarters++),
    patient: person(email),
    note: '',
    ...more,
  };
}

/** A visit of somebody new, and a browser that is signed in as they. */
async function signedIn(
  of: TestClinic,
  email: string,
): Promise<Browser & { patientId: string; visitId: string }> {
  const booked = await openBrowser(of.url).client.public.book.mutate(bookingOf(email));
  if (booked.kind !== 'booked') throw new Error(JSON.stringify(booked));
  const browser = await withCode(of, email);
  const patientId = (await browser.client.portal.me.query(here))?.people[0]?.id ?? '';
  return { ...browser, patientId, visitId: booked.visit.id };
}

async function withCode(of: TestClinic, email: string): Promise<Browser> {
  const browser = openBrowser(of.url);
  await browser.client.portal.requestCode.mutate({ ...here, email });
  const code = of.codes.at(-1)?.code ?? '';
  await browser.client.portal.verifyCode.mutate({ ...here, email, code });
  return browser;
}

/** How many went through before one was limited. */
async function passing(work: (n: number) => Promise<unknown>, most: number): Promise<number> {
  for (let n = 0; n < most; n++) if ((await codeOf(work(n))) === 'rate.limited') return n;
  return most;
}

describe('limits over HTTP', () => {
  it('let a patient do 60 things a minute in the portal, whatever comes of them', async () => {
    const browser = await signedIn(tight, 'busy@example.org');
    const passed = await passing(
      () => browser.client.portal.confirm.mutate({ ...here, requestId: newId(), visitId: browser.visitId }),
      80,
    );
    expect(passed).toBe(60);
    // Looking goes on.
    expect(await codeOf(browser.client.portal.me.query(here))).toBeUndefined();
  });

  it('give one person’s data out five times an hour, and let a birth date be tried ten times a day', async () => {
    const own = await openTestClinic({ limitFactor: 1 });
    try {
      const email = 'export@example.org';
      const first = await signedIn(own, email);
      const { patientId } = first;
      await first.client.portal.proveBirthDate.mutate({ ...here, patientId, birthDate: date('1990-01-01') });
      const exports = await passing(() => first.client.portal.exportData.mutate({ ...here, patientId }), 10);
      expect(exports).toBe(5);
      // A session has five tries; a new session does not make them more than ten a day. One is spent already.
      const second = await withCode(own, email);
      const third = await withCode(own, email);
      let tried = 0;
      for (const browser of [second, third]) {
        tried += await passing(
          () =>
            browser.client.portal.proveBirthDate.mutate({
              ...here,
              patientId,
              birthDate: date('1950-01-01'),
            }),
          5,
        );
      }
      expect(tried).toBe(9);
    } finally {
      await own.close();
    }
  });

  it('let an address hold 60 times a minute', async () => {
    const browser = openBrowser(tight.url);
    const passed = await passing(
      () =>
        browser.client.public.hold.mutate({
          ...here,
          requestId: newId(),
          appointmentTypeId: single,
          doctorId: nowak,
          locationId: harbour,
          startsAt: instant(tuesdayAtNine),
          proof: { challenge: '', nonces: [] },
        }),
      80,
    );
    expect(passed).toBe(60);
  });
});

const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: { type: 'query' | 'mutation' } }>,
)
  .map(([path, procedure]) => ({ path, type: procedure._def.type }))
  .filter(({ path }) => /^(public|portal)\./.test(path));

const range = { from: '2026-11-24', until: '2026-11-30', doctorId: null, locationId: null };
const requestId = '00000000-0000-7000-8000-00000000aaaa';
const wishes = {
  appointmentTypeId: single,
  doctorIds: [],
  locationIds: [],
  weekdays: [],
  partsOfDay: [],
  earliestOn: null,
  latestOn: null,
  urgency: 'soon',
  note: '',
};
const slot = {
  requestId,
  appointmentTypeId: single,
  doctorId: nowak,
  locationId: harbour,
  startsAt: tuesdayAtNine,
};

/** Well formed, so that nothing is refused for its shape. */
const inputs: Record<string, object> = {
  'public.clinic': {},
  'public.doctor': { doctor: 'nowak' },
  'public.slots': { ...range, appointmentTypeId: single },
  'public.days': { ...range, appointmentTypeId: single },
  'public.nextAvailable': { appointmentTypeId: single, excludeDoctorId: null, limit: 3 },
  'public.held': {},
  'public.challenge': { requestId },
  'public.hold': { ...slot, proof: { challenge: '', nonces: [] } },
  'public.extend': { requestId, holdId: requestId },
  'public.release': { requestId, holdId: requestId },
  'public.book': { ...slot, patient: person('a@example.org'), note: '' },
  'public.joinWaitlist': { requestId, wishes, patient: person('a@example.org') },
  'portal.requestCode': { email: 'a@example.org' },
  'portal.verifyCode': { email: 'a@example.org', code: '00000000' },
  'portal.openLink': { link: 'x' },
  'portal.signOut': {},
  'portal.offer': { offer: 'x' },
  'portal.acceptOffer': { requestId, offer: 'x' },
  'portal.declineOffer': { requestId, offer: 'x' },
  'portal.me': {},
  'portal.visits': {},
  'portal.visit': { visitId: requestId },
  'portal.slots': { ...range, visitId: requestId },
  'portal.waitlist': {},
  'portal.profile': { patientId: anna },
  'portal.reschedule': { ...slot, visitId: requestId },
  'portal.cancel': { requestId, visitId: requestId, reason: '' },
  'portal.confirm': { requestId, visitId: requestId },
  'portal.accept': { requestId, visitId: requestId },
  'portal.decline': { requestId, visitId: requestId, reason: '' },
  'portal.proveBirthDate': { patientId: anna, birthDate: '1990-01-01' },
  'portal.joinWaitlist': { requestId, patientId: anna, wishes },
  'portal.leaveWaitlist': { requestId, entryId: requestId },
  'portal.takeOffer': { requestId, entryId: requestId, offerId: requestId },
  'portal.refuseOffer': { requestId, entryId: requestId, offerId: requestId },
  'portal.proposeChanges': { requestId, patientId: anna, changes: {} },
  'portal.setConsent': { requestId, patientId: anna, consentSms: true, consentEmail: true },
  'portal.exportData': { patientId: anna },
};

async function call(
  url: string,
  path: string,
  init: { headers?: Record<string, string>; more?: object } = {},
) {
  const type = procedures.find((procedure) => procedure.path === path)?.type;
  const input = JSON.stringify({ ...here, ...inputs[path], ...init.more });
  const response =
    type === 'query'
      ? await fetch(`${url}/api/trpc/${path}?input=${encodeURIComponent(input)}`)
      : await fetch(`${url}/api/trpc/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: url, ...init.headers },
          body: input,
        });
  return { status: response.status, text: await response.text() };
}

describe('every door of the public pages and the portal', () => {
  const mutations = procedures.filter(({ type }) => type === 'mutation');

  it('is known here', () => {
    // A new procedure needs a line above.
    expect(procedures.map(({ path }) => path).sort()).toEqual(Object.keys(inputs).sort());
  });

  it.each(procedures)('has a limit: $path', async ({ path }) => {
    const answer = await call(shut.url, path);
    expect(answer.text).toContain('rate.limited');
    expect(answer.status).toBe(429);
  });

  it.each(mutations)('is shut to another site: $path', async ({ path }) => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: clinic.url.replace('127.0.0.1', 'localhost') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const answer = await call(clinic.url, path, { headers });
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(answer.text).toContain('request.foreign');
    }
  });

  it.each(mutations)('takes no form, which a page of another site could send: $path', async ({ path }) => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ])
      expect((await call(clinic.url, path, { headers: { 'content-type': type } })).status, type).toBe(415);
  });

  it.each(mutations)('takes 64 kB at most: $path', async ({ path }) => {
    const answer = await call(clinic.url, path, { more: { padding: 'x'.repeat(70_000) } });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('input.too-large');
  });
});

describe('who is a patient', () => {
  /** The statements that a request runs, by name; of a transaction that is several sent in one text, the text. */
  async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    const ran: string[] = [];
    const { appPool } = clinic.database;
    type Client = { query: (...args: never[]) => unknown };
    const heard: { client: Client; query: Client['query'] }[] = [];
    const listen = (client: Client): void => {
      if (heard.some((one) => one.client === client)) return;
      const query = client.query;
      heard.push({ client, query });
      client.query = (...args) => {
        const [asked] = args as unknown as [string | { name?: string; text?: string }];
        const text = typeof asked === 'string' ? asked : (asked.name ?? asked.text ?? '');
        ran.push(text.replaceAll(/_[0-9a-f]{16}$/g, '').replaceAll(/'[0-9a-f-]{36}'/g, "'id'"));
        return query.apply(client, args);
      };
    };
    appPool.on('acquire', listen as never);
    try {
      await work();
    } finally {
      appPool.off('acquire', listen as never);
      for (const { client, query } of heard) client.query = query;
    }
    // Told after commit, of something else that was done before.
    return ran.filter((each) => !each.includes('pg_notify'));
  }

  const known = 'known@example.org';
  beforeAll(async () => {
    clinic.clock.now = monday;
    const answer = await openBrowser(clinic.url).client.public.book.mutate(bookingOf(known));
    expect(answer.kind).toBe('booked');
  });

  it('shows neither in the answer to a request for a code nor in the work it makes', async () => {
    const ask = async (email: string) => {
      let answer: unknown;
      const statements = await statementsOf(async () => {
        answer = await openBrowser(clinic.url).client.portal.requestCode.mutate({ ...here, email });
      });
      return { answer, statements };
    };
    await ask('warm-up@example.org');
    const [ofPatient, ofStranger] = [await ask(known), await ask('stranger@example.org')];
    expect(ofPatient).toEqual(ofStranger);
    expect(ofPatient.statements.length).toBeGreaterThan(3);
  });

  it('shows neither in a wrong code nor in the work that it makes', async () => {
    const attempt = async (email: string) => {
      await openBrowser(clinic.url).client.portal.requestCode.mutate({ ...here, email });
      let code: string | undefined;
      const statements = await statementsOf(async () => {
        code = await codeOf(
          openBrowser(clinic.url).client.portal.verifyCode.mutate({ ...here, email, code: '00000000' }),
        );
      });
      return { code, statements };
    };
    const [ofPatient, ofStranger] = [await attempt(known), await attempt('stranger@example.org')];
    expect(ofPatient).toEqual(ofStranger);
    expect(ofPatient.code).toBe('auth.code');
    expect(ofPatient.statements.length).toBeGreaterThan(3);
  });

  it('shows neither in the answer to a booking nor in what is looked up for it', async () => {
    const book = async (patient: ReturnType<typeof person>) => {
      let answer: object = {};
      const statements = await statementsOf(async () => {
        answer = await openBrowser(clinic.url).client.public.book.mutate(bookingOf('', { patient }));
      });
      return { shape: shapeOf(answer), statements };
    };
    await book(person('warm-up@example.org'));
    const ofStranger = await book(person('one-more@example.org'));
    const ofPatient = await book(person(known));
    expect(ofPatient.shape).toEqual(ofStranger.shape);
    // What is looked up is the same; what is written differs by the record itself, made for the one and only stamped for
    // the other.
    const lookedUp = (statements: readonly string[]) =>
      statements.filter((each) => !/^(put|touch)/.test(each));
    expect(lookedUp(ofPatient.statements)).toEqual(lookedUp(ofStranger.statements));
    expect(lookedUp(ofPatient.statements).length).toBeGreaterThan(5);
    const [more, less] = [ofStranger.statements.length, ofPatient.statements.length];
    expect(Math.abs(more - less)).toBeLessThanOrEqual(1);
  });

  it('shows in no place on the waitlist', async () => {
    const join = async (email: string) =>
      await openBrowser(clinic.url).client.public.joinWaitlist.mutate({
        ...here,
        requestId: newId(),
        wishes: { ...wishes, urgency: 'soon', partsOfDay: [] },
        patient: person(email),
      });
    // Twice, since a second entry of one person is nothing special either.
    for (const email of [known, known, 'stranger@example.org'])
      expect(await join(email)).toEqual({ kind: 'joined' });
  });
});

/** Which fields there are and of what kind, whatever they hold. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
}
