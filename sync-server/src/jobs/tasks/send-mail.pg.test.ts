/** From an act to the mailbox: the outbox on real Postgres, a real SMTP server, and what may go wrong between them. */
import type { Actor } from '@medic/shared/acts/act';
import { syncedRecords } from '@medic/shared/model/records';
import { anOffer, aPatient, at, aWaitlistEntry } from '@medic/shared/testing/builders';
import { type Instant, minuteMs, type PlainDate, plusMinutes } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManageLinks } from '../../auth/manage-links';
import { clinicsWithUnsent } from '../../db/notifications';
import { openAppPool } from '../../db/pool';
import { putRecord } from '../../db/records';
import { inClinic } from '../../db/transaction';
import { type Mailer, smtpMailer } from '../../messages/mailer';
import { type Core, openCore } from '../../server';
import { startMailServer, startSilentServer, type TestMailServer } from '../../testing/mail-server';
import {
  anna,
  arrangeClinic,
  asked,
  harbour,
  monday,
  newId,
  nowak,
  okafor,
  openTestClinic,
  reception,
  single,
  type TestClinic,
} from '../../testing/test-clinic';
import { Relay } from '../relay';
import { type MailParts, sendDueMail } from './send-mail';

let clinic: TestClinic;
let server: TestMailServer;
let mailer: Mailer;
const links = new ManageLinks(Buffer.alloc(32, 7));
const publicUrl = 'https://visits.example';
const from = 'visits@medic.example';

beforeAll(async () => {
  clinic = await openTestClinic();
  server = await startMailServer();
  mailer = smtpMailer({ url: server.url, from, timeoutMs: 1500 });
});
afterAll(async () => {
  mailer.close();
  await server.close();
  await clinic.close();
});
beforeEach(async () => {
  clinic.clock.now = monday;
  await putPatient({ email: 'anna@home.example' });
});
afterEach(async () => {
  server.recipient = () => null;
  server.onMail = null;
  server.mails.length = 0;
  server.raw.length = 0;
  // Each test has the outbox to itself; visits stay where they are, so each takes other times.
  await clinic.database.adminPool.query('DELETE FROM notifications');
});

const staff: Actor = {
  kind: 'staff',
  id: reception,
  name: 'Ewa',
  roles: ['reception'],
  rights: [],
  doctorId: null,
};
const patientActor: Actor = { ...staff, kind: 'patient', id: anna, name: 'Anna', roles: [] };

const versions: Record<string, number> = {
  'appointment.book': 2,
  'appointment.cancel': 2,
  'appointment.reschedule': 2,
};

async function act(name: string, args: Record<string, unknown>, actor = staff): Promise<void> {
  const intent = await clinic.core.services.executor.execute({
    clinicId: clinic.clinicId,
    actor,
    act: name,
    actVersion: versions[name] ?? 1,
    args,
    requestId: newId(),
    device: null,
    baseSeq: 0,
    madeAt: null,
  });
  expect([name, intent.status, intent.outcome]).toEqual([name, 'done', {}]);
}

let made = 0;
/** A time that no other test has: weekdays from 14 December, every two hours. */
function nextTime(): Instant {
  const day = Math.floor(made / 4);
  const hour = 8 + (made % 4) * 2;
  made += 1;
  const monday = '2026-12-14' as PlainDate;
  const date = addDays(monday, Math.floor(day / 5) * 7 + (day % 5));
  return at(`${date} ${String(hour).padStart(2, '0')}:00`);
}

async function book(
  overrides: { startsAt?: Instant } & Record<string, unknown> = {},
  actor = staff,
): Promise<{ id: string; startsAt: Instant }> {
  const startsAt = overrides.startsAt ?? nextTime();
  const id = newId();
  await act(
    'appointment.book',
    {
      appointmentId: id,
      patientId: anna,
      doctorId: nowak,
      locationId: harbour,
      appointmentTypeId: single,
      startsAt,
      notes: '',
      overrides: ['same-patient'],
      ...overrides,
    },
    actor,
  );
  return { id, startsAt };
}

const parts = (overrides: Partial<MailParts> = {}): MailParts => ({
  pool: clinic.database.appPool,
  execute: (request) => clinic.core.services.executor.execute(request),
  mailer,
  links,
  publicUrl,
  now: () => clinic.clock.now,
  ...overrides,
});

async function sendAll(overrides: Partial<MailParts> = {}): Promise<void> {
  while ((await sendDueMail(parts(overrides), clinic.clinicId)) > 0);
}

function pass(minutes: number): void {
  clinic.clock.now = plusMinutes(clinic.clock.now, minutes);
}

interface Row {
  kind: string;
  state: string;
  attempts: number;
  detail: string;
  due_at: number;
  sent_at: number | null;
  provider_id: string | null;
}
async function outbox(visitId?: string): Promise<Row[]> {
  const { rows } = await clinic.database.adminPool.query<Row>(
    `SELECT kind, state, attempts, detail, due_at, sent_at, provider_id FROM notifications
      WHERE channel = 'email' AND ($1::uuid IS NULL OR appointment_id = $1) ORDER BY created_at, sequence`,
    [visitId ?? null],
  );
  return rows;
}
const states = async (visitId?: string) =>
  (await outbox(visitId)).map(({ kind, state, detail }) => [kind, state, state === 'sent' ? '' : detail]);

async function putPatient(overrides: Parameters<typeof aPatient>[0]): Promise<void> {
  await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
    await tx.query(`SELECT set_config('medic.seq', '1', true)`);
    await putRecord(
      tx,
      syncedRecords.patient,
      aPatient({
        clinicId: clinic.clinicId,
        id: anna,
        givenName: 'Anna',
        familyName: 'Polańska',
        ...overrides,
      }),
    );
  });
}

describe('a booking', () => {
  it('is confirmed three minutes after staff made it, with the visit’s facts, its link and its file', async () => {
    const { id } = await book({ startsAt: at('2026-12-08 10:00') });
    pass(2.9);
    await sendAll();
    expect(server.mails).toHaveLength(0);
    pass(0.1);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    const mail = server.mails[0];
    expect(mail?.subject).toBe('Booked: Tue 8 Dec, 10:00, Riverside Clinic');
    expect(mail?.from?.value).toEqual([{ address: from, name: 'Riverside Clinic' }]);
    expect(mail?.to && 'value' in mail.to ? mail.to.value : null).toEqual([
      { address: 'anna@home.example', name: 'Anna Polańska' },
    ]);
    expect(mail?.text).toContain('Tuesday 8 December, 10:00');
    expect(mail?.text).toContain('Maja Nowak');
    const token = /\/my\/harbour#v=(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(links.readVisitToken(clinic.clinicId, token)).toEqual({ visitId: id, version: 0 });
    const calendar = mail?.attachments.find(({ filename }) => filename === 'visit.ics');
    expect(calendar?.content.toString()).toContain(`UID:${id}`);
    expect(server.raw[0]).toContain('method=REQUEST');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(await outbox(id)).toMatchObject([
      { kind: 'confirmed', state: 'sent', attempts: 1, sent_at: clinic.clock.now },
    ]);
    await sendAll();
    expect(server.mails).toHaveLength(1);
  });

  it('is answered at once when the patient made it, without consent too', async () => {
    const { id } = await book();
    await clinic.database.adminPool.query('DELETE FROM notifications');
    await putPatient({ email: 'anna@home.example', consentEmail: false });
    await act('appointment.cancel', { appointmentId: id, reason: '' }, patientActor);
    await sendAll();
    expect(server.mails.map(({ subject }) => subject?.split(':')[0])).toEqual(['Cancelled']);
  });

  it('that needs accepting is told in its steps', async () => {
    const { id } = await book({ appointmentTypeId: asked, request: true, doctorId: okafor });
    pass(3);
    await sendAll();
    await act('appointment.accept', { appointmentId: id });
    pass(3);
    await sendAll();
    expect(server.mails.map(({ subject }) => subject?.split(':')[0])).toEqual(['Request received', 'Booked']);
  });
});

describe('what staff take back within three minutes', () => {
  it('a move undone: nothing is sent', async () => {
    const { id, startsAt } = await book();
    pass(3);
    await sendAll();
    await act('appointment.reschedule', {
      appointmentId: id,
      doctorId: okafor,
      locationId: harbour,
      startsAt: plusMinutes(startsAt, 60),
      durationMinutes: null,
      overrides: ['same-patient'],
    });
    pass(1);
    await act('appointment.undo', { appointmentId: id });
    pass(10);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    expect(await states(id)).toEqual([
      ['confirmed', 'sent', ''],
      ['moved', 'dropped', 'superseded'],
    ]);
  });

  it('a cancellation undone: nothing is sent', async () => {
    const { id } = await book();
    pass(3);
    await sendAll();
    await act('appointment.cancel', { appointmentId: id, reason: 'by mistake' });
    pass(1);
    await act('appointment.undo', { appointmentId: id });
    pass(10);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    expect(await states(id)).toEqual([
      ['confirmed', 'sent', ''],
      ['cancelled', 'dropped', 'superseded'],
    ]);
  });

  it('a booking entered in error and taken out: nothing is sent', async () => {
    const { id } = await book();
    pass(1);
    await act('appointment.void', { appointmentId: id, reason: 'wrong patient' });
    pass(10);
    await sendAll();
    expect(server.mails).toHaveLength(0);
    expect(await states(id)).toEqual([
      ['confirmed', 'dropped', 'superseded'],
      ['cancelled', 'dropped', 'undone'],
    ]);
  });

  it('moved twice: one mail, from where the patient knew the visit to be', async () => {
    const { id, startsAt } = await book();
    pass(3);
    await sendAll();
    for (const minutes of [30, 60]) {
      await act('appointment.reschedule', {
        appointmentId: id,
        doctorId: okafor,
        locationId: harbour,
        startsAt: plusMinutes(startsAt, minutes),
        durationMinutes: null,
        overrides: ['same-patient'],
      });
      pass(1);
    }
    pass(10);
    await sendAll();
    expect(server.mails).toHaveLength(2);
    const before = /Before: .*, (\d\d:\d\d)/.exec(server.mails[1]?.text ?? '')?.[1];
    const first = /, (\d\d:\d\d), Riverside/.exec(server.mails[0]?.subject ?? '')?.[1];
    expect(before).toBe(first);
    expect(server.mails[1]?.text).toContain('Ade Okafor');
  });
});

describe('looked at again before it goes', () => {
  it('consent withdrawn, or the address gone: dropped, with the reason', async () => {
    const first = await book();
    await putPatient({ email: 'anna@home.example', consentEmail: false });
    pass(3);
    await sendAll();
    const second = await book();
    expect(await states(second.id)).toEqual([]);
    expect(await states(first.id)).toEqual([['confirmed', 'dropped', 'no consent']]);
    expect(server.mails).toHaveLength(0);
  });

  it('goes to the address of now, and to the record that the patient was merged into', async () => {
    const { id } = await book();
    const other = newId();
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await tx.query(`SELECT set_config('medic.seq', '1', true)`);
      const kept = aPatient({
        clinicId: clinic.clinicId,
        id: other,
        givenName: 'Ann',
        email: 'ann@new.example',
      });
      await putRecord(tx, syncedRecords.patient, kept);
    });
    await putPatient({ email: 'anna@home.example', mergedIntoId: other });
    pass(3);
    await sendAll();
    expect(server.mails.map(({ to }) => (to && 'value' in to ? to.value[0]?.address : ''))).toEqual([
      'ann@new.example',
    ]);
    expect(await states(id)).toEqual([['confirmed', 'sent', '']]);
  });

  it('after a long outage what is old is dropped', async () => {
    const { id } = await book({ startsAt: at('2026-12-09 10:00') });
    pass(3 * 24 * 60 + 4);
    await sendAll();
    expect(await states(id)).toEqual([['confirmed', 'dropped', 'too late']]);
  });

  it('messages by SMS are left to who sends those', async () => {
    await book();
    pass(3);
    await sendAll();
    expect(await clinic.count('notifications', `channel = 'sms' AND state = 'due' AND attempts = 0`)).toBe(1);
  });
});

describe('offers of the waitlist', () => {
  async function offer(
    status: 'open' | 'withdrawn',
    entryStatus: 'offered' | 'waiting',
  ): Promise<{ entryId: string; offerId: string }> {
    const entryId = newId();
    const offerId = newId();
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await tx.query(`SELECT set_config('medic.seq', '1', true)`);
      const entry = aWaitlistEntry({
        clinicId: clinic.clinicId,
        id: entryId,
        patientId: anna,
        appointmentTypeId: single,
        doctorIds: [],
        locationIds: [],
        status: entryStatus,
        offers: [
          anOffer({
            clinicId: clinic.clinicId,
            id: offerId,
            entryId,
            doctorId: nowak,
            locationId: harbour,
            appointmentTypeId: single,
            startsAt: at('2026-12-10 10:00'),
            endsAt: at('2026-12-10 10:30'),
            status,
            offeredAt: monday,
            expiresAt: plusMinutes(monday, 120),
          }),
        ],
      });
      await putRecord(tx, syncedRecords.waitlistEntry, entry);
    });
    return { entryId, offerId };
  }
  async function write(payload: Record<string, unknown>): Promise<void> {
    await clinic.database.adminPool.query(
      `INSERT INTO notifications (id, clinic_id, patient_id, kind, offset_minutes, channel, sequence, due_at, state, attempts, detail, payload, created_at)
       VALUES ($1, $2, $3, 'waitlist-offer', 0, 'email', 0, $5, 'due', 0, '', $4, $5)`,
      [newId(), clinic.clinicId, anna, payload, new Date(clinic.clock.now)],
    );
  }

  it('an open one goes out with a link to it; one that ended meanwhile does not', async () => {
    const open = await offer('open', 'offered');
    const gone = await offer('withdrawn', 'waiting');
    await write(open);
    await write(gone);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    const token = /#o=(\S+)/.exec(server.mails[0]?.text ?? '')?.[1] ?? '';
    expect(links.readOfferToken(clinic.clinicId, token)).toEqual(open);
    expect((await states()).filter(([, state]) => state === 'dropped')).toEqual([
      ['waitlist-offer', 'dropped', 'offer is withdrawn'],
    ]);
    pass(121);
    await write(open);
    await sendAll();
    expect((await states()).at(-1)).toEqual(['waitlist-offer', 'dropped', 'offer is expired']);
  });

  it('that one is over is told to who had heard of it, and to nobody else', async () => {
    const heard = await offer('open', 'offered');
    await write(heard);
    await sendAll();
    const unheard = await offer('withdrawn', 'waiting');
    pass(1);
    await write({ ...heard, withdrawn: true });
    await write({ ...unheard, withdrawn: true });
    await sendAll();
    expect(server.mails.map(({ subject }) => subject?.split(':')[0])).toEqual([
      'A time is free',
      'No longer free',
    ]);
    expect(await states()).toContainEqual(['waitlist-offer', 'dropped', 'offer was not sent']);
  });
});

describe('by the acts of series and waitlist', () => {
  it('a series that moves and goes back within the minutes is told nothing', async () => {
    const [seriesId, restId] = [newId(), newId()];
    const appointmentIds = [newId(), newId(), newId()];
    const startsAt = at('2027-02-01 09:00');
    await act('series.book', {
      seriesId,
      appointmentIds,
      patientId: anna,
      doctorId: nowak,
      locationId: harbour,
      appointmentTypeId: single,
      startsAt,
      notes: '',
      rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=3',
    });
    pass(3);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    const second = { appointmentId: appointmentIds[1], doctorId: nowak, locationId: harbour };
    await act('series.reschedule', {
      seriesId,
      ...second,
      scope: 'following',
      startsAt: at('2027-02-08 11:00'),
      restId,
    });
    pass(1);
    await act('series.rejoin', { seriesId, restId, ...second, startsAt: at('2027-02-08 09:00') });
    pass(10);
    await sendAll();
    expect(server.mails).toHaveLength(1);
  });

  it('a series is told once, with all its visits, and its end once', async () => {
    const seriesId = newId();
    const appointmentIds = [newId(), newId(), newId()];
    await act('series.book', {
      seriesId,
      appointmentIds,
      patientId: anna,
      doctorId: okafor,
      locationId: harbour,
      appointmentTypeId: single,
      startsAt: at('2026-12-03 13:00'),
      durationMinutes: null,
      notes: '',
      rrule: 'FREQ=DAILY;COUNT=3;INTERVAL=7',
      overrides: ['same-patient'],
    });
    pass(1);
    // One is cancelled while the message waits: it is not among them any more.
    await act('appointment.cancel', { appointmentId: appointmentIds[1] ?? '', reason: 'holiday' });
    pass(10);
    await sendAll();
    const summary = server.mails.find(({ subject }) => subject?.startsWith('Booked: 2 visits'));
    expect(summary?.text).toContain('- Thursday 3 December, 13:00 (Warsaw time), Dr Ade Okafor');
    expect(summary?.text).toContain('- Thursday 17 December, 13:00');
    expect(summary?.text).not.toContain('10 December');
    expect(server.mails).toHaveLength(2);
    await act('series.cancel', {
      seriesId,
      appointmentId: appointmentIds[0] ?? '',
      scope: 'all',
      reason: 'ended',
    });
    pass(3);
    await sendAll();
    expect(server.mails.map(({ subject }) => subject).at(-1)).toBe('Cancelled: 2 visits, Riverside Clinic');
  });

  it('an offer goes out after three minutes, and its end when somebody else has the time', async () => {
    const entryId = newId();
    const offerId = newId();
    const [waiting, other] = [newId(), newId()];
    await inClinic(clinic.database.adminPool, clinic.clinicId, async (tx) => {
      await tx.query(`SELECT set_config('medic.seq', '1', true)`);
      for (const [id, email] of [
        [waiting, 'zofia@home.example'],
        [other, null],
      ] as const)
        await putRecord(tx, syncedRecords.patient, aPatient({ clinicId: clinic.clinicId, id, email }));
    });
    await act('waitlist.add', {
      entryId,
      patientId: waiting,
      appointmentTypeId: single,
      doctorIds: [],
      locationIds: [],
      weekdays: [],
      partsOfDay: [],
      earliestOn: null,
      latestOn: null,
      urgency: 'routine',
      note: '',
    });
    const startsAt = at('2026-12-04 13:00');
    await act('waitlist.offer', {
      offers: [{ offerId, entryId }],
      slot: { doctorId: okafor, locationId: harbour, startsAt },
      expiresAt: plusMinutes(clinic.clock.now, 240),
    });
    pass(3);
    await sendAll();
    expect(server.mails.map(({ subject }) => subject)).toEqual([
      'A time is free: Fri 4 Dec, 13:00, Riverside Clinic',
    ]);
    await book({ startsAt, doctorId: okafor, patientId: other });
    pass(3);
    await sendAll();
    expect(server.mails.at(-1)?.subject).toBe('No longer free: Fri 4 Dec, 13:00, Riverside Clinic');
    expect(server.mails.at(-1)?.text).toContain('You are still on the waitlist.');
  });
});

describe('what may go wrong', () => {
  it('a recipient refused for good has failed, and the others are sent', async () => {
    const { id } = await book();
    pass(3);
    server.recipient = (address) => (address === 'anna@home.example' ? 550 : null);
    await sendAll();
    expect(await outbox(id)).toMatchObject([{ state: 'failed', attempts: 1 }]);
    expect((await outbox(id))[0]?.detail).toContain('550');
    pass(600);
    await sendAll();
    expect((await outbox(id))[0]?.attempts).toBe(1);
  });

  it('a recipient refused for now is tried five times, with longer and longer pauses', async () => {
    const { id } = await book();
    pass(3);
    server.recipient = () => 451;
    const tried: number[] = [];
    const began = clinic.clock.now;
    for (let minute = 0; minute <= 90; minute++) {
      const before = (await outbox(id))[0]?.attempts ?? 0;
      await sendAll();
      if (((await outbox(id))[0]?.attempts ?? 0) > before) tried.push((clinic.clock.now - began) / minuteMs);
      pass(1);
    }
    expect(tried).toEqual([0, 1, 6, 21, 81]);
    expect(await outbox(id)).toMatchObject([{ state: 'failed', attempts: 5 }]);
  });

  it('what failed waits for a person, once for each patient, until something arrives', async () => {
    const items = async () =>
      (
        await clinic.database.adminPool.query<{
          status: string;
          resolution: string;
          messages: { why: string }[];
        }>(
          `SELECT status, resolution, data -> 'messages' AS messages FROM attention_items
            WHERE kind = 'message-failed' AND patient_id = $1 ORDER BY created_at`,
          [anna],
        )
      ).rows;
    await clinic.database.adminPool.query(
      'SET session_replication_role = replica; DELETE FROM attention_items; SET session_replication_role = origin',
    );
    const first = await book();
    await book();
    pass(3);
    server.recipient = () => 550;
    await sendAll();
    expect(await items()).toMatchObject([{ status: 'open', messages: [{}, {}] }]);
    const [{ messages } = { messages: [] }] = await items();
    expect(messages[0]).toMatchObject({ kind: 'confirmed', address: 'anna@home.example', channel: 'email' });
    expect(messages[0]?.why).toContain('550');
    // Its sender vanished before it was written off: it fails once more, and is the same failure.
    await clinic.database.adminPool.query(
      "UPDATE notifications SET state = 'sending' WHERE appointment_id = $1",
      [first.id],
    );
    pass(10);
    await sendAll();
    expect((await outbox(first.id))[0]?.state).toBe('failed');
    expect((await items())[0]?.messages).toHaveLength(2);

    server.recipient = () => null;
    await book();
    pass(3);
    await sendAll();
    expect(await items()).toMatchObject([{ status: 'done', resolution: 'A later message arrived' }]);
    await book();
    pass(3);
    await sendAll();
    expect(await items()).toHaveLength(1);
  });

  it('a server that is away, or silent, is waited for a bounded time, and tried again', async () => {
    const closed = await startSilentServer();
    await closed.close();
    const silent = await startSilentServer();
    try {
      const { id } = await book();
      pass(3);
      for (const url of [closed.url, silent.url]) {
        const began = Date.now();
        await sendAll({ mailer: smtpMailer({ url, from, timeoutMs: 500 }) });
        expect(Date.now() - began).toBeLessThan(5000);
        expect(await outbox(id)).toMatchObject([{ state: 'due' }]);
        pass(6);
      }
      expect((await outbox(id))[0]?.detail).toMatch(/greeting|timeout|timed out|no end/i);
      await sendAll();
      expect(await outbox(id)).toMatchObject([{ state: 'sent', attempts: 3 }]);
      expect(server.mails).toHaveLength(1);
    } finally {
      await silent.close();
    }
  });

  it('killed between the mail server’s yes and its own note: sent once more, under the same Message-ID', async () => {
    const { id } = await book();
    pass(3);
    // A pool of its own, which goes away while the mail is under way: as if the process had been killed.
    const pool = await openAppPool(clinic.database.url);
    server.onMail = () => pool.end();
    await expect(sendDueMail(parts({ pool }), clinic.clinicId)).rejects.toThrow();
    server.onMail = null;
    expect(await outbox(id)).toMatchObject([{ state: 'sending', attempts: 1 }]);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    pass(5);
    await sendAll();
    expect(server.mails).toHaveLength(2);
    expect(server.mails[1]?.messageId).toBe(server.mails[0]?.messageId);
    expect(await outbox(id)).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('of one that was slower than its time, only the later one notes what became of it', async () => {
    const { id } = await book();
    pass(3);
    let came = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((done) => {
      release = done;
    });
    let second: Promise<void> = Promise.resolve();
    server.onMail = async () => {
      came += 1;
      if (came === 2) return await released;
      pass(6);
      second = sendAll();
      await vi.waitFor(() => expect(came).toBe(2));
    };
    await sendDueMail(parts(), clinic.clinicId);
    expect(await outbox(id)).toMatchObject([{ state: 'sending', attempts: 2 }]);
    release();
    await second;
    expect(await outbox(id)).toMatchObject([{ state: 'sent', attempts: 2 }]);
    expect(server.mails).toHaveLength(2);
    expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('names and addresses cannot write headers of their own', async () => {
    await putPatient({
      givenName: 'Anna\r\nBcc: evil@evil.example',
      familyName: '<script>alert(1)</script>',
      email: 'anna@home.example',
    });
    await book();
    pass(3);
    await sendAll();
    expect(server.mails).toHaveLength(1);
    expect(server.raw[0]?.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im);
    expect(server.mails[0]?.bcc).toBeUndefined();
    expect(server.mails[0]?.html).not.toContain('<script');
  });
});

describe('several senders', () => {
  it('side by side send each message once', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 24; i++) ids.push((await book()).id);
    pass(3);
    await Promise.all(Array.from({ length: 4 }, () => sendAll()));
    expect(server.mails).toHaveLength(24);
    expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(24);
    expect((await outbox()).every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true);
  });

  it('find the clinics that have something due, and no other', async () => {
    const other = await arrangeClinic(clinic.database.adminPool, { slug: 'other', number: 2 });
    await book();
    const due = () => clinicsWithUnsent(clinic.database.appPool, 'email', clinic.clock.now, 10);
    expect(await due()).toEqual([]);
    pass(3);
    expect(await due()).toEqual([clinic.clinicId]);
    await sendDueMail(parts(), other);
    expect(server.mails).toHaveLength(0);
    await sendAll();
    expect(await due()).toEqual([]);
  });
});

it('wakes after a commit, and looks by itself for what has become due', async () => {
  let core: Core | null = null;
  try {
    core = await openCore(clinic.database.appPool, {
      limitFactor: 1000,
      secret: Buffer.alloc(32, 7),
      mail: { mailer: { ...mailer, close: () => undefined }, publicUrl },
      now: () => clinic.clock.now,
    });
    const { id } = await book();
    const { executor } = core.services;
    const intent = await executor.execute({
      clinicId: clinic.clinicId,
      actor: patientActor,
      act: 'appointment.cancel',
      actVersion: 2,
      args: { appointmentId: id, reason: '' },
      requestId: newId(),
      device: null,
      baseSeq: 0,
      madeAt: null,
    });
    expect(intent.status).toBe('done');
    await vi.waitFor(() => expect(server.mails).toHaveLength(1), { timeout: 4000 });
  } finally {
    await core?.mail?.close();
    await core?.hub.close();
  }

  await book();
  pass(3);
  const relay = new Relay({
    find: () => clinicsWithUnsent(clinic.database.appPool, 'email', clinic.clock.now, 10),
    send: (clinicId) => sendDueMail(parts(), clinicId),
    sweepMs: 50,
  });
  try {
    await vi.waitFor(() => expect(server.mails).toHaveLength(2), { timeout: 4000 });
  } finally {
    await relay.close();
  }
});
