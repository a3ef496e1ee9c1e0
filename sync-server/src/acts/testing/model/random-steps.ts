/**
 * What happens next, by chance: a step is a handful of small numbers, and means something only together with what
 * stands already, so that a run can be made shorter and still goes on. Each asks the real acts and the plain clinic
 * for the same thing.
 */
import type { Actor, Override } from '@medic/shared/acts/act';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import { at, date, idOf, locationId } from '@medic/shared/testing/builders';
import { type Instant, plusMinutes, type WallTime } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import fc from 'fast-check';
import {
  type Answer,
  doctors,
  type Entry,
  type Extras,
  kinds,
  type PlainClinic,
  type Visit,
  type Who,
  type Wish,
} from './plain-clinic';

export const monday = at('2026-11-23 00:00');

export function instantOf(minute: number): Instant {
  return plusMinutes(monday, minute);
}

interface Person {
  who: Who;
  actor: Actor;
}

function staffOf(n: number, who: Partial<Who>, roles: Actor['roles']): Person {
  const plain: Who = {
    kind: 'staff',
    runs: true,
    overbooks: false,
    doctor: null,
    patient: null,
    holder: null,
    ...who,
  };
  return {
    who: plain,
    actor: {
      kind: 'staff',
      id: idOf('user', n),
      name: `User ${n}`,
      roles,
      rights: plain.overbooks ? ['overbook'] : [],
      doctorId: plain.doctor === null ? null : idOf('doctor', plain.doctor + 1),
    },
  };
}

function patientOf(patient: number | null, holder: number | null): Person {
  return {
    who: { kind: 'patient', runs: false, overbooks: false, doctor: null, patient, holder },
    actor: {
      kind: 'patient',
      id: patient === null ? null : idOf('patient', patient + 1),
      name: '',
      roles: [],
      rights: [],
      doctorId: null,
      ...(holder === null ? {} : { holder: `holder-${holder}` }),
    },
  };
}

export const firstPatients = 4;
const staff: readonly Person[] = [
  staffOf(1, {}, ['reception']),
  staffOf(2, { overbooks: true }, ['admin']),
  staffOf(1, {}, ['reception']),
  staffOf(3, { runs: false, doctor: 0 }, ['doctor']),
  staffOf(4, { runs: false, doctor: 1, overbooks: true }, ['doctor']),
];
const patients: readonly Person[] = [0, 1, 2].map((patient) => patientOf(patient, null));
const visitors: readonly Person[] = [1, 2, 3].map((holder) => patientOf(null, holder));

const weights: Readonly<Partial<Record<ActName, number>>> = {
  'appointment.book': 14,
  'appointment.book-online': 8,
  'appointment.overbook': 5,
  'appointment.propose': 4,
  'appointment.accept': 6,
  'appointment.decline': 3,
  'appointment.confirm': 3,
  'appointment.reschedule': 10,
  'appointment.swap': 4,
  'appointment.shift': 4,
  'appointment.cancel': 6,
  'appointment.void': 1,
  'appointment.arrive': 3,
  'appointment.start': 2,
  'appointment.complete': 2,
  'appointment.noshow': 2,
  'appointment.undo': 8,
  'appointment.revoke-link': 1,
  'slot.hold': 12,
  'slot.extend': 4,
  'slot.release': 1,
  'time.block': 3,
  'time.unblock': 2,
  'series.book': 3,
  'series.cancel': 3,
  'series.reschedule': 3,
  'waitlist.add': 4,
  'waitlist.close': 1,
  'waitlist.offer': 8,
  'waitlist.accept': 5,
  'waitlist.decline': 4,
  'patient.merge': 2,
  'patient.unmerge': 3,
};
export const actsPlayed = Object.keys(weights) as ActName[];

export interface Step {
  act: ActName;
  who: number;
  /** Minutes that pass before. */
  wait: number;
  a: number;
  b: number;
  c: number;
  d: number;
  /** Asked of the other process. */
  other: boolean;
}

export const steps: fc.Arbitrary<Step> = fc.record({
  act: fc.oneof(
    ...actsPlayed.map((act) => ({ weight: weights[act] as number, arbitrary: fc.constant(act) })),
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
  other: fc.boolean(),
});

export interface Request<N extends ActName = ActName> {
  act: N;
  actor: Actor;
  args: ActArgs<N>;
  /** What the plain clinic says of it. */
  plainly(clinic: PlainClinic): Answer;
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

function pick<T>(from: readonly T[], by: number): T | undefined {
  return from.length === 0 ? undefined : from[by % from.length];
}

/** Of what came last, since most is done with that; now and then of what never was. */
function pickLate<T extends { id: number }>(from: readonly T[], by: number): number {
  if (by % 50 === 7 || from.length === 0) return 9000;
  const near = Math.min(from.length, 10);
  return (from[from.length - 1 - (by % near)] as T).id;
}

const kindsByChance = [0, 0, 0, 1, 1, 1, 2, 2, 3];

/** Around the hours of today and tomorrow, mostly on the grid of some type. */
function wishOf(clinic: PlainClinic, { b, c, d }: Step, who: Who): Wish {
  const day = Math.floor(clinic.now / 1440) + (c % 7 < 4 ? 0 : 1);
  const minute = c % 11 === 10 ? 475 + (d % 50) * 5 : 480 + (d % 16) * 15;
  return {
    doctor: b % 5 === 0 ? c % 2 : (who.doctor ?? c % 2),
    kind: pick(kindsByChance, b) as number,
    start: day * 1440 + minute,
  };
}

const slotArgs = ({ doctor, kind, start }: Wish) => ({
  doctorId: idOf('doctor', doctor + 1),
  locationId,
  appointmentTypeId: idOf('appointmentType', kind + 1),
  startsAt: instantOf(start),
});

function extrasOf({ a, d }: Step): Extras {
  return { overHold: (a + d) % 4 === 0, samePatient: (a + d) % 3 === 0 };
}

function overridesOf(extras: Extras): Override[] {
  return [
    ...(extras.overHold ? ['hold' as const] : []),
    ...(extras.samePatient ? ['same-patient' as const] : []),
  ];
}

function personFor(step: Step): Person {
  const { act, who } = step;
  if (act.startsWith('slot.') || act === 'appointment.book-online')
    return who % 12 === 11
      ? (pick(staff, who) as Person)
      : (pick(who % 12 === 10 ? patients : visitors, who) as Person);
  if (act === 'appointment.overbook' && who % 6 !== 0) return staff[who % 2 === 0 ? 1 : 4] as Person;
  const mayBePatient =
    /accept|decline|confirm|reschedule|cancel|waitlist\.(add|close)/.test(act) || who % 10 === 9;
  return mayBePatient && who % 2 === 1
    ? (pick(patients, who >> 1) as Person)
    : (pick(staff, who >> 1) as Person);
}

/** Mostly what this person may touch, and what the act is for. */
function likelyVisits({ act, b, who: by }: Step, who: Who, { visits }: PlainClinic): readonly Visit[] {
  if ((b + by) % 6 === 0) return visits;
  const own = visits.filter(
    (visit) =>
      (who.patient === null || visit.patient === who.patient) &&
      (who.doctor === null || visit.doctor === who.doctor),
  );
  const open = own.filter(
    ({ status }) =>
      !/accept|decline/.test(act) || status === 'proposed' || (status === 'pending' && who.kind === 'staff'),
  );
  const rather = [open, own].find((each) => each.length > 0);
  return rather ?? visits;
}

/** The request that a step stands for. */
export function requestOf(step: Step, clinic: PlainClinic, ids: NextIds): Request {
  const { who, actor } = personFor(step);
  const { a, b, c, d } = step;
  const extras = extrasOf(step);
  const overrides = overridesOf(extras);
  const visitNumber = pickLate(likelyVisits(step, who, clinic), a);
  const appointmentId = idOf('appointment', visitNumber);
  const wish = wishOf(clinic, step, who);
  const overbook = who.kind === 'staff' && b % 4 === 0 ? { reason: 'In pain', room: b % 8 === 0 } : null;
  const named = <N extends ActName>(act: N, args: ActArgs<N>, plainly: Request['plainly']): Request => ({
    act,
    actor,
    args,
    plainly,
  });
  const ofVisit = <N extends ActName>(act: N, plainly: Request['plainly']): Request =>
    named(act, { appointmentId } as ActArgs<N>, plainly);
  const newVisit = a % 30 === 0 && clinic.visit(visitNumber) ? visitNumber : ids.visit++;
  const booking = {
    ...slotArgs(wish),
    appointmentId: idOf('appointment', newVisit),
    patientId: idOf('patient', (a % clinic.patients.length) + 1),
    notes: '',
  };
  const patient = a % clinic.patients.length;
  switch (step.act) {
    case 'appointment.book': {
      const request = b % 5 === 0;
      return named('appointment.book', { ...booking, overrides, request }, (plain) =>
        plain.book(who, newVisit, patient, wish, request ? 'request' : 'book', extras),
      );
    }
    case 'appointment.propose':
      return named('appointment.propose', { ...booking, overrides }, (plain) =>
        plain.book(who, newVisit, patient, wish, 'propose', extras),
      );
    case 'appointment.overbook': {
      const room = b % 2 === 0;
      return named('appointment.overbook', { ...booking, overrides, reason: 'In pain', room }, (plain) =>
        plain.book(who, newVisit, patient, wish, 'overbook', { ...extras, overbook: { room } }),
      );
    }
    case 'appointment.book-online': {
      // Over what the visitor holds, now and then.
      const hold = c % 3 === 0 ? undefined : clinic.holds.find((each) => each.holder === who.holder);
      const place = hold ? { doctor: hold.doctor, kind: hold.kind, start: hold.start } : wish;
      const whose = a % 3 === 0 ? clinic.patients.length : patient;
      return named(
        'appointment.book-online',
        {
          ...booking,
          ...slotArgs(place),
          patientId: idOf('patient', whose + 1),
          patient: {
            givenName: 'Ola',
            familyName: `Visitor ${whose}`,
            birthDate: null,
            phone: null,
            email: 'ola@example.org',
            language: 'en',
            consentSms: false,
            consentEmail: true,
          },
        },
        (plain) => plain.bookOnline(who, newVisit, whose, place),
      );
    }
    case 'appointment.accept':
      return named('appointment.accept', { appointmentId, overrides }, (plain) =>
        plain.accept(who, visitNumber, extras),
      );
    case 'appointment.decline':
      return named('appointment.decline', { appointmentId, reason: '' }, (plain) =>
        plain.decline(who, visitNumber),
      );
    case 'appointment.confirm':
      return ofVisit('appointment.confirm', (plain) => plain.confirm(who, visitNumber));
    case 'appointment.reschedule': {
      const visit = clinic.visit(visitNumber);
      const keepsKind = b % 3 !== 0;
      const to = { ...wish, kind: keepsKind && visit ? visit.kind : wish.kind };
      return named(
        'appointment.reschedule',
        {
          ...slotArgs(to),
          appointmentId,
          appointmentTypeId: keepsKind ? null : idOf('appointmentType', to.kind + 1),
          durationMinutes: null,
          overrides,
          overbook,
        },
        (plain) =>
          plain.reschedule(who, visitNumber, to, {
            ...extras,
            overbook: overbook && { room: overbook.room },
          }),
      );
    }
    case 'appointment.swap': {
      const one = clinic.visit(visitNumber);
      // Mostly the next of the same doctor, for what lies between is in the way of most others.
      const after = clinic.visits
        .filter(
          (visit) =>
            one && visit.doctor === one.doctor && visit.start > one.start && visit.status !== 'cancelled',
        )
        .sort((x, y) => x.start - y.start)[0];
      const second = b % 5 !== 0 && after ? after.id : pickLate(clinic.visits, b);
      return named(
        'appointment.swap',
        { firstId: appointmentId, secondId: idOf('appointment', second), overrides },
        (plain) => plain.swap(who, visitNumber, second, extras),
      );
    }
    case 'appointment.shift': {
      const one = clinic.visit(visitNumber);
      const later = clinic.visits.filter(
        (visit) =>
          one &&
          (b % 5 === 0 || visit.status === 'booked') &&
          visit.doctor === one.doctor &&
          visit.start >= one.start &&
          visit.start < one.start + 180,
      );
      const all = [...new Set([visitNumber, ...later.map((visit) => visit.id)])].slice(0, 1 + (c % 5));
      const minutes = (pick([15, -15, 30, -30, 5, 60], d) as number) || 15;
      return named(
        'appointment.shift',
        { appointmentIds: all.map((id) => idOf('appointment', id)), minutes, overrides },
        (plain) => plain.shift(who, all, minutes, extras),
      );
    }
    case 'appointment.cancel':
      return named('appointment.cancel', { appointmentId, reason: 'Ill' }, (plain) =>
        plain.cancel(who, visitNumber),
      );
    case 'appointment.void':
      return named('appointment.void', { appointmentId, reason: 'A mistake' }, (plain) =>
        plain.void(who, visitNumber),
      );
    case 'appointment.arrive':
      return ofVisit('appointment.arrive', (plain) => plain.step(who, visitNumber, 'arrived'));
    case 'appointment.start':
      return ofVisit('appointment.start', (plain) => plain.step(who, visitNumber, 'checked-in'));
    case 'appointment.complete':
      return ofVisit('appointment.complete', (plain) => plain.step(who, visitNumber, 'fulfilled'));
    case 'appointment.noshow':
      return ofVisit('appointment.noshow', (plain) => plain.step(who, visitNumber, 'noshow'));
    case 'appointment.undo':
      return ofVisit('appointment.undo', (plain) => plain.undo(who, visitNumber));
    case 'appointment.revoke-link':
      return ofVisit('appointment.revoke-link', (plain) => plain.revokeLink(who, visitNumber));
    case 'slot.hold': {
      const id = ids.hold++;
      // Often where others hold a time too: there are only so many of a day.
      const others = clinic.holds.find(
        (hold) => b % 2 === 0 && clinic.isLive(hold) && hold.holder !== who.holder,
      );
      const day = Math.floor((others?.start ?? wish.start) / 1440);
      const place = {
        ...wish,
        doctor: others?.doctor ?? wish.doctor,
        start: day * 1440 + (((wish.start % 1440) + 1440) % 1440),
      };
      return named('slot.hold', { ...slotArgs(place), holdId: idOf('slotHold', id) }, (plain) =>
        plain.hold(who, id, place),
      );
    }
    case 'slot.extend':
    case 'slot.release': {
      // Mostly by who holds it.
      const live = clinic.holds.filter((hold) => clinic.isLive(hold));
      const hold = pick(live.length > 0 ? live : clinic.holds, a);
      const id = hold?.id ?? 9000;
      const holder = hold && b % 4 !== 0 ? patientOf(null, hold.holder) : { who, actor };
      return {
        act: step.act,
        actor: holder.actor,
        args: { holdId: idOf('slotHold', id) },
        plainly: (plain) =>
          step.act === 'slot.extend' ? plain.extend(holder.who, id) : plain.release(holder.who, id),
      };
    }
    case 'time.block': {
      const id = ids.block++;
      const day = Math.floor(clinic.now / 1440) + (c % 2);
      const doctor = d % doctors.length;
      const from = 480 + (a % 14) * 15;
      const until = from + 15 + (b % 4) * 15;
      const clock = (minute: number) =>
        `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}` as WallTime;
      return named(
        'time.block',
        {
          exceptionId: idOf('availabilityException', id),
          doctorId: idOf('doctor', doctor + 1),
          locationId,
          date: addDays(date('2026-11-23'), day),
          startsAt: clock(from),
          endsAt: clock(until),
          reason: '',
        },
        (plain) => plain.block(who, id, doctor, day * 1440, from, until),
      );
    }
    case 'time.unblock': {
      const id = pickLate(clinic.blocks, a);
      return named('time.unblock', { exceptionId: idOf('availabilityException', id) }, (plain) =>
        plain.unblock(who, id),
      );
    }
    case 'series.book': {
      const series = ids.series++;
      const all = Array.from({ length: 2 + (d % 2) }, () => ids.visit++);
      return named(
        'series.book',
        {
          ...slotArgs(wish),
          seriesId: idOf('series', series),
          appointmentIds: all.map((id) => idOf('appointment', id)),
          patientId: booking.patientId,
          notes: '',
          rrule: `FREQ=DAILY;COUNT=${all.length}`,
          overrides,
        },
        (plain) => plain.bookSeries(who, series, all, patient, wish, extras),
      );
    }
    case 'series.cancel':
    case 'series.reschedule': {
      const visit = pick(
        clinic.visits.filter((each) => each.series !== null),
        a,
      );
      const of = {
        seriesId: idOf('series', visit?.series ?? 9000),
        appointmentId: visit ? idOf('appointment', visit.id) : appointmentId,
      };
      const id = visit?.id ?? visitNumber;
      if (step.act === 'series.cancel') {
        const scope = pick(['this', 'following', 'all'] as const, b) ?? 'this';
        return named('series.cancel', { ...of, scope, reason: 'Ill' }, (plain) =>
          plain.cancelSeries(who, id, scope),
        );
      }
      const { doctorId, startsAt } = slotArgs(wish);
      return named(
        'series.reschedule',
        { ...of, scope: 'this', doctorId, locationId, startsAt, overrides },
        (plain) => plain.moveOneOfSeries(who, id, wish, extras),
      );
    }
    case 'waitlist.add': {
      const id = ids.entry++;
      const whose = who.patient !== null && b % 4 !== 0 ? who.patient : patient;
      const kind = c % kinds.length;
      return named(
        'waitlist.add',
        {
          entryId: idOf('waitlistEntry', id),
          patientId: idOf('patient', whose + 1),
          appointmentTypeId: idOf('appointmentType', kind + 1),
          doctorIds: [],
          locationIds: [],
          weekdays: [],
          partsOfDay: [],
          earliestOn: null,
          latestOn: null,
          urgency: 'soon',
          note: '',
        },
        (plain) => plain.waitlistAdd(who, id, whose, kind),
      );
    }
    case 'waitlist.close': {
      const id = pickLate(clinic.entries, a);
      return named('waitlist.close', { entryId: idOf('waitlistEntry', id), reason: '' }, (plain) =>
        plain.waitlistClose(who, id),
      );
    }
    case 'waitlist.offer': {
      const waiting = clinic.entries.filter((entry) => clinic.isWaiting(entry));
      const from = waiting.length > 0 && d % 10 !== 0 ? waiting : clinic.entries;
      const entries = [...new Set([pickLate(from, a), ...(c % 3 === 0 ? [pickLate(from, b)] : [])])];
      const offers = entries.map((entry) => ({ entry, id: ids.offer++ }));
      const expires =
        d % 20 === 0 ? clinic.now + (d % 40) * 60 : Math.min(wish.start, clinic.now + 5 + (a % 120));
      return named(
        'waitlist.offer',
        {
          offers: offers.map(({ entry, id }) => ({
            offerId: idOf('waitlistOffer', id),
            entryId: idOf('waitlistEntry', entry),
          })),
          slot: { doctorId: idOf('doctor', wish.doctor + 1), locationId, startsAt: instantOf(wish.start) },
          expiresAt: instantOf(expires),
        },
        (plain) => plain.offer(who, offers, wish.doctor, wish.start, expires),
      );
    }
    case 'waitlist.accept':
    case 'waitlist.decline': {
      const entry = pick(
        clinic.entries.filter(
          (each) => each.offers.length > 0 && (b % 4 === 0 || clinic.statusOf(each) === 'offered'),
        ),
        a,
      );
      const offer = entry && pick(entry.offers.slice(-2), b);
      return answerTo(step, ids, entry, offer?.id ?? 9000);
    }
    case 'patient.merge': {
      const id = ids.merge++;
      const [kept, merged] = [a % clinic.patients.length, b % clinic.patients.length];
      return named(
        'patient.merge',
        {
          mergeId: idOf('merge', id),
          keptId: idOf('patient', kept + 1),
          mergedId: idOf('patient', merged + 1),
          fields: {},
        },
        (plain) => plain.merge(who, id, kept, merged),
      );
    }
    case 'patient.unmerge': {
      const merge = pick(clinic.merges, a);
      return named(
        'patient.unmerge',
        {
          mergeId: idOf('merge', merge?.id ?? 9000),
          keptId: idOf('patient', (merge?.kept ?? 0) + 1),
          mergedId: idOf('patient', (merge?.merged ?? 1) + 1),
        },
        (plain) => plain.unmerge(who, merge?.id ?? 9000),
      );
    }
    default:
      throw new Error(`${step.act} is not played`);
  }
}

/** By the patient who was asked, as often as by staff. */
function answerTo(step: Step, ids: NextIds, entry: Entry | undefined, offerNumber: number): Request {
  const asked = entry && step.who % 2 === 0 ? patientOf(entry.patient, null) : personFor(step);
  const { who, actor } = asked;
  const entryNumber = entry?.id ?? 9000;
  const names = { entryId: idOf('waitlistEntry', entryNumber), offerId: idOf('waitlistOffer', offerNumber) };
  if (step.act === 'waitlist.decline')
    return {
      act: 'waitlist.decline',
      actor,
      args: names,
      plainly: (plain) => plain.declineOffer(who, entryNumber, offerNumber),
    };
  const extras = extrasOf(step);
  const visit = ids.visit++;
  return {
    act: 'waitlist.accept',
    actor,
    args: { ...names, appointmentId: idOf('appointment', visit), overrides: overridesOf(extras) },
    plainly: (plain) => plain.acceptOffer(who, entryNumber, offerNumber, visit, extras),
  };
}
