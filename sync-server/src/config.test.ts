import { expect, test } from 'vitest';
import { readConfig } from './config';

test('without a word about mail none is sent; the demo keeps it in the inbox of development', () => {
  expect(readConfig({}).mail).toEqual({ via: 'none' });
  expect(readConfig({ MEDIC_DEMO: '1' }).mail).toEqual({ via: 'inbox' });
  expect(readConfig({ MEDIC_DEV_INBOX: '1' }).mail).toEqual({ via: 'inbox' });
});

test('with an SMTP server nothing is kept for show, whatever else is set', () => {
  const env = { MEDIC_SMTP_URL: 'smtps://a:b@mail.example:465', MEDIC_MAIL_FROM: 'visits@clinic.example' };
  const smtp = { via: 'smtp', url: env.MEDIC_SMTP_URL, from: env.MEDIC_MAIL_FROM };
  expect(readConfig({ ...env, MEDIC_DEMO: '1', MEDIC_DEV_INBOX: '1' }).mail).toEqual(smtp);
});

test.each([
  [{ MEDIC_SMTP_URL: 'smtp://mail.example' }, 'MEDIC_MAIL_FROM: with MEDIC_SMTP_URL it is needed'],
  [{ MEDIC_SMTP_URL: 'mail.example:587' }, 'MEDIC_SMTP_URL: an address such as'],
  [{ MEDIC_MAIL_FROM: 'Clinic <visits@clinic.example>' }, 'MEDIC_MAIL_FROM: an e-mail address'],
  [{ MEDIC_SECRET: 'short' }, 'MEDIC_SECRET: at least 32 characters'],
  [{ MEDIC_PUBLIC_URL: 'visits.example.org' }, 'MEDIC_PUBLIC_URL: an address such as'],
  [{ MEDIC_PUBLIC_URL: 'https://visits.example.org/?x=1' }, 'MEDIC_PUBLIC_URL: an address such as'],
  [{ MEDIC_PUBLIC_URL: 'javascript:alert(1)' }, 'MEDIC_PUBLIC_URL: an address such as'],
])('%j is refused: %s', (env, says) => {
  expect(() => readConfig(env)).toThrow(says);
});

test('links begin with the public address, without a slash at its end', () => {
  expect(readConfig({ MEDIC_PUBLIC_URL: 'https://visits.example.org/' }).publicUrl).toBe(
    'https://visits.example.org',
  );
  expect(readConfig({}).publicUrl).toBeNull();
});

test('variables that are set to nothing are not set', () => {
  const { secret, publicUrl, mail } = readConfig({
    MEDIC_SECRET: '',
    MEDIC_PUBLIC_URL: '',
    MEDIC_SMTP_URL: '',
    MEDIC_MAIL_FROM: '',
  });
  expect([secret, publicUrl, mail]).toEqual([null, null, { via: 'none' }]);
});
