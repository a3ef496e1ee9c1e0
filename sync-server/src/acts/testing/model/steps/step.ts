/**
 * A step is a handful of small numbers, and means something only together with what stands already, so that a run can
 * be made shorter and still goes on. A request is what it means: asked of the real acts and of the plain clinic alike.
 */
import type { Actor, Override } from '@medic/shared/acts/act';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import { at, idOf } from '@medic/shared/testing/builders';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import type { Answer, PlainClinic, Who } from '../plain/clinic';
import type { Extras, Wish } from '../plain/places';

export interface Step {
  act: ActName;
  who: number;
  /** Minutes that pass before. */
  wait: number;
  a: number;
  b: number;
  c: number;
  d: number;
  /** What is seldom: another place, length or room, or made at a desk earlier. */
  e: number;
  /** Asked of the other process. */
  other: boolean;
}

export interface Request<N extends ActName = ActName> {
  act: N;
  actor: Actor;
  args: ActArgs<N>;
  /** What the plain clinic says of it. */
  plainly(clinic: PlainClinic): Answer;
}

/** Made at a desk so many minutes ago; null is asked at once. */
export function minutesAgo({ e }: Step): number | null {
  const seldom = Math.floor(e / 192);
  if (seldom < 2) return null;
  if (seldom === 2) return 0;
  return seldom === 3 ? e % 20 : seldom === 4 ? e % 90 : 90 + (e % 200);
}

export const monday = at('2026-11-23 00:00');

export function instantOf(minute: number): Instant {
  return plusMinutes(monday, minute);
}

/** What is given next: ids that nobody has yet. */
export class NextIds {
  visit = 1;
  hold = 1;
  entry = 1;
  offer = 1;
  block = 1;
  series = 1;
  merge = 1;
}

export const nobody = 9000;

export function pick<T>(from: readonly T[], by: number): T | undefined {
  return from.length === 0 ? undefined : from[by % from.length];
}

/** Of what came last, since most is done with that; now and then of what never was. */
export function pickLate<T extends { id: number }>(from: readonly T[], by: number): number {
  if (by % 50 === 7 || from.length === 0) return nobody;
  const near = Math.min(from.length, 10);
  return (from[from.length - 1 - (by % near)] as T).id;
}

const kindsByChance = [0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 2];

/** Around the hours of today and tomorrow, mostly on the grid of some kind. */
export function wishOf(clinic: PlainClinic, { a, b, c, d, e }: Step, who: Who): Wish {
  const today = Math.floor(clinic.now / 1440);
  const place = e % 4 === 3 ? 1 : 0;
  const [opens, quarters] = place === 0 ? [480, 16] : [780, 8];
  const minute = c % 11 === 10 ? opens - 5 + (d % (quarters * 3 + 2)) * 5 : opens + (d % quarters) * 15;
  // What is over is asked for now and then only.
  const isOver = today * 1440 + minute <= clinic.now && a % 6 !== 0;
  const day = isOver || c % 7 >= 4 ? today + 1 : today;
  const length = Math.floor(e / 4) % 6;
  const room = Math.floor(e / 24) % 8;
  return {
    doctor: b % 5 === 0 ? c % 2 : (who.doctor ?? c % 2),
    kind: pick(kindsByChance, b) as number,
    place,
    start: day * 1440 + minute,
    minutes: length === 4 ? 15 : length === 5 ? 45 : null,
    room: room === 6 ? c % 4 : room === 7 ? b % 3 : null,
  };
}

export function slotArgs({ doctor, kind, place, start }: Wish) {
  return {
    doctorId: idOf('doctor', doctor + 1),
    locationId: placeId(place),
    appointmentTypeId: idOf('appointmentType', kind + 1),
    startsAt: instantOf(start),
  };
}

export function placeId(place: number): string {
  return idOf('location', place + 1);
}

export function roomId(room: number | null | undefined): string | null {
  return room === null || room === undefined ? null : idOf('room', room + 1);
}

export function patientId(patient: number): string {
  return idOf('patient', patient + 1);
}

export function extrasOf({ a, d }: Step): Extras {
  return { overHold: (a + d) % 4 === 0, samePatient: (a + d) % 3 === 0 };
}

export function overridesOf(extras: Extras): Override[] {
  return [
    ...(extras.overHold ? ['hold' as const] : []),
    ...(extras.samePatient ? ['same-patient' as const] : []),
  ];
}

/** What every idea's steps are made from. */
export interface Making {
  step: Step;
  who: Who;
  actor: Actor;
  clinic: PlainClinic;
  ids: NextIds;
  extras: Extras;
  overrides: Override[];
  wish: Wish;
  /** Somebody, as likely merged away as not. */
  patient: number;
}

export type Maker = (making: Making) => Request;

export function requested<N extends ActName>(
  act: N,
  actor: Actor,
  args: ActArgs<N>,
  plainly: Request['plainly'],
): Request {
  return { act, actor, args, plainly };
}
