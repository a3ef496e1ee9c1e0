/** What happens next, by chance. */
import { type ActName, acts } from '@medic/shared/acts/registry';
import fc from 'fast-check';
import type { PlainClinic } from '../plain/clinic';
import { patientSteps } from './patients';
import { personFor } from './people';
import { seriesSteps } from './series';
import { slotSteps } from './slots';
import { extrasOf, type Maker, type NextIds, overridesOf, type Request, type Step, wishOf } from './step';
import { visitSteps } from './visits';
import { waitlistSteps } from './waitlist';

const makers: Readonly<Partial<Record<ActName, Maker>>> = {
  ...visitSteps,
  ...slotSteps,
  ...seriesSteps,
  ...waitlistSteps,
  ...patientSteps,
};

/** How often; once where nothing is said. */
const weights: Readonly<Partial<Record<ActName, number>>> = {
  'appointment.book': 14,
  'appointment.book-online': 8,
  'appointment.overbook': 5,
  'appointment.propose': 4,
  'appointment.accept': 6,
  'appointment.decline': 3,
  'appointment.confirm': 3,
  'appointment.reschedule': 12,
  'appointment.swap': 7,
  'appointment.shift': 4,
  'appointment.cancel': 6,
  'appointment.arrive': 3,
  'appointment.start': 2,
  'appointment.complete': 2,
  'appointment.noshow': 2,
  'appointment.undo': 8,
  'slot.hold': 12,
  'slot.extend': 4,
  'time.block': 3,
  'time.unblock': 2,
  'series.book': 5,
  'series.cancel': 3,
  'series.reschedule': 6,
  'waitlist.add': 7,
  'waitlist.add-online': 2,
  'waitlist.edit': 2,
  'waitlist.offer': 14,
  'waitlist.accept': 9,
  'waitlist.decline': 4,
  'patient.create': 3,
  'patient.edit': 4,
  'patient.set-consent': 2,
  'patient.propose-changes': 3,
  'patient.merge': 2,
  'patient.unmerge': 3,
  'attention.settle': 4,
};

export const actsPlayed = Object.keys(makers) as ActName[];
export const actsNotPlayed = (Object.keys(acts) as ActName[]).filter((act) => !makers[act]);

export const steps: fc.Arbitrary<Step> = fc.record({
  act: fc.oneof(
    ...actsPlayed.map((act) => ({ weight: weights[act] ?? 1, arbitrary: fc.constant(act) })),
  ) as fc.Arbitrary<ActName>,
  who: fc.nat(59),
  wait: fc.oneof(
    { weight: 8, arbitrary: fc.nat(1) },
    { weight: 3, arbitrary: fc.nat(12) },
    { weight: 1, arbitrary: fc.nat(240) },
  ),
  a: fc.nat(999),
  b: fc.nat(999),
  c: fc.nat(999),
  d: fc.nat(999),
  e: fc.nat(1199),
  other: fc.boolean(),
});

/** Where there is nothing yet to do this with, what there has to be first. */
function ratherThan(act: ActName, clinic: PlainClinic): ActName {
  switch (act) {
    case 'series.cancel':
    case 'series.reschedule':
      return clinic.series.length > 0 ? act : 'series.book';
    case 'waitlist.accept':
    case 'waitlist.decline':
    case 'waitlist.withdraw':
      if (clinic.entries.some(({ offers }) => offers.some((offer) => clinic.isOpen(offer)))) return act;
      return clinic.entries.some((entry) => clinic.isWaiting(entry)) ? 'waitlist.offer' : 'waitlist.add';
    case 'waitlist.offer':
    case 'waitlist.edit':
    case 'waitlist.close':
      return clinic.entries.some((entry) => clinic.isWaiting(entry)) ? act : 'waitlist.add';
    case 'patient.unmerge':
      return clinic.merges.length > 0 ? act : 'patient.merge';
    case 'attention.settle':
      return clinic.items.length > 0 ? act : 'patient.propose-changes';
    default:
      return act;
  }
}

/** The request that a step stands for. */
export function requestOf(chosen: Step, clinic: PlainClinic, ids: NextIds): Request {
  const step = chosen.a % 6 === 0 ? chosen : { ...chosen, act: ratherThan(chosen.act, clinic) };
  const make = makers[step.act];
  if (!make) throw new Error(`${step.act} is not played`);
  const { who, actor } = personFor(step);
  const extras = extrasOf(step);
  return make({
    step,
    who,
    actor,
    clinic,
    ids,
    extras,
    overrides: overridesOf(extras),
    wish: wishOf(clinic, step, who),
    patient: step.a % clinic.patients.length,
  });
}
