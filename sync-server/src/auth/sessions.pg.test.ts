import { dayMs, instant, minuteMs } from '@medic/shared/time/instant';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { monday, openTestClinic, type TestClinic } from '../testing/test-clinic';

let clinic: TestClinic;

beforeAll(async () => {
  clinic = await openTestClinic();
});
afterAll(() => clinic.close());
beforeEach(() => {
  clinic.clock.now = monday;
});

function later(minutes: number): void {
  clinic.clock.now = instant(monday + minutes * minuteMs);
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: { data?: { medic?: { code: string } } }) => error.data?.medic?.code ?? 'another error',
  );
}

const refresh = (refreshToken: string) => clinic.visitor.auth.refresh.mutate({ refreshToken });

it('ends an access token after a quarter of an hour, and a refresh gives a new one', async () => {
  const desk = await clinic.signIn();
  later(16);
  expect(await codeOf(desk.push())).toBe('auth.expired');
  const fresh = await refresh(desk.refreshToken);
  expect(fresh.accessExpiresAt).toBeGreaterThan(clinic.clock.now);
  expect(fresh.refreshToken).not.toBe(desk.refreshToken);
});

it('forgives a refresh whose answer was lost, and ends every session of the device when an old token comes later', async () => {
  const desk = await clinic.signIn();
  await refresh(desk.refreshToken);
  later(1);
  const second = await refresh(desk.refreshToken);
  later(10);
  // Over, but no reason to wipe the desk: it may have been put back from a copy of its disk, with work on it.
  expect(await codeOf(refresh(desk.refreshToken))).toBe('auth.expired');
  expect(await codeOf(refresh(second.refreshToken))).toBe('auth.expired');
});

it('ends a session that was not used for two months', async () => {
  const desk = await clinic.signIn();
  clinic.clock.now = instant(monday + 61 * dayMs);
  expect(await codeOf(refresh(desk.refreshToken))).toBe('auth.expired');
});

it('keeps no token as it is', async () => {
  const desk = await clinic.signIn();
  const { rows } = await clinic.database.adminPool.query('SELECT * FROM sessions');
  expect(JSON.stringify(rows)).not.toContain(desk.accessToken);
  expect(JSON.stringify(rows)).not.toContain(desk.refreshToken);
});

it('signs out at once', async () => {
  const desk = await clinic.signIn();
  await desk.client.auth.signOut.mutate();
  expect(await codeOf(desk.push())).toBe('auth.expired');
});

it("lets no leaver in, and ends the leaver's sessions", async () => {
  const desk = await clinic.signIn('okafor@harbour.example');
  await clinic.database.adminPool.query(
    `BEGIN; SELECT set_config('medic.seq', '9', true); UPDATE users SET active = false WHERE email = 'okafor@harbour.example'; COMMIT`,
  );
  expect(await codeOf(desk.push())).toBe('auth.revoked');
  expect(await codeOf(clinic.signIn('okafor@harbour.example'))).toBe('auth.wrong');
});

it('takes as long to refuse an account that is not there as a wrong password, and says the same', async () => {
  const attempt = (email: string) =>
    codeOf(
      clinic.visitor.auth.signIn.mutate({
        clinic: 'harbour',
        email,
        password: 'wrong password',
        device: { id: crypto.randomUUID(), name: 'x', kind: 'web' },
      }),
    );
  expect(await attempt('reception@harbour.example')).toBe('auth.wrong');
  expect(await attempt('nobody@harbour.example')).toBe('auth.wrong');
});

it('refuses a token that nobody made, whatever it looks like', async () => {
  for (const token of ['', 'x', `${clinic.clinicId}.abc`, "' OR 1=1 --"])
    expect(await codeOf(refresh(token))).toBe('auth.expired');
});
