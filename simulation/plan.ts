/**
 * What happens in a run, decided before it begins. A step is a kind and a seed of its own, and means something only
 * together with what stands by then: so steps can be left out, and the others still do what they did.
 */
import { type Random, randomFrom } from '@medic/shared/testing/random';

export const stepKinds = [
  'act',
  'visitor',
  'patient',
  'partition',
  'reconnect',
  'weather',
  'cut-streams',
  'stall-streams',
  'crash',
  'reload',
  'lock',
  'switch',
  'sign-out',
  'night',
  'full-disk',
  'room',
  'lose-store',
  'back-up',
  'restore',
  'poison',
  'kill-server',
  'lose-database',
  'late-commits',
  'skew',
  'revoke',
  'roles',
  'wait',
] as const;
export type StepKind = (typeof stepKinds)[number];

export interface Step {
  /** Its place in the whole plan, also when others were left out. */
  index: number;
  kind: StepKind;
  desk: number;
  /** Virtual time that passes before it. */
  waitMs: number;
  seed: string;
}

const weights: Record<StepKind, number> = {
  act: 60,
  visitor: 7,
  patient: 7,
  partition: 4,
  reconnect: 5,
  weather: 3,
  'cut-streams': 2,
  'stall-streams': 1,
  crash: 4,
  reload: 1,
  lock: 1,
  switch: 4,
  'sign-out': 0.7,
  night: 0.6,
  'full-disk': 2,
  room: 2,
  'lose-store': 0.7,
  'back-up': 2.5,
  // Where nothing was backed up yet, it is now.
  restore: 2.5,
  poison: 1,
  'kill-server': 2,
  'lose-database': 2,
  'late-commits': 2,
  skew: 2,
  revoke: 0.5,
  roles: 0.6,
  wait: 2,
};

export function planOf(seed: string, steps: number, desks: number): Step[] {
  const random = randomFrom(`${seed}/plan`);
  return Array.from({ length: steps }, (_, index) => {
    const kind = random.weighted(stepKinds.map((each) => [each, weights[each]] as const));
    return {
      index,
      kind,
      desk: random.integer(0, desks - 1),
      waitMs: waitBefore(kind, random),
      seed: `${seed}/${index}`,
    };
  });
}

const minute = 60_000;

function waitBefore(kind: StepKind, random: Random): number {
  if (kind === 'wait') return random.pick([2 * minute, 10 * minute, 45 * minute]);
  return random.weighted([
    [0, 6],
    [random.integer(1, 60), 6],
    [random.integer(60, 3_000), 6],
    [random.integer(3_000, 90_000), 2],
  ]);
}
