/** What journeys do and ask inside the desk's page, on the very desk that its screens use. It knows nothing of Playwright. */
import type { ActName } from '@medic/shared/acts/registry';
import type { Intent } from '@medic/shared/model/intent';
import { randomFrom } from '@medic/shared/testing/random';
import { dayMs, type Instant, instant } from '@medic/shared/time/instant';
import { differences, shownInAttention } from '../../simulation/checks';
import type { AllRows } from '../../simulation/permitted-rows';
import { wishAt } from '../../simulation/wishes';
import type { Desk } from '../src/renderer/replica/desk';
import type { DeskServices } from '../src/renderer/replica/services';

interface Fiber {
  memoizedProps: { value?: unknown } | null;
  child: Fiber | null;
  sibling: Fiber | null;
}

/** The product has no door to its desk; the page's own React tree says where it is. */
function services(): DeskServices {
  const root = document.getElementById('root') as unknown as Record<
    string,
    { stateNode: { current: Fiber } }
  >;
  const key = Object.keys(root).find((each) => each.startsWith('__reactContainer$'));
  const waiting: Fiber[] = key ? [(root[key] as { stateNode: { current: Fiber } }).stateNode.current] : [];
  for (let fiber = waiting.pop(); fiber; fiber = waiting.pop()) {
    const value = fiber.memoizedProps?.value;
    if (value !== null && typeof value === 'object' && 'session' in value && 'desk' in value)
      return value as DeskServices;
    for (const next of [fiber.sibling, fiber.child]) if (next) waiting.push(next);
  }
  throw new Error('no desk is in this page');
}

function deskHere(): Desk {
  const { desk } = services();
  if (!desk) throw new Error('the desk is not open');
  return desk;
}

export interface Done {
  /** Of what was kept, in order, with its act. */
  kept: { intentId: string; act: string }[];
  /** What the desk itself refused, and kept nothing of. */
  refusedHere: number;
}

/** Does by chance, until so many changes are kept, what people do at a desk, each through the act that a screen calls. */
export async function act(seed: string, count: number): Promise<Done> {
  const desk = deskHere();
  const random = randomFrom(seed);
  const done: Done = { kept: [], refusedHere: 0 };
  while (done.kept.length < count) {
    const wish = wishAt(desk, random);
    if (!wish) throw new Error('nothing is left to be done');
    const performed = await desk.perform(wish.act, wish.args);
    if (performed.kind === 'done') done.kept.push({ intentId: performed.intentId, act: wish.act });
    else done.refusedHere += 1;
    if (done.refusedHere > 20 * count) throw new Error('the desk refuses everything');
  }
  return done;
}

export interface Slot {
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  startsAt: Instant;
}

/** Where visits to come are booked by what waits here. */
export function slotsWanted(): Slot[] {
  const desk = deskHere();
  return desk.pending.flatMap(({ intent: { act, args } }) => {
    const { doctorId, locationId, appointmentTypeId, startsAt } = args as unknown as Slot;
    return act === 'appointment.book' && startsAt > desk.now()
      ? [{ doctorId, locationId, appointmentTypeId, startsAt }]
      : [];
  });
}

/** Books other patients there; says how many of the slots are taken now. */
export async function take(slots: readonly Slot[]): Promise<number> {
  const desk = deskHere();
  const patients = [...desk.facts.all('patient')].filter(({ mergedIntoId }) => mergedIntoId === null);
  let taken = 0;
  for (const [at, slot] of slots.entries()) {
    const performed = await desk.perform('appointment.book', {
      ...slot,
      startsAt: instant(slot.startsAt),
      appointmentId: desk.newId(),
      patientId: patients[(at * 7) % patients.length]?.id ?? '',
      notes: '',
      overrides: ['hold', 'same-patient'],
    });
    if (performed.kind === 'done') taken += 1;
  }
  return taken;
}

/** How long ago the oldest visit ended that is here. */
export function daysBack(): number {
  const desk = deskHere();
  const ends = [...desk.facts.all('appointment')].map(({ endsAt }) => endsAt);
  return (desk.now() - Math.min(...ends)) / dayMs;
}

export function unsent(): number {
  return deskHere().status.unsent;
}

export function waiting(): { intentId: string; act: string }[] {
  return deskHere().pending.map(({ intent }) => ({ intentId: intent.id, act: intent.act }));
}

export interface Standing {
  deviceId: string;
  userId: string;
  now: Instant;
  unsent: number;
  /** Of all intents of this device that lie here. */
  intents: Pick<Intent, 'id' | 'n' | 'act' | 'status'>[];
  inAttention: string[];
}

export function standing(): Standing {
  const desk = deskHere();
  return {
    deviceId: desk.deviceId,
    userId: desk.user.id,
    now: desk.now(),
    unsent: desk.status.unsent,
    intents: [...desk.facts.all('intent')].map(({ id, n, act, status }) => ({
      id,
      n,
      act: act as ActName,
      status,
    })),
    inAttention: [...shownInAttention(desk)],
  };
}

/** Where this desk's replica and the permitted rows are not the same; some may be there a day longer. */
export function compare(permitted: AllRows, untilPurged: AllRows): string[] {
  return differences(deskHere(), permitted, untilPurged, () => false);
}
