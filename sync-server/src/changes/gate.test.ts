import { MedicError } from '@medic/shared/errors';
import { expect, it } from 'vitest';
import { Gate } from './gate';

function held() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

it('lets so many run at a time, the others in their turn, and turns away the rest', async () => {
  const gate = new Gate({ atOnce: 2, mostWaiting: 3 });
  const doors = Array.from({ length: 5 }, held);
  let [running, most] = [0, 0];
  const begun: number[] = [];
  const all = doors.map(({ opened }, n) =>
    gate.run(async () => {
      begun.push(n);
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
    }),
  );
  const waits = new Set<unknown>();
  for (let n = 0; n < 50; n++) {
    const refused = await gate.run(async () => undefined).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MedicError);
    expect((refused as MedicError).code).toBe('server.busy');
    waits.add((refused as MedicError).details.retryAfterSeconds);
  }
  // Not all at the same moment.
  expect(waits.size).toBeGreaterThan(1);
  for (const { open } of doors) open();
  await Promise.all(all);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  await gate.run(async () => undefined);
});

it('goes on after work that fails', async () => {
  const gate = new Gate({ atOnce: 1, mostWaiting: 1 });
  const failing = gate.run(async () => {
    throw new Error('broken');
  });
  const next = gate.run(async () => 'fine');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('fine');
});
