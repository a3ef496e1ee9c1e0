import { clinicOf, now, on } from '@medic/shared/acts/testing/acting';
import { appointmentTypeId, doctorId, locationId } from '@medic/shared/testing/builders';
import { plusMinutes } from '@medic/shared/time/instant';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VisitorApi } from '../testing/visitor-api';
import { HoldKeeper, type Keeping, type Wish } from './keeper';

const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now });
});
afterEach(() => {
  vi.useRealTimers();
});

function wishAt(clock: string): Wish {
  return { appointmentTypeId, doctorId, locationId, startsAt: on(clock) };
}

/** Two browsers at one clinic. */
function visitors() {
  const facts = clinicOf();
  const [api, other] = [new VisitorApi(facts, 'one'), new VisitorApi(facts, 'two')];
  return {
    api,
    other,
    keeper: new HoldKeeper(api, 'riverside'),
    otherKeeper: new HoldKeeper(other, 'riverside'),
  };
}

function pass(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * minute);
}

test('a time is kept for ten minutes, and nobody else is offered it', async () => {
  const { keeper, otherKeeper } = visitors();
  const kept = await keeper.keep(wishAt('10:00'));
  expect(kept).toMatchObject({ state: 'kept', hold: { expiresAt: now + 10 * minute, extensionsLeft: 3 } });
  expect(keeper.keeping).toBe(kept);
  expect(await otherKeeper.keep(wishAt('10:00'))).toMatchObject({
    state: 'lost',
    refusal: { reasons: [{ code: 'hold' }] },
  });
});

test('what is kept is not asked for again', async () => {
  const { keeper, api } = visitors();
  await keeper.keep(wishAt('10:00'));
  await keeper.keep(wishAt('10:00'));
  expect(api.asked.filter((name) => name === 'hold')).toHaveLength(1);
});

test('a reload finds the hold without another proof', async () => {
  const { keeper, api } = visitors();
  await keeper.keep(wishAt('10:00'));
  api.asked.length = 0;
  const afterReload = new HoldKeeper(api, 'riverside');
  expect(await afterReload.keep(wishAt('10:00'))).toMatchObject({ state: 'kept' });
  expect(api.asked).toEqual(['held']);
});

test('a proof that was worked out ahead is used once', async () => {
  const { keeper, api } = visitors();
  keeper.prepare();
  await keeper.keep(wishAt('10:00'));
  expect(api.asked).toEqual(['challenge', 'hold']);
  await keeper.keep(wishAt('11:00'));
  expect(api.asked).toEqual(['challenge', 'hold', 'held', 'challenge', 'hold']);
});

test('a proof that lies about too long is worked out anew', async () => {
  const { keeper, api } = visitors();
  keeper.prepare();
  await vi.waitFor(() => expect(api.asked).toEqual(['challenge']));
  await Promise.resolve();
  pass(9);
  await keeper.keep(wishAt('10:00'));
  expect(api.asked).toEqual(['challenge', 'challenge', 'hold']);
});

test('of two wishes in a row the last one is kept, whatever comes back first', async () => {
  const { keeper, otherKeeper } = visitors();
  const states: Keeping['state'][] = [];
  keeper.subscribe(() => states.push(keeper.keeping.state));
  await Promise.all([keeper.keep(wishAt('10:00')), keeper.keep(wishAt('12:00'))]);
  expect(keeper.keeping).toMatchObject({ state: 'kept', wish: { startsAt: on('12:00') } });
  expect(states).toEqual(['asking', 'asking', 'kept']);
  expect(await otherKeeper.keep(wishAt('10:00'))).toMatchObject({ state: 'kept' });
});

test('it can be kept three times longer, and then ends', async () => {
  const { keeper } = visitors();
  await keeper.keep(wishAt('10:00'));
  for (const left of [2, 1, 0]) {
    pass(9);
    await keeper.extend();
    expect(keeper.keeping).toMatchObject({ state: 'kept', hold: { extensionsLeft: left } });
  }
  await keeper.extend();
  expect(keeper.keeping).toMatchObject({ state: 'ended', why: 'time', free: true });
});

test('without an answer the kept time stays as it was, and it can be tried again', async () => {
  const { keeper, api } = visitors();
  await keeper.keep(wishAt('10:00'));
  api.unreachable = true;
  expect(await keeper.extend()).toBe(false);
  expect(keeper.keeping.state).toBe('kept');
  api.unreachable = false;
  expect(await keeper.extend()).toBe(true);
});

test('a time that cannot be asked for is said to be not kept, and can be asked for again', async () => {
  const { keeper, api } = visitors();
  api.unreachable = true;
  expect(await keeper.keep(wishAt('10:00'))).toMatchObject({ state: 'failed' });
  api.unreachable = false;
  expect(await keeper.keep(wishAt('10:00'))).toMatchObject({ state: 'kept' });
});

test('after ten minutes it says whether the time can still be had', async () => {
  const { keeper, otherKeeper } = visitors();
  await keeper.keep(wishAt('10:00'));
  pass(10);
  await keeper.expire();
  expect(keeper.keeping).toMatchObject({ state: 'ended', free: true });
  await keeper.keep(wishAt('10:00'));
  pass(10);
  await otherKeeper.keep(wishAt('10:00'));
  await keeper.expire();
  expect(keeper.keeping).toMatchObject({ state: 'ended', free: false });
});

test('what is let go is free for others', async () => {
  const { keeper, otherKeeper } = visitors();
  await keeper.keep(wishAt('10:00'));
  keeper.release();
  expect(keeper.keeping.state).toBe('none');
  await vi.waitFor(async () =>
    expect(await otherKeeper.keep(wishAt('10:00'))).toMatchObject({ state: 'kept' }),
  );
});

test('another time in another tab ends this one; a booking there is told apart', async () => {
  const { keeper, api } = visitors();
  const tab = new HoldKeeper(api, 'riverside');
  await keeper.keep(wishAt('10:00'));
  await tab.keep(wishAt('12:00'));
  await keeper.check();
  expect(keeper.keeping).toMatchObject({ state: 'ended', why: 'elsewhere', free: true });
  await keeper.keep(wishAt('10:00'));
  keeper.bookedElsewhere(wishAt('12:00'));
  expect(keeper.keeping.state).toBe('kept');
  keeper.bookedElsewhere(wishAt('10:00'));
  expect(keeper.keeping).toMatchObject({ state: 'ended', why: 'booked' });
});

test('where too many times of a day are kept it is told apart from a loss: the time can still be booked', async () => {
  const facts = clinicOf();
  const states: Keeping['state'][] = [];
  for (let n = 0; n < 10; n++) {
    const keeper = new HoldKeeper(new VisitorApi(facts, `visitor-${n}`), 'riverside');
    const startsAt = plusMinutes(on('08:00'), n * 45);
    states.push((await keeper.keep({ ...wishAt('08:00'), startsAt })).state);
  }
  expect(states[0]).toBe('kept');
  expect(states.at(-1)).toBe('unkept');
});
