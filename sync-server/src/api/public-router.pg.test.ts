import { slotsOf } from '@medic/shared/availability/slot-table';
import { instant, minuteMs } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, codeOf, openBrowser, solve } from '../testing/browser';
import {
  anna,
  arrangeClinic,
  asked,
  deskOnly,
  group,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  single,
  type TestClinic,
} from '../testing/test-clinic';

let clinic: TestClinic;

beforeAll(async () => {
  clinic = await openTestClinic({ proofBits: 6 });
  await arrangeClinic(clinic.database.adminPool, { slug: 'other', number: 2 });
});
afterAll(() => clinic.close());
beforeEach(() => {
  clinic.clock.now = monday;
});

function at(local: string) {
  return parseInstant(`${local.replace(' ', 'T')}:00+01:00`);
}

const person = {
  givenName: 'Jan',
  familyName: 'Nowy',
  birthDate: null,
  phone: null,
  email: 'jan@example.org',
  language: 'pl',
  consentSms: false,
  consentEmail: true,
};

function wish(startsAt: string, more: Record<string, unknown> = {}) {
  return {
    clinic: 'harbour',
    requestId: newId(),
    appointmentTypeId: single,
    doctorId: nowak,
    locationId: harbour,
    startsAt: at(startsAt),
    ...more,
  };
}

async function proofFor(browser: Browser, requestId: string, slug = 'harbour') {
  return solve(await browser.client.public.challenge.mutate({ clinic: slug, requestId }));
}

async function hold(browser: Browser, startsAt: string, more: Record<string, unknown> = {}) {
  const wanted = wish(startsAt, more);
  return await browser.client.public.hold.mutate({
    ...wanted,
    proof: await proofFor(browser, wanted.requestId),
  });
}

async function held(browser: Browser, startsAt: string, more: Record<string, unknown> = {}) {
  const answer = await hold(browser, startsAt, more);
  if (answer.kind !== 'held') throw new Error(JSON.stringify(answer));
  return answer.hold;
}

const open = () => openBrowser(clinic.url);

describe('a hold', () => {
  it('keeps a time for the browser that took it, for ten minutes, and hides it from others only', async () => {
    const mine = open();
    const kept = await held(mine, '2026-11-24 09:00');
    expect(kept).toMatchObject({ startsAt: at('2026-11-24 09:00'), extensionsLeft: 3 });
    expect(kept.expiresAt - clinic.clock.now).toBe(10 * minuteMs);
    const asked = {
      clinic: 'harbour',
      appointmentTypeId: single,
      doctorId: nowak,
      locationId: null,
      from: '2026-11-24' as never,
      until: '2026-11-25' as never,
    };
    const sees = async (browser: Browser) =>
      slotsOf((await browser.client.public.slots.query(asked)).slots).some(
        (slot) => slot.startsAt === kept.startsAt,
      );
    expect(await sees(mine)).toBe(true);
    expect(await sees(open())).toBe(false);
    expect((await mine.client.public.held.query({ clinic: 'harbour' })).hold).toEqual(kept);
    expect((await open().client.public.held.query({ clinic: 'harbour' })).hold).toBeNull();
    expect((await mine.client.public.held.query({ clinic: 'other' })).hold).toBeNull();
    clinic.clock.now = instant(monday + 11 * minuteMs);
    expect(await sees(open())).toBe(true);
    expect((await mine.client.public.held.query({ clinic: 'harbour' })).hold).toBeNull();
  });

  it('is refused to the second, with the nearest free times, and says nothing of the first', async () => {
    await held(open(), '2026-11-24 10:00');
    const answer = await hold(open(), '2026-11-24 10:00');
    expect(answer).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'hold', text: 'This time is taken' }],
    });
    expect(answer.kind === 'refused' && answer.alternatives.length).toBe(3);
  });

  it('is one per visitor: another lets the one before go', async () => {
    const browser = open();
    await held(browser, '2026-11-25 09:00');
    await held(browser, '2026-11-25 11:00');
    expect((await hold(open(), '2026-11-25 09:00')).kind).toBe('held');
    expect((await hold(open(), '2026-11-25 11:00')).kind).toBe('refused');
  });

  it('goes to one of many who want it at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => hold(open(), '2026-11-26 09:00')));
    expect(answers.filter((answer) => answer.kind === 'held')).toHaveLength(1);
  });

  it('is extended three times, and not once more, nor by anybody else', async () => {
    const browser = open();
    const { holdId, expiresAt } = await held(browser, '2026-11-26 11:00');
    const extend = (by: Browser) =>
      by.client.public.extend.mutate({ clinic: 'harbour', requestId: newId(), holdId });
    expect(await extend(open())).toMatchObject({ kind: 'refused', reasons: [{ code: 'hold-ended' }] });
    for (const left of [2, 1, 0]) {
      const answer = await extend(browser);
      expect(answer).toMatchObject({ kind: 'held', hold: { extensionsLeft: left } });
    }
    expect((await browser.client.public.held.query({ clinic: 'harbour' })).hold?.expiresAt).toBe(
      expiresAt + 30 * minuteMs,
    );
    expect(await extend(browser)).toMatchObject({ kind: 'refused', reasons: [{ code: 'hold-ended' }] });
  });

  it('is released by its own browser only', async () => {
    const browser = open();
    const { holdId } = await held(browser, '2026-11-26 13:00');
    const release = (by: Browser) =>
      by.client.public.release.mutate({ clinic: 'harbour', requestId: newId(), holdId });
    expect(await release(open())).toEqual({});
    const other = open();
    await other.client.public.challenge.mutate({ clinic: 'harbour', requestId: newId() });
    expect(await release(other)).toEqual({});
    expect((await browser.client.public.held.query({ clinic: 'harbour' })).hold?.holdId).toBe(holdId);
    expect(await release(browser)).toEqual({});
    expect((await browser.client.public.held.query({ clinic: 'harbour' })).hold).toBeNull();
    expect((await hold(open(), '2026-11-26 13:00')).kind).toBe('held');
  });

  it('takes one seat of a group', async () => {
    expect((await hold(open(), '2026-11-27 09:00', { appointmentTypeId: group })).kind).toBe('held');
    const { slots } = await open().client.public.slots.query({
      clinic: 'harbour',
      appointmentTypeId: group,
      doctorId: nowak,
      locationId: null,
      from: '2026-11-27' as never,
      until: '2026-11-28' as never,
    });
    expect(slotsOf(slots).find((slot) => slot.startsAt === at('2026-11-27 09:00'))?.seatsLeft).toBe(7);
  });

  it('is not for kinds of visit that are booked by telephone, nor for what is not there', async () => {
    expect(await hold(open(), '2026-11-27 11:00', { appointmentTypeId: deskOnly })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'desk-only' }],
    });
    expect(await hold(open(), '2026-11-27 11:00', { doctorId: newId() })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'unknown' }],
    });
    expect(await codeOf(hold(open(), '2026-11-27 11:00', { startsAt: 'soon' }))).toBe('input.invalid');
    expect(await codeOf(hold(open(), '2026-11-27 11:00', { clinic: 'nowhere' }))).toBe('clinic.unknown');
  });
});

describe('proof of work', () => {
  it('marks the browser with a cookie that no script sees', async () => {
    const browser = open();
    await proofFor(browser, newId());
    expect(browser.setCookies).toHaveLength(1);
    expect(browser.setCookies[0]).toMatch(
      /^visitor=[\w-]{22}; Max-Age=86400; SameSite=Lax; Path=\/; HttpOnly$/,
    );
    const { rows } = await clinic.database.adminPool.query('SELECT * FROM slot_holds');
    expect(JSON.stringify(rows)).not.toContain(browser.cookies.get('visitor'));
  });

  it('is needed: none, a wrong one, too few rounds and a made-up challenge are refused', async () => {
    const browser = open();
    const wanted = wish('2026-11-30 09:00');
    const right = await proofFor(browser, wanted.requestId);
    const [expiresAt, rounds, bits] = right.challenge.split('.');
    const tries = [
      { challenge: '', nonces: [] },
      { challenge: right.challenge, nonces: [] },
      { challenge: right.challenge, nonces: right.nonces.map((nonce) => nonce + 1) },
      { challenge: right.challenge, nonces: right.nonces.slice(1) },
      solve({
        challenge: right.challenge.replace(`.${rounds}.${bits}.`, '.1.1.'),
        rounds: 1,
        bits: 1,
        expiresAt: monday,
      }),
      solve({
        challenge: right.challenge.replace(String(expiresAt), '9999999999999'),
        rounds: Number(rounds),
        bits: Number(bits),
        expiresAt: monday,
      }),
    ];
    for (const proof of tries)
      expect(await codeOf(browser.client.public.hold.mutate({ ...wanted, proof }))).toBe('proof.required');
    expect((await browser.client.public.hold.mutate({ ...wanted, proof: right })).kind).toBe('held');
  });

  it('is good for its own visitor, clinic and request, for ten minutes', async () => {
    const browser = open();
    const wanted = wish('2026-11-30 10:00');
    const proof = await proofFor(browser, wanted.requestId);
    const other = open();
    await proofFor(other, wanted.requestId);
    expect(await codeOf(other.client.public.hold.mutate({ ...wanted, proof }))).toBe('proof.required');
    expect(await codeOf(open().client.public.hold.mutate({ ...wanted, proof }))).toBe('proof.required');
    expect(await codeOf(browser.client.public.hold.mutate({ ...wanted, clinic: 'other', proof }))).toBe(
      'proof.required',
    );
    expect(await codeOf(browser.client.public.hold.mutate({ ...wanted, requestId: newId(), proof }))).toBe(
      'proof.required',
    );
    clinic.clock.now = instant(monday + 10 * minuteMs);
    expect(await codeOf(browser.client.public.hold.mutate({ ...wanted, proof }))).toBe('proof.required');
  });

  it('is good once: sent again it gets the same hold, and another time is refused', async () => {
    const browser = open();
    const wanted = wish('2026-11-30 11:00');
    const proof = await proofFor(browser, wanted.requestId);
    const first = await browser.client.public.hold.mutate({ ...wanted, proof });
    expect(first.kind).toBe('held');
    expect(await browser.client.public.hold.mutate({ ...wanted, proof })).toEqual(first);
    const elsewhere = { ...wanted, startsAt: at('2026-11-30 13:00'), proof };
    expect(await codeOf(browser.client.public.hold.mutate(elsewhere))).toBe('input.invalid');
    // Nor does it bring back a hold that was let go.
    if (first.kind === 'held')
      await browser.client.public.release.mutate({
        clinic: 'harbour',
        requestId: newId(),
        holdId: first.hold.holdId,
      });
    expect(await browser.client.public.hold.mutate({ ...wanted, proof })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'hold-ended' }],
    });
    expect((await browser.client.public.held.query({ clinic: 'harbour' })).hold).toBeNull();
  });

  it('asks a browser that keeps no cookies to allow them', async () => {
    const browser = open();
    const wanted = wish('2026-11-30 14:00');
    const proof = await proofFor(browser, wanted.requestId);
    browser.cookies.clear();
    await expect(browser.client.public.hold.mutate({ ...wanted, proof })).rejects.toThrow(/Allow cookies/);
    await expect(browser.client.public.book.mutate({ ...wanted, patient: person, note: '' })).rejects.toThrow(
      /no machine/,
    );
  });

  it('is not needed to see what is free', async () => {
    const browser = open();
    expect((await browser.client.public.clinic.query({ clinic: 'harbour' })).doctors).toHaveLength(2);
    expect(browser.setCookies).toEqual([]);
  });
});

describe('booking', () => {
  it('goes over the own hold without more work, once, and lets the hold go', async () => {
    const browser = open();
    await held(browser, '2026-12-01 09:00');
    const request = { ...wish('2026-12-01 09:00'), patient: person, note: '' };
    const answer = await browser.client.public.book.mutate(request);
    expect(answer).toMatchObject({ kind: 'booked', status: 'booked', visit: { sequence: 0 } });
    expect(answer.kind === 'booked' && answer.manageLink).toMatch(/^\/my\/harbour#v=[\w.-]+$/);
    expect((await browser.client.public.held.query({ clinic: 'harbour' })).hold).toBeNull();
    // The answer was lost: the hold is gone, so it is asked again with a proof, and gets the same.
    expect(await codeOf(browser.client.public.book.mutate(request))).toBe('proof.required');
    const proof = await proofFor(browser, request.requestId);
    expect(await browser.client.public.book.mutate({ ...request, proof })).toEqual(answer);
    expect(await clinic.count('appointments', `starts_at = '2026-12-01T08:00:00Z'`)).toBe(1);
  });

  it('needs a proof without a hold, and with a hold on another time', async () => {
    const browser = open();
    const request = { ...wish('2026-12-01 10:00'), patient: person, note: '' };
    expect(await codeOf(browser.client.public.book.mutate(request))).toBe('proof.required');
    await held(browser, '2026-12-01 11:00');
    expect(await codeOf(browser.client.public.book.mutate(request))).toBe('proof.required');
    const proof = await proofFor(browser, request.requestId);
    expect((await browser.client.public.book.mutate({ ...request, proof })).kind).toBe('booked');
  });

  it('is won by the hold against those who come without one', async () => {
    const browser = open();
    await held(browser, '2026-12-02 09:00');
    const rivals = Array.from({ length: 8 }, async () => {
      const rival = open();
      const request = { ...wish('2026-12-02 09:00'), patient: person, note: '' };
      return await rival.client.public.book.mutate({
        ...request,
        proof: await proofFor(rival, request.requestId),
      });
    });
    const mine = browser.client.public.book.mutate({
      ...wish('2026-12-02 09:00'),
      patient: person,
      note: '',
    });
    expect((await Promise.all(rivals)).every((answer) => answer.kind === 'refused')).toBe(true);
    expect((await mine).kind).toBe('booked');
  });

  it('has one winner when holds and bookings of one time come together', async () => {
    const tries = Array.from({ length: 16 }, async (_, i) => {
      const browser = open();
      const wanted = wish('2026-12-03 09:00');
      const proof = await proofFor(browser, wanted.requestId);
      if (i % 2 === 0) return (await browser.client.public.hold.mutate({ ...wanted, proof })).kind;
      return (await browser.client.public.book.mutate({ ...wanted, patient: person, note: '', proof })).kind;
    });
    const kinds = await Promise.all(tries);
    expect(kinds.filter((kind) => kind !== 'refused')).toHaveLength(1);
  });

  it('asks for what must be accepted', async () => {
    const browser = open();
    await held(browser, '2026-12-03 11:00', { appointmentTypeId: asked });
    expect(
      await browser.client.public.book.mutate({
        ...wish('2026-12-03 11:00', { appointmentTypeId: asked }),
        patient: person,
        note: '',
      }),
    ).toMatchObject({ kind: 'booked', status: 'pending' });
  });

  it('answers the same whether the patient is known or not, and never changes the record', async () => {
    const known = {
      ...person,
      givenName: 'Anna',
      familyName: 'Polańska',
      birthDate: '1980-05-17' as never,
      phone: '+48601220418',
      email: 'another@example.org',
    };
    const answers = [];
    for (const [patient, time] of [
      [known, '2026-12-04 09:00'],
      [{ ...known, givenName: 'Another' }, '2026-12-04 10:00'],
    ] as const) {
      const browser = open();
      await held(browser, time);
      answers.push(await browser.client.public.book.mutate({ ...wish(time), patient, note: '' }));
    }
    const shape = (answer: unknown) =>
      JSON.stringify(answer)
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
        .replace(/#v=[^"]+/, '#v')
        .replace(/\d{13}/g, 'time');
    expect(shape(answers[0])).toBe(shape(answers[1]));
    const here = `clinic_id = '${clinic.clinicId}'`;
    expect(await clinic.count('appointments', `${here} AND patient_id = '${anna}'`)).toBe(1);
    expect(await clinic.count('patients', `${here} AND id = '${anna}' AND email IS NULL`)).toBe(1);
    expect(
      await clinic.count(
        'attention_items',
        `${here} AND kind = 'patient-differs' AND patient_id = '${anna}'`,
      ),
    ).toBe(1);
  });
});

describe('the waitlist', () => {
  const wishes = {
    appointmentTypeId: single,
    doctorIds: [okafor],
    locationIds: [],
    weekdays: [1, 2],
    partsOfDay: ['morning' as const],
    earliestOn: null,
    latestOn: null,
    urgency: 'soon' as const,
    note: '',
  };

  it('is joined with a proof, once for a request', async () => {
    const browser = open();
    const request = { clinic: 'harbour', requestId: newId(), wishes, patient: person };
    expect(await codeOf(browser.client.public.joinWaitlist.mutate(request))).toBe('proof.required');
    const proof = await proofFor(browser, request.requestId);
    const before = await clinic.count('waitlist_entries');
    expect(await browser.client.public.joinWaitlist.mutate({ ...request, proof })).toEqual({
      kind: 'joined',
    });
    expect(await browser.client.public.joinWaitlist.mutate({ ...request, proof })).toEqual({
      kind: 'joined',
    });
    expect(await clinic.count('waitlist_entries')).toBe(before + 1);
  });

  it('answers the same to who waits already: that would tell who is a patient', async () => {
    const join = async (patient: typeof person) => {
      const browser = open();
      const requestId = newId();
      const proof = await proofFor(browser, requestId);
      return await browser.client.public.joinWaitlist.mutate({
        clinic: 'harbour',
        requestId,
        wishes,
        patient,
        proof,
      });
    };
    const known = {
      ...person,
      givenName: 'Anna',
      familyName: 'Polańska',
      birthDate: '1980-05-17' as never,
      phone: '+48601220418' as never,
    };
    expect(await join(known)).toEqual({ kind: 'joined' });
    expect(await join(known)).toEqual({ kind: 'joined' });
    expect(await clinic.count('waitlist_entries', `patient_id = '${anna}'`)).toBe(2);
  });

  it('takes no urgent wish from a page, and none without a way to reach the person', async () => {
    const browser = open();
    const requestId = newId();
    const proof = await proofFor(browser, requestId);
    const base = { clinic: 'harbour', requestId, proof };
    expect(
      await codeOf(
        browser.client.public.joinWaitlist.mutate({
          ...base,
          wishes: { ...wishes, urgency: 'urgent' as never },
          patient: person,
        }),
      ),
    ).toBe('input.invalid');
    expect(
      await browser.client.public.joinWaitlist.mutate({
        ...base,
        wishes,
        patient: { ...person, email: null },
      }),
    ).toMatchObject({ kind: 'refused', reasons: [{ code: 'invalid' }] });
  });
});

describe('what is shown', () => {
  it('tells of one doctor with places and next times', async () => {
    const page = await open().client.public.doctor.query({ clinic: 'harbour', doctor: 'nowak' });
    expect(page.doctor).toMatchObject({ id: nowak, name: 'Maja Nowak' });
    expect(page.places.map((place) => place.id)).toEqual([harbour]);
    const online = page.visits.find((visit) => visit.appointmentTypeId === single);
    expect(online?.next).toMatchObject({ doctorId: nowak });
    expect(page.visits.find((visit) => visit.appointmentTypeId === deskOnly)?.next).toBeNull();
    expect(await codeOf(open().client.public.doctor.query({ clinic: 'harbour', doctor: 'nobody' }))).toBe(
      'record.unknown',
    );
  });

  it('says which days of a month have any, as the times of those days do', async () => {
    const asked = {
      clinic: 'harbour',
      appointmentTypeId: single,
      doctorId: okafor,
      locationId: null,
      from: '2026-12-01' as never,
    };
    const { days } = await open().client.public.days.query({ ...asked, until: '2027-01-01' as never });
    expect(days).toHaveLength(31);
    expect(days[0]).toMatchObject({ date: '2026-12-01', state: 'free' });
    expect(days[5]).toMatchObject({ date: '2026-12-06', state: 'closed', count: 0 });
    const { days: same } = await open().client.public.slots.query({ ...asked, until: '2026-12-08' as never });
    expect(days.slice(0, 7)).toEqual(same);
    expect(await codeOf(open().client.public.days.query({ ...asked, until: '2027-03-01' as never }))).toBe(
      'input.invalid',
    );
  });
});
