/** One small clinic and its people, for tests of acts: run as both sides run them. */
import type { Appointment } from '../../model/appointment';
import type { AppointmentType } from '../../model/appointment-type';
import type { SlotHold } from '../../model/slot-hold';
import {
  anAppointmentType,
  aPatient,
  appointmentTypeId,
  aTemplate,
  at,
  clinicId,
  doctorId,
  idOf,
  locationId,
  patientId,
  time,
} from '../../testing/builders';
import { type FactsParts, factsOf } from '../../testing/facts-of';
import type { Instant } from '../../time/instant';
import type { ActContext, Actor, Decision, Done } from '../act';
import { applyDecision, timelineOf } from '../apply';
import { decideAct } from '../decide';
import type { Facts } from '../facts';
import { type ActArgs, type ActName, actNamed } from '../registry';

export const now = at('2026-11-24 07:00');

export const reception: Actor = {
  kind: 'staff',
  id: idOf('user', 1),
  name: 'Hanna',
  roles: ['reception'],
  rights: [],
  doctorId: null,
};
export const overbooker: Actor = { ...reception, rights: ['overbook'] };
export const doctor: Actor = { ...reception, name: 'Nowak', roles: ['doctor'], doctorId };
/** On the public page: nobody in particular, known by a cookie. */
export const visitor: Actor = {
  kind: 'patient',
  id: null,
  name: '',
  roles: [],
  rights: [],
  doctorId: null,
  holder: 'visitor-a',
};
/** Signed in to the portal. */
export const patient: Actor = { ...visitor, id: patientId, name: 'Anna Kowalska' };

let ids = 0;
export function contextOf(overrides: Partial<ActContext> = {}): ActContext {
  const decidedAt = overrides.now ?? now;
  return {
    clinicId,
    actor: reception,
    now: decidedAt,
    madeAt: decidedAt,
    newId: () => idOf('intent', 5000 + ids++),
    ...overrides,
  };
}

export function by(actor: Actor, at: Instant = now): ActContext {
  return contextOf({ actor, now: at });
}

/** Parse, ask for rights, decide. */
export function decide<N extends ActName>(
  facts: Facts,
  name: N,
  args: ActArgs<N>,
  context = contextOf(),
): Decision {
  const act = actNamed(name);
  if (!act) throw new Error(name);
  return decideAct(act, facts, act.args.parse(args), context);
}

/** Decides and keeps what came of it, with its timeline. */
export function run<N extends ActName>(
  facts: Facts,
  name: N,
  args: ActArgs<N>,
  context = contextOf(),
): Decision {
  const decision = decide(facts, name, args, context);
  if (decision.kind === 'done') applyDecision(facts, decision, timelineOf(decision, name, context), 1);
  return decision;
}

/** As `run`, for what has to work. */
export function must<N extends ActName>(
  facts: Facts,
  name: N,
  args: ActArgs<N>,
  context = contextOf(),
): Done {
  const decision = run(facts, name, args, context);
  if (decision.kind === 'refused')
    throw new Error(`${name} was refused: ${JSON.stringify(decision.reasons)}`);
  return decision;
}

/** The codes of a refusal, with those of the rules of time spelled out; null when it was done. */
export function refusalOf(decision: Decision): string[] | null {
  if (decision.kind === 'done') return null;
  return decision.reasons.map((reason) =>
    reason.code === 'slot' ? `slot ${reason.reason.code}` : reason.code,
  );
}

/** One doctor from 08:00 to 16:00 every day; visits of 30 minutes on a grid of 15, with a buffer of 5 after. */
export function clinicOf(
  parts: {
    appointments?: Appointment[];
    holds?: SlotHold[];
    type?: Partial<AppointmentType>;
  } & Omit<FactsParts, 'appointments' | 'holds' | 'types'> & { types?: AppointmentType[] } = {},
): Facts {
  const { type, types = [], ...rest } = parts;
  return factsOf({
    templates: [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aTemplate({ weekday, opensAt: time('08:00'), closesAt: time('16:00'), breaks: [] }),
    ),
    patients: [
      aPatient({ email: 'anna@example.org', consentSms: true, consentEmail: true }),
      aPatient({ id: idOf('patient', 2), givenName: 'Jan', email: null, phone: null }),
    ],
    ...rest,
    types: [
      anAppointmentType({ durationMinutes: 30, slotStepMinutes: 15, bufferAfterMinutes: 5, ...type }),
      ...types,
    ],
  });
}

/** Tuesday, 2026-11-24. */
export function on(clock: string): Instant {
  return at(`2026-11-24 ${clock}`);
}

export function bookAt(clock: string, n = 1): ActArgs<'appointment.book'> {
  return {
    appointmentId: idOf('appointment', n),
    patientId,
    doctorId,
    locationId,
    appointmentTypeId,
    startsAt: on(clock),
    notes: '',
  };
}

export function holdAt(clock: string, n = 1): ActArgs<'slot.hold'> {
  return { holdId: idOf('slotHold', n), doctorId, locationId, appointmentTypeId, startsAt: on(clock) };
}

export function visitOf(facts: Facts, n = 1): Appointment {
  const visit = facts.get('appointment', idOf('appointment', n));
  if (!visit) throw new Error(`no visit ${n}`);
  return visit;
}
