import { aClinic } from '@medic/shared/testing/builders';
import { plusMinutes } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startMailServer, type TestMailServer } from '../testing/mail-server';
import { CodeSender } from './codes';
import { type Mailer, smtpMailer } from './mailer';

const now = parseInstant('2026-11-23T07:00:00Z');
const clinic = aClinic({ name: 'Harbour Clinic', slug: 'harbour' });
let server: TestMailServer;
let mailer: Mailer;
let sender: CodeSender;

beforeAll(async () => {
  server = await startMailServer();
  mailer = smtpMailer({ url: server.url, from: 'visits@medic.example', timeoutMs: 5000 });
});
afterAll(() => server.close());
afterEach(async () => {
  await sender.close();
  server.recipient = () => null;
  server.mails.length = 0;
});

function open(): CodeSender {
  sender = new CodeSender({
    mailer,
    publicUrl: 'https://visits.example',
    now: () => now,
    clinicById: async () => clinic,
  });
  return sender;
}
const message = {
  clinicId: clinic.id,
  email: 'anna@home.example',
  code: 'ABCDEFGH',
  expiresAt: plusMinutes(now, 10),
  language: 'en',
};

test('a code is sent, easy to read, and not in the subject', async () => {
  open().send(message);
  expect(server.mails).toHaveLength(0);
  await vi.waitFor(() => expect(server.mails).toHaveLength(1), { timeout: 10_000 });
  const [mail] = server.mails;
  expect(mail?.subject).toBe('Your sign-in code, Harbour Clinic');
  expect(mail?.text).toContain('\nABCD-EFGH\n');
  expect(mail?.text).toContain('good for 10 minutes');
  expect(mail?.to && 'value' in mail.to ? mail.to.value[0]?.address : null).toBe('anna@home.example');
});

test('it is tried again when the server is busy, but not when it says no for good', async () => {
  let asked = 0;
  server.recipient = (address) => {
    asked += 1;
    if (address === 'nobody@home.example') return 550;
    return asked === 1 ? 451 : null;
  };
  open().send(message);
  await vi.waitFor(() => expect(server.mails).toHaveLength(1), { timeout: 12_000 });
  expect(asked).toBe(2);
  sender.send({ ...message, email: 'nobody@home.example' });
  await vi.waitFor(() => expect(asked).toBe(3), { timeout: 10_000 });
  await new Promise((done) => setTimeout(done, 2500));
  expect(asked).toBe(3);
});

test('closing does not wait for the next try', async () => {
  server.recipient = () => 451;
  open().send(message);
  await new Promise((done) => setTimeout(done, 300));
  const began = Date.now();
  await sender.close();
  expect(Date.now() - began).toBeLessThan(1500);
});
