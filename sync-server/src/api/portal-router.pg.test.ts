import type { Actor } from '@medic/shared/acts/act';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import { at, date } from '@medic/shared/testing/builders';
import { dayMs, hourMs, type Instant, instant, minuteMs } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, codeOf, openBrowser } from '../testing/browser';
import {
  anna,
  arrangeClinic,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  reception,
  single,
  type TestClinic,
} from '../testing/test-clinic';

let clinic: TestClinic;
/** Two who share a mailbox. */
const father = newId();
const child = newId();
const mailbox = 'family@example.org';
const fathersBirth = date('1979-02-03');
const childsBirth = date('2015-06-07');

beforeAll(async () => {
  clinic = await openTestClinic();
  await arrangeClinic(clinic.database.adminPool, { slug: 'other', number: 2 });
  await patient(father, 'Piotr', fathersBirth, mailbox);
  await patient(child, 'Zosia', childsBirth, mailbox);
});
afterAll(() => clinic.close());
beforeEach(() => {
  clinic.clock.now = monday;
});

const staff: Actor = {
  kind: 'staff',
  id: reception,
  name: 'Ewa Front',
  roles: ['reception'],
  rights: [],
  doctorId: null,
};

async function must<N extends ActName>(act: N, args: ActArgs<N>): Promise<void> {
  const intent = await clinic.core.services.executor.execute({
    clinicId: clinic.clinicId,
    actor: staff,
    act,
    actVersion: acts[act].version,
    args,
    requestId: newId(),
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
  expect(intent.status, `${act} ${JSON.stringify(intent.outcome)}`).toBe('done');
}

async function patient(patientId: string, givenName: string, birthDate: typeof fathersBirth, email: string) {
  await must('patient.create', {
    patientId,
    givenName,
    familyName: 'Wspólny',
    birthDate,
    phone: null,
    email,
    language: 'pl',
    consentSms: false,
    consentEmail: true,
    notes: 'likes to be rung in the evening',
    overrides: ['duplicate'],
  });
}

async function visit(patientId: string, startsAt: Instant, more: Partial<ActArgs<'appointment.book'>> = {}) {
  const appointmentId = newId();
  await must('appointment.book', {
    appointmentId,
    patientId,
    doctorId: nowak,
    locationId: harbour,
    appointmentTypeId: single,
    startsAt,
    notes: 'a note among staff',
    ...more,
  });
  return appointmentId;
}

const here = { clinic: 'harbour' };
const open = () => openBrowser(clinic.url);
const asking = () => ({ clinic: 'harbour', requestId: newId() });

async function codeFor(email: string): Promise<string> {
  const before = clinic.codes.length;
  await open().client.portal.requestCode.mutate({ ...here, email });
  const message = clinic.codes[before];
  if (!message) throw new Error('no code went out');
  return message.code;
}

async function byCode(email = mailbox): Promise<Browser> {
  const browser = open();
  await browser.client.portal.verifyCode.mutate({ ...here, email, code: await codeFor(email) });
  return browser;
}

function linkTo(visitId: string, version = 0): string {
  return clinic.core.services.links.visitToken(clinic.clinicId, visitId, version);
}

async function byLink(visitId: string): Promise<Browser> {
  const browser = open();
  await browser.client.portal.openLink.mutate({ ...here, link: linkTo(visitId) });
  return browser;
}

async function me(browser: Browser, slug = 'harbour') {
  const found = await browser.client.portal.me.query({ clinic: slug });
  if (!found) throw new Error('nobody');
  return found;
}

describe('a one-time code', () => {
  it('lets in whoever has the address, in whatever spelling', async () => {
    const code = await codeFor(mailbox);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    const browser = open();
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    expect(
      await browser.client.portal.verifyCode.mutate({ ...here, email: 'Family@Example.org', code: typed }),
    ).toEqual({ signedIn: true });
    expect(browser.setCookies[0]).toMatch(
      /^portal-harbour=[\w.-]+; Max-Age=43200; SameSite=Strict; Path=\/; HttpOnly$/,
    );
    expect(await me(browser)).toMatchObject({
      kind: 'patient',
      people: [
        { id: father, firstName: 'Piotr', proven: false },
        { id: child, firstName: 'Zosia', proven: false },
      ],
    });
  });

  it('is good once, for ten minutes, for its address and its clinic', async () => {
    const code = await codeFor(mailbox);
    const verify = (email: string, slug = 'harbour') =>
      codeOf(open().client.portal.verifyCode.mutate({ clinic: slug, email, code }));
    expect(await verify('somebody@example.org')).toBe('auth.code');
    expect(await verify(mailbox, 'other')).toBe('auth.code');
    expect(await verify(mailbox)).toBeUndefined();
    expect(await verify(mailbox)).toBe('auth.code');
    const late = await codeFor(mailbox);
    clinic.clock.now = instant(monday + 10 * minuteMs);
    expect(
      await codeOf(open().client.portal.verifyCode.mutate({ ...here, email: mailbox, code: late })),
    ).toBe('auth.code');
  });

  it('ends after five wrong tries, also when they come at once', async () => {
    const code = await codeFor(mailbox);
    const verify = (typed: string) =>
      codeOf(open().client.portal.verifyCode.mutate({ ...here, email: mailbox, code: typed }));
    await Promise.all(Array.from({ length: 5 }, () => verify('00000000')));
    expect(await verify(code)).toBe('auth.code');
  });

  it('lets one in of many who come with it at once', async () => {
    const code = await codeFor(mailbox);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        codeOf(open().client.portal.verifyCode.mutate({ ...here, email: mailbox, code })),
      ),
    );
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  });

  it('is asked for with the same answer and the same statements whether anybody has the address or not', async () => {
    const statements = await recording();
    const ask = async (email: string) => {
      const from = statements.texts.length;
      const answer = await open().client.portal.requestCode.mutate({ ...here, email });
      return { answer, texts: statements.texts.slice(from) };
    };
    // Each connection prepares a statement once; what counts is what is asked.
    const known = await ask(mailbox);
    const sent = clinic.codes.length;
    const unknown = await ask('nobody@example.org');
    statements.stop();
    expect(known.texts.length).toBeGreaterThan(3);
    expect(unknown).toEqual(known);
    expect(clinic.codes.length).toBe(sent);
    const wrong = async (email: string) =>
      await open()
        .client.portal.verifyCode.mutate({ ...here, email, code: '00000000' })
        .catch((error: Error) => error.message);
    expect(await wrong('nobody@example.org')).toBe(await wrong(mailbox));
  });

  it('is kept as a hash, and so is the address', async () => {
    const code = await codeFor(mailbox);
    const browser = open();
    const { rows: codes } = await clinic.database.adminPool.query('SELECT * FROM portal_codes');
    expect(JSON.stringify(codes)).not.toContain(code);
    await browser.client.portal.verifyCode.mutate({ ...here, email: mailbox, code });
    const { rows: sessions } = await clinic.database.adminPool.query('SELECT * FROM portal_sessions');
    expect(JSON.stringify([codes, sessions])).not.toContain(mailbox);
    expect(JSON.stringify(sessions)).not.toContain(browser.cookies.get('portal-harbour'));
  });
});

describe('a manage link', () => {
  it('shows its visit and nothing else', async () => {
    const mine = await visit(father, at('2026-11-24 09:00'));
    const other = await visit(father, at('2026-11-24 10:00'));
    const browser = await byLink(mine);
    // Not even a name or an id: a visitor who booked holds a link as well, and would see whether the record was there before.
    const seen = [
      await me(browser),
      await browser.client.portal.visits.query(here),
      await browser.client.portal.visit.query({ ...here, visitId: mine }),
    ];
    expect(seen[0]).toMatchObject({ kind: 'visit', visitId: mine });
    for (const known of ['Piotr', 'Wspólny', mailbox, father])
      expect(JSON.stringify(seen)).not.toContain(known);
    expect(await browser.client.portal.visit.query({ ...here, visitId: mine })).toMatchObject({ id: mine });
    expect((await browser.client.portal.visits.query(here)).upcoming.map(({ id }) => id)).toEqual([mine]);
    const denied = [
      () => browser.client.portal.visit.query({ ...here, visitId: other }),
      () => browser.client.portal.cancel.mutate({ ...asking(), visitId: other, reason: '' }),
      () => browser.client.portal.confirm.mutate({ ...asking(), visitId: other }),
    ];
    for (const call of denied) expect(await codeOf(call())).toBe('record.unknown');
    const notForLinks = [
      () => browser.client.portal.waitlist.query(here),
      () => browser.client.portal.profile.query({ ...here, patientId: father }),
      () => browser.client.portal.exportData.mutate({ ...here, patientId: father }),
      () =>
        browser.client.portal.proveBirthDate.mutate({ ...here, patientId: father, birthDate: fathersBirth }),
      () =>
        browser.client.portal.setConsent.mutate({
          ...asking(),
          patientId: father,
          consentSms: true,
          consentEmail: true,
        }),
    ];
    for (const call of notForLinks) expect(await codeOf(call())).toBe('auth.forbidden');
  });

  it('leaves a session by code as it is, where that shows the visit already', async () => {
    const mine = await visit(father, at('2026-11-24 10:30'));
    const browser = await byCode();
    const before = await me(browser);
    const link = { ...here, link: linkTo(mine, 0) };
    expect((await browser.client.portal.openLink.mutate(link)).visitId).toBe(mine);
    expect(await me(browser)).toMatchObject({ kind: 'patient', people: before.people });
    expect((await browser.client.portal.visit.query({ ...here, visitId: mine })).id).toBe(mine);
    // It is looked at all the same: a link that is void opens nothing.
    await must('appointment.revoke-link', { appointmentId: mine });
    expect(await codeOf(browser.client.portal.openLink.mutate(link))).toBe('auth.link');
    expect(await me(browser)).toMatchObject({ kind: 'patient' });
  });

  it('to somebody else’s visit takes the place of a session that does not show it', async () => {
    const stranger = newId();
    await patient(stranger, 'Obcy', date('1991-02-03'), 'stranger@example.org');
    const theirs = await visit(stranger, at('2026-11-24 13:30'));
    const browser = await byCode();
    await browser.client.portal.openLink.mutate({ ...here, link: linkTo(theirs, 0) });
    expect(await me(browser)).toMatchObject({ kind: 'visit', visitId: theirs, people: [] });
  });

  it('ends with its version, and so does its session', async () => {
    const mine = await visit(father, at('2026-11-24 11:00'));
    const browser = await byLink(mine);
    await must('appointment.revoke-link', { appointmentId: mine });
    expect(await codeOf(me(browser))).toBe('auth.revoked');
    expect(await codeOf(byLink(mine))).toBe('auth.link');
    const again = open();
    await again.client.portal.openLink.mutate({ ...here, link: linkTo(mine, 1) });
    expect((await me(again)).visitId).toBe(mine);
  });

  it('is refused when it was made up, was for another clinic, or its visit is not there', async () => {
    const mine = await visit(father, at('2026-11-24 12:00'));
    const { links } = clinic.core.services;
    const link = linkTo(mine);
    const wrong = [
      '',
      'x',
      link.slice(0, -1),
      link.replace('.0.', '.1.'),
      linkTo(newId()),
      linkTo(mine, 1),
      links.visitToken(newId(), mine, 0),
      links.offerToken(clinic.clinicId, mine, mine),
    ];
    for (const one of wrong)
      expect(await codeOf(open().client.portal.openLink.mutate({ ...here, link: one }))).toBe('auth.link');
    expect(await codeOf(open().client.portal.openLink.mutate({ clinic: 'other', link }))).toBe('auth.link');
  });
});

describe('a session', () => {
  it('is asked for by everything that shows or changes something', async () => {
    const visitId = await visit(father, at('2026-11-25 09:00'));
    const browser = open();
    browser.cookies.set('portal-harbour', `${clinic.clinicId}.made-up`);
    for (const { client } of [open(), browser]) {
      expect(await client.portal.me.query(here)).toBeNull();
      const calls = [
        () => client.portal.visits.query(here),
        () => client.portal.visit.query({ ...here, visitId }),
        () => client.portal.cancel.mutate({ ...asking(), visitId, reason: '' }),
        () => client.portal.exportData.mutate({ ...here, patientId: father }),
      ];
      for (const call of calls) expect(await codeOf(call())).toBe('auth.required');
    }
    expect(await clinic.count('appointments', `id = '${visitId}' AND status = 'booked'`)).toBe(1);
  });

  it('ends after half an hour without use, and after twelve hours whatever is done', async () => {
    const browser = await byCode();
    for (let minutes = 25; minutes < 12 * 60; minutes += 25) {
      clinic.clock.now = instant(monday + minutes * minuteMs);
      await me(browser);
    }
    clinic.clock.now = instant(monday + 12 * hourMs);
    expect(await codeOf(me(browser))).toBe('auth.expired');
    clinic.clock.now = monday;
    const idle = await byCode();
    clinic.clock.now = instant(monday + 30 * minuteMs);
    expect(await codeOf(me(idle))).toBe('auth.expired');
  });

  it('is ended by signing out, at the server too, and by another sign-in of the same browser', async () => {
    const browser = await byCode();
    const token = browser.cookies.get('portal-harbour') ?? '';
    await browser.client.portal.signOut.mutate(here);
    expect(browser.cookies.has('portal-harbour')).toBe(false);
    browser.cookies.set('portal-harbour', token);
    expect(await codeOf(me(browser))).toBe('auth.revoked');
    expect(await open().client.portal.signOut.mutate(here)).toEqual({});
    const twice = await byCode();
    const first = twice.cookies.get('portal-harbour') ?? '';
    await twice.client.portal.verifyCode.mutate({ ...here, email: mailbox, code: await codeFor(mailbox) });
    twice.cookies.set('portal-harbour', first);
    expect(await codeOf(me(twice))).toBe('auth.revoked');
  });

  it('of one clinic is none at another', async () => {
    const browser = await byCode();
    expect(await browser.client.portal.me.query({ clinic: 'other' })).toBeNull();
    browser.cookies.set('portal-other', browser.cookies.get('portal-harbour') ?? '');
    expect(await browser.client.portal.me.query({ clinic: 'other' })).toBeNull();
  });

  it('shows nobody whose address is corrected meanwhile', async () => {
    const mistyped = newId();
    await patient(mistyped, 'Adam', date('1990-01-01'), 'mistyped@example.org');
    const browser = await byCode('mistyped@example.org');
    expect((await me(browser)).people).toHaveLength(1);
    await must('patient.edit', {
      patientId: mistyped,
      base: { email: 'mistyped@example.org' },
      changes: { email: 'adam@example.org' },
    });
    expect(await codeOf(me(browser))).toBe('auth.revoked');
  });
});

describe('visits', () => {
  it('to come are shown by first name; past ones when the birth date of that person is given', async () => {
    const ahead = await visit(child, at('2026-11-26 09:00'), { doctorId: okafor });
    const his = await visit(father, at('2026-11-23 10:00'), { doctorId: okafor });
    const hers = await visit(child, at('2026-11-23 11:00'), { doctorId: okafor });
    clinic.clock.now = at('2026-11-24 08:00');
    const browser = await byCode();
    const { portal } = browser.client;
    const before = await portal.visits.query(here);
    expect(before.upcoming.find(({ id }) => id === ahead)).toMatchObject({
      firstName: 'Zosia',
      doctorName: 'Dr Ade Okafor',
      may: { move: true, cancel: true, confirm: true, accept: false },
    });
    expect(before.past).toEqual([]);
    expect(before.pastHidden).toBe(true);
    expect(await codeOf(portal.visit.query({ ...here, visitId: hers }))).toBe('auth.forbidden');
    expect(await portal.proveBirthDate.mutate({ ...here, patientId: child, birthDate: childsBirth })).toEqual(
      { kind: 'proven' },
    );
    const after = await portal.visits.query(here);
    const past = after.past.map(({ id }) => id);
    expect(past).toContain(hers);
    expect(past).not.toContain(his);
    expect(after.pastHidden).toBe(true);
    expect(await codeOf(portal.visit.query({ ...here, visitId: his }))).toBe('auth.forbidden');
    expect((await portal.visit.query({ ...here, visitId: hers })).id).toBe(hers);
    expect((await me(browser)).provesLeft).toBe(5);
  });

  it('keep their past after five wrong birth dates, also against the right one', async () => {
    const browser = await byCode();
    const prove = (birthDate: typeof fathersBirth) =>
      browser.client.portal.proveBirthDate.mutate({ ...here, patientId: father, birthDate });
    const wrong = await Promise.all(Array.from({ length: 7 }, (_, i) => prove(date(`1960-01-0${i + 1}`))));
    expect(wrong.map((answer) => (answer.kind === 'wrong' ? answer.triesLeft : -1)).sort()).toEqual([
      0, 0, 0, 1, 2, 3, 4,
    ]);
    expect(await prove(fathersBirth)).toEqual({ kind: 'wrong', triesLeft: 0 });
    expect(await codeOf(browser.client.portal.exportData.mutate({ ...here, patientId: father }))).toBe(
      'auth.forbidden',
    );
  });

  it('of others are as unknown as those that do not exist', async () => {
    const annas = await visit(anna, at('2026-11-26 10:00'));
    const { portal } = (await byCode()).client;
    for (const visitId of [annas, newId()]) {
      expect(await codeOf(portal.visit.query({ ...here, visitId }))).toBe('record.unknown');
      expect(await codeOf(portal.cancel.mutate({ ...asking(), visitId, reason: '' }))).toBe('record.unknown');
    }
    expect(await codeOf(portal.profile.query({ ...here, patientId: anna }))).toBe('record.unknown');
    expect(
      await codeOf(portal.proveBirthDate.mutate({ ...here, patientId: anna, birthDate: date('1980-05-17') })),
    ).toBe('record.unknown');
    expect(await clinic.count('appointments', `id = '${annas}' AND status = 'booked'`)).toBe(1);
  });

  it('are moved, confirmed and cancelled, and tell their story', async () => {
    const visitId = await visit(father, at('2026-11-30 09:00'));
    const { portal } = (await byLink(visitId)).client;
    const { slots } = await portal.slots.query({
      ...here,
      visitId,
      doctorId: null,
      locationId: null,
      from: date('2026-11-30'),
      until: date('2026-12-01'),
    });
    // Its own time counts as free.
    expect(slots.some((slot) => slot.doctorId === nowak && slot.startsAt === at('2026-11-30 09:00'))).toBe(
      true,
    );
    clinic.clock.now = instant(monday + minuteMs);
    expect(await portal.confirm.mutate({ ...asking(), visitId })).toMatchObject({
      kind: 'confirmed',
      visit: { confirmedAt: clinic.clock.now, may: { confirm: false } },
    });
    clinic.clock.now = instant(monday + 2 * minuteMs);
    const move = {
      ...asking(),
      visitId,
      doctorId: okafor,
      locationId: harbour,
      startsAt: at('2026-11-30 09:15'),
    };
    const moved = await portal.reschedule.mutate(move);
    expect(moved).toMatchObject({
      kind: 'moved',
      visit: {
        startsAt: at('2026-11-30 09:15'),
        doctorName: 'Dr Ade Okafor',
        confirmedAt: null,
        sequence: 1,
      },
    });
    expect(await portal.reschedule.mutate(move)).toEqual(moved);
    clinic.clock.now = instant(monday + 3 * minuteMs);
    const cancelled = await portal.cancel.mutate({ ...asking(), visitId, reason: 'on a journey' });
    expect(cancelled).toMatchObject({
      kind: 'cancelled',
      visit: { status: 'cancelled', may: { cancel: false } },
    });
    const { timeline } = await portal.visit.query({ ...here, visitId });
    expect(timeline).toMatchObject([
      { what: 'cancelled', by: 'you', reason: 'on a journey', from: null, to: null },
      {
        what: 'moved',
        by: 'you',
        from: { startsAt: at('2026-11-30 09:00'), doctorName: 'Dr Maja Nowak' },
        to: { startsAt: at('2026-11-30 09:15'), doctorName: 'Dr Ade Okafor' },
      },
      { what: 'confirmed', by: 'you' },
      { what: 'booked', by: 'clinic' },
    ]);
    expect(JSON.stringify(timeline)).not.toContain('a note among staff');
    expect(await portal.confirm.mutate({ ...asking(), visitId })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'status' }],
    });
  });

  it('can no longer be changed within the window, and say whom to call', async () => {
    const visitId = await visit(father, at('2026-12-01 09:00'));
    const { portal } = (await byLink(visitId)).client;
    const shown = await portal.visit.query({ ...here, visitId });
    clinic.clock.now = instant(shown.changeUntil + 1);
    const again = (await byLink(visitId)).client.portal;
    const late = await again.visit.query({ ...here, visitId });
    expect(late.may).toMatchObject({ move: false, cancel: false, confirm: true });
    expect(await again.cancel.mutate({ ...asking(), visitId, reason: '' })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'window' }],
    });
    clinic.clock.now = shown.changeUntil;
    const inTime = (await byLink(visitId)).client.portal;
    expect((await inTime.visit.query({ ...here, visitId })).may.cancel).toBe(true);
    expect((await inTime.cancel.mutate({ ...asking(), visitId, reason: '' })).kind).toBe('cancelled');
  });

  it('that the clinic suggested are accepted, and are lost to who was faster', async () => {
    const [first, second] = [newId(), newId()];
    for (const [appointmentId, patientId] of [
      [first, father],
      [second, child],
    ] as const) {
      await must('appointment.propose', {
        appointmentId,
        patientId,
        doctorId: nowak,
        locationId: harbour,
        appointmentTypeId: single,
        startsAt: at('2026-12-02 09:00'),
        notes: '',
      });
    }
    const { portal } = (await byCode()).client;
    expect((await portal.visit.query({ ...here, visitId: first })).may.accept).toBe(true);
    const answers = await Promise.all(
      [first, second].map((visitId) => portal.accept.mutate({ ...asking(), visitId })),
    );
    expect(answers.map((answer) => answer.kind).sort()).toEqual(['accepted', 'refused']);
    const lost = answers.find((answer) => answer.kind === 'refused');
    expect(lost?.kind === 'refused' && lost.alternatives.length).toBe(3);
  });

  it('that the clinic suggested are declined, and leave the list of what is ahead', async () => {
    const visitId = newId();
    await must('appointment.propose', {
      appointmentId: visitId,
      patientId: father,
      doctorId: nowak,
      locationId: harbour,
      appointmentTypeId: single,
      startsAt: at('2026-12-02 15:00'),
      notes: '',
    });
    const { portal } = (await byLink(visitId)).client;
    expect(await portal.decline.mutate({ ...asking(), visitId })).toMatchObject({
      kind: 'declined',
      visit: { status: 'cancelled' },
    });
    expect((await portal.visit.query({ ...here, visitId })).timeline[0]).toMatchObject({ what: 'declined' });
    const booked = await visit(father, at('2026-12-02 14:30'));
    const again = (await byLink(booked)).client.portal;
    expect((await again.decline.mutate({ ...asking(), visitId: booked })).kind).toBe('refused');
  });

  it('refuse a request id that was used for another', async () => {
    const one = await visit(father, at('2026-12-02 11:00'));
    const two = await visit(father, at('2026-12-02 12:00'));
    const { portal } = (await byCode()).client;
    const request = asking();
    await portal.cancel.mutate({ ...request, visitId: one, reason: '' });
    expect(await codeOf(portal.cancel.mutate({ ...request, visitId: two, reason: '' }))).toBe(
      'input.invalid',
    );
    expect(await codeOf(portal.confirm.mutate({ ...request, visitId: one }))).toBe('input.invalid');
    expect(await clinic.count('appointments', `id = '${two}' AND status = 'booked'`)).toBe(1);
  });
});

describe('the waitlist', () => {
  const wishes = {
    appointmentTypeId: single,
    doctorIds: [nowak],
    locationIds: [],
    weekdays: [],
    partsOfDay: [],
    earliestOn: null,
    latestOn: null,
    urgency: 'routine' as const,
    note: '',
  };

  it('is joined once for a kind of visit, seen, and left', async () => {
    const { portal } = (await byCode()).client;
    const joined = await portal.joinWaitlist.mutate({ ...asking(), patientId: father, wishes });
    expect(joined.kind).toBe('joined');
    expect(await portal.joinWaitlist.mutate({ ...asking(), patientId: father, wishes })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'exists' }],
    });
    const { entries } = await portal.waitlist.query(here);
    expect(entries).toMatchObject([
      { firstName: 'Piotr', doctorNames: ['Dr Maja Nowak'], status: 'waiting' },
    ]);
    const entryId = entries[0]?.id ?? '';
    expect(await codeOf(portal.leaveWaitlist.mutate({ ...asking(), entryId: newId() }))).toBe(
      'record.unknown',
    );
    expect(await portal.leaveWaitlist.mutate({ ...asking(), entryId })).toEqual({ kind: 'left' });
    expect((await portal.waitlist.query(here)).entries).toEqual([]);
    expect(await codeOf(portal.joinWaitlist.mutate({ ...asking(), patientId: anna, wishes }))).toBe(
      'record.unknown',
    );
  });

  async function offeredTo(
    people: readonly string[],
    startsAt: Instant,
    expiresAt = instant(monday + dayMs),
  ) {
    const offers = people.map((patientId) => ({ patientId, entryId: newId(), offerId: newId() }));
    for (const { entryId, patientId } of offers) {
      await must('waitlist.add', { ...wishes, urgency: 'urgent', entryId, patientId });
    }
    await must('waitlist.offer', {
      offers: offers.map(({ offerId, entryId }) => ({ offerId, entryId })),
      slot: { doctorId: nowak, locationId: harbour, startsAt },
      expiresAt,
    });
    return offers.map((offer) => ({
      ...offer,
      token: clinic.core.services.links.offerToken(clinic.clinicId, offer.entryId, offer.offerId),
    }));
  }

  it('gives an offered time to the first of two who accept at once, by link alone', async () => {
    const offers = await offeredTo([father, child], at('2026-12-03 09:00'));
    const [mine] = offers;
    const seen = await open().client.portal.offer.mutate({ ...here, offer: mine?.token ?? '' });
    expect(seen).toMatchObject({
      firstName: 'Piotr',
      replaces: null,
      offer: { status: 'open', doctorName: 'Dr Maja Nowak' },
    });
    expect(await clinic.count('appointments', `starts_at = '2026-12-03T08:00:00Z'`)).toBe(0);
    const answers = await Promise.all(
      offers.map(({ token }) => open().client.portal.acceptOffer.mutate({ ...asking(), offer: token })),
    );
    expect(answers.map((answer) => answer.kind).sort()).toEqual(['booked', 'refused']);
    expect(answers.find((answer) => answer.kind === 'refused')).toMatchObject({
      reasons: [{ code: 'offer-ended' }],
    });
    const won = answers.find((answer) => answer.kind === 'booked');
    const link = won?.kind === 'booked' ? (won.manageLink.split('#v=')[1] ?? '') : '';
    expect(await codeOf(open().client.portal.openLink.mutate({ ...here, link }))).toBeUndefined();
    expect(await clinic.count('appointments', `starts_at = '2026-12-03T08:00:00Z'`)).toBe(1);
  });

  it('books an offer once, however often and by whichever way it is accepted', async () => {
    const someone = newId();
    await patient(someone, 'Olga', date('1985-05-05'), 'olga@example.org');
    const [offer] = await offeredTo([someone], at('2026-12-04 09:00'));
    if (!offer) throw new Error('no offer');
    const request = { ...asking(), offer: offer.token };
    const first = await open().client.portal.acceptOffer.mutate(request);
    expect(first.kind).toBe('booked');
    expect(await open().client.portal.acceptOffer.mutate(request)).toEqual(first);
    expect(await open().client.portal.acceptOffer.mutate({ ...asking(), offer: offer.token })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'offer-ended' }],
    });
    const { portal } = (await byCode('olga@example.org')).client;
    expect(
      await portal.takeOffer.mutate({ ...asking(), entryId: offer.entryId, offerId: offer.offerId }),
    ).toMatchObject({ kind: 'refused', reasons: [{ code: 'offer-ended' }] });
    expect(await clinic.count('appointments', `patient_id = '${someone}'`)).toBe(1);
  });

  it('asks before it books over an own visit, and takes no for an answer', async () => {
    const someone = newId();
    await patient(someone, 'Iga', date('1986-05-05'), 'iga@example.org');
    await visit(someone, at('2026-12-07 09:00'), { doctorId: okafor });
    const [offer] = await offeredTo([someone], at('2026-12-07 09:00'));
    const { portal } = (await byCode('iga@example.org')).client;
    const { entries } = await portal.waitlist.query(here);
    expect(entries[0]?.offers).toHaveLength(1);
    const answer = { entryId: offer?.entryId ?? '', offerId: offer?.offerId ?? '' };
    expect(
      (await open().client.portal.offer.mutate({ ...here, offer: offer?.token ?? '' })).replaces,
    ).toMatchObject({
      doctorName: 'Dr Ade Okafor',
    });
    expect(await portal.takeOffer.mutate({ ...asking(), ...answer })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'same-patient' }],
    });
    expect(await portal.refuseOffer.mutate({ ...asking(), ...answer })).toEqual({ kind: 'declined' });
    expect(await portal.takeOffer.mutate({ ...asking(), ...answer, alsoWithOther: true })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'offer-ended' }],
    });
  });

  it('lets no offer through that is over, made up, or of another clinic', async () => {
    const someone = newId();
    await patient(someone, 'Ewa', date('1987-05-05'), 'ewa@example.org');
    const [offer] = await offeredTo([someone], at('2026-12-08 09:00'), instant(monday + hourMs));
    const token = offer?.token ?? '';
    expect(
      await codeOf(open().client.portal.acceptOffer.mutate({ ...asking(), clinic: 'other', offer: token })),
    ).toBe('auth.link');
    expect(
      await codeOf(
        open().client.portal.acceptOffer.mutate({ ...asking(), offer: `${token.slice(0, -2)}xx` }),
      ),
    ).toBe('auth.link');
    clinic.clock.now = instant(monday + hourMs);
    expect((await open().client.portal.offer.mutate({ ...here, offer: token })).offer.status).toBe('expired');
    expect(await open().client.portal.acceptOffer.mutate({ ...asking(), offer: token })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'offer-ended' }],
    });
  });
});

describe('the own record', () => {
  it('is shown and questioned by who gave the birth date, and never changed', async () => {
    const { portal } = (await byCode()).client;
    const details = { ...here, patientId: father };
    expect(await portal.profile.query(details)).toMatchObject({
      firstName: 'Piotr',
      proven: false,
      details: null,
    });
    const changes = { ...asking(), patientId: father, changes: { phone: '+48601000111' } };
    expect(await codeOf(portal.proposeChanges.mutate(changes))).toBe('auth.forbidden');
    await portal.proveBirthDate.mutate({ ...details, birthDate: fathersBirth });
    expect(await portal.proposeChanges.mutate(changes)).toEqual({ kind: 'sent' });
    expect(await portal.profile.query(details)).toMatchObject({
      proven: true,
      details: { givenName: 'Piotr', phone: null, birthDate: fathersBirth },
      waiting: ['phone'],
    });
    expect(
      await codeOf(
        portal.proposeChanges.mutate({ ...asking(), patientId: father, changes: { phone: '12' } }),
      ),
    ).toBe('input.invalid');
    expect(await codeOf(portal.proposeChanges.mutate({ ...asking(), patientId: child, changes: {} }))).toBe(
      'auth.forbidden',
    );
  });

  it('takes consent at once', async () => {
    const { portal } = (await byCode()).client;
    expect(
      await portal.setConsent.mutate({
        ...asking(),
        patientId: child,
        consentSms: false,
        consentEmail: false,
      }),
    ).toEqual({ kind: 'saved' });
    expect(await portal.profile.query({ ...here, patientId: child })).toMatchObject({ consentEmail: false });
    expect(
      await codeOf(
        portal.setConsent.mutate({ ...asking(), patientId: anna, consentSms: false, consentEmail: false }),
      ),
    ).toBe('record.unknown');
  });

  it('is given out whole, to who gave the birth date, and that is written down', async () => {
    const visitId = await visit(child, at('2026-12-09 09:00'));
    const { portal } = (await byCode()).client;
    const asked = { ...here, patientId: child };
    expect(await codeOf(portal.exportData.mutate(asked))).toBe('auth.forbidden');
    await portal.proveBirthDate.mutate({ ...asked, birthDate: childsBirth });
    const { fileName, data } = await portal.exportData.mutate(asked);
    expect(fileName).toBe('harbour-2026-11-23.json');
    expect(data).toMatchObject({
      clinic: { name: expect.any(String) },
      patient: { givenName: 'Zosia', birthDate: childsBirth, notes: 'likes to be rung in the evening' },
    });
    const { visits } = data as unknown as { visits: { id: string; startsAt: string; timeline: object[] }[] };
    const mine = visits.find(({ id }) => id === visitId);
    expect(mine).toMatchObject({ startsAt: '2026-12-09T08:00:00.000Z', doctorName: 'Maja Nowak' });
    expect(mine?.timeline).toHaveLength(1);
    expect(Object.keys(data).sort()).toEqual([
      'attention',
      'clinic',
      'exportedAt',
      'mergedRecords',
      'messages',
      'patient',
      'series',
      'visits',
      'waitlist',
    ]);
    expect(JSON.stringify(data)).not.toContain('Piotr');
    expect(await clinic.count('audit_log', `action = 'patient exported' AND subject_id = '${child}'`)).toBe(
      1,
    );
  });
});

/** What the server asks the database, as long as it is recorded. */
async function recording() {
  const texts: string[] = [];
  const { default: pg } = await import('pg');
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: unknown, ...args: never[]) {
    const [first] = args as unknown as [string | { text: string }];
    texts.push((typeof first === 'string' ? first : first.text).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id'));
    return (query as (...all: never[]) => unknown).apply(this, args);
  } as typeof query;
  return {
    texts,
    stop: () => {
      pg.Client.prototype.query = query;
    },
  };
}
