import { MedicError } from '@medic/shared/errors';
import { expect, it } from 'vitest';
import { ClinicQueue } from './clinic-queue';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Acts that are done when they are told to be, and the order in which they began. */
function heldActs(queue: ClinicQueue) {
  const begun: string[] = [];
  const atWork = new Map<string, () => void>();
  const ask = (clinicId: string, name: string) =>
    queue.run(
      clinicId,
      () =>
        new Promise<string>((resolve) => {
          begun.push(name);
          atWork.set(name, () => {
            atWork.delete(name);
            resolve(name);
          });
        }),
    );
  const finish = async (name: string) => {
    atWork.get(name)?.();
    await turn();
  };
  return { begun, atWork, ask, finish };
}

function names(clinic: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${clinic}${i + 1}`);
}

it('an act of a quiet clinic waits for one act of a rushed one, not for its line', async () => {
  const queue = new ClinicQueue({ longest: 1000, atOnce: 1, perClinic: 1 });
  const { begun, ask, finish } = heldActs(queue);
  const rush = names('rushed', 100).map((name) => ask('rushed', name));
  await turn();
  const quiet = ask('quiet', 'quiet1');
  await finish('rushed1');
  expect(begun).toEqual(['rushed1', 'quiet1']);
  await finish('quiet1');
  expect(await quiet).toBe('quiet1');
  for (const name of names('rushed', 100)) await finish(name);
  expect(await Promise.all(rush)).toEqual(names('rushed', 100));
});

it('clinics that all have more to do take turns, each in the order in which it was asked', async () => {
  const queue = new ClinicQueue({ longest: 1000, atOnce: 1, perClinic: 1 });
  const { begun, ask, finish } = heldActs(queue);
  for (const clinic of ['a', 'b', 'c']) for (const name of names(clinic, 3)) void ask(clinic, name);
  await turn();
  for (let i = 0; i < 9; i++) await finish(begun.at(-1) ?? '');
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
});

it('a clinic has one act at work, all together as many as are allowed', async () => {
  const queue = new ClinicQueue({ longest: 1000, atOnce: 2, perClinic: 1 });
  const { begun, atWork, ask, finish } = heldActs(queue);
  for (const name of names('a', 3)) void ask('a', name);
  await turn();
  expect([...atWork.keys()]).toEqual(['a1']);
  for (const clinic of ['b', 'c']) void ask(clinic, `${clinic}1`);
  await turn();
  expect([...atWork.keys()]).toEqual(['a1', 'b1']);
  await finish('a1');
  expect([...atWork.keys()]).toEqual(['b1', 'c1']);
  await finish('b1');
  expect([...atWork.keys()]).toEqual(['c1', 'a2']);
  for (const name of ['c1', 'a2', 'a3']) await finish(name);
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
});

it('of a clinic with several at work the next begins only after the others that wait', async () => {
  const queue = new ClinicQueue({ longest: 1000, atOnce: 3, perClinic: 2 });
  const { begun, ask, finish } = heldActs(queue);
  for (const name of names('a', 5)) void ask('a', name);
  for (const name of names('b', 3)) void ask('b', name);
  await turn();
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await finish('a1');
  expect(begun.at(-1)).toBe('b2');
  await finish('b1');
  expect(begun.at(-1)).toBe('a3');
  for (const name of ['b2', 'a2', 'a3', 'b3', 'a4', 'a5']) await finish(name);
  expect(begun).toHaveLength(8);
  await queue.idle();
});

it('an act that throws makes room for the next one, and only its own caller hears of it', async () => {
  const queue = new ClinicQueue({ longest: 10, atOnce: 1, perClinic: 1 });
  const failing = queue.run('a', async () => {
    throw new Error('on purpose');
  });
  const next = queue.run('a', async () => 'went on');
  await expect(failing).rejects.toThrow('on purpose');
  expect(await next).toBe('went on');
});

it('more of one clinic than may wait are turned away at once, told when to come again; others are not', async () => {
  const queue = new ClinicQueue({ longest: 3, atOnce: 1, perClinic: 1 });
  const { ask, finish } = heldActs(queue);
  const within = names('a', 3).map((name) => ask('a', name));
  const error: unknown = await ask('a', 'a4').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MedicError);
  expect((error as MedicError).code).toBe('clinic.busy');
  expect((error as MedicError).details.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  const other = ask('b', 'b1');
  await turn();
  for (const name of ['a1', 'b1', 'a2', 'a3']) await finish(name);
  expect(await other).toBe('b1');
  expect(await Promise.all(within)).toEqual(names('a', 3));
});

it('is idle when nothing waits or works', async () => {
  const queue = new ClinicQueue({ longest: 10, atOnce: 1, perClinic: 1 });
  await queue.idle();
  const { ask, finish } = heldActs(queue);
  void ask('a', 'a1');
  void ask('b', 'b1');
  let isIdle = false;
  const idle = queue.idle().then(() => {
    isIdle = true;
  });
  await turn();
  await finish('a1');
  expect(isIdle).toBe(false);
  await finish('b1');
  await idle;
});
