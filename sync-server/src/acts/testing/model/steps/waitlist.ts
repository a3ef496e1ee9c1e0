import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import { date, idOf } from '@medic/shared/testing/builders';
import type { PlainDate } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import type { Entry, Wishes } from '../plain/clinic';
import { day, kinds } from '../plain/setting';
import * as plain from '../plain/waitlist';
import { patientOf, typedBy } from './people';
import {
  instantOf,
  type Maker,
  type Making,
  nobody,
  patientId,
  pick,
  pickLate,
  placeId,
  requested,
} from './step';

function wishesOf({ step: { a, b, c, d }, clinic }: Making): Wishes {
  const today = Math.floor(clinic.now / day);
  return {
    kind: c % kinds.length,
    earliest: b % 4 === 0 ? today + (d % 3) : null,
    latest: a % 4 === 0 ? today + (d % 5) - 1 : null,
    urgency: pick(['routine', 'soon', 'soon', 'urgent'] as const, d) ?? 'soon',
  };
}

function dateOf(number: number | null): PlainDate | null {
  return number === null ? null : addDays(date('2026-11-23'), number);
}

/** Which doctors, places and hours somebody likes best makes no difference to what may be offered. */
function wishesArgs(wishes: Wishes, { step: { a, b } }: Making) {
  return {
    appointmentTypeId: idOf('appointmentType', wishes.kind + 1),
    doctorIds: a % 5 === 0 ? [idOf('doctor', 1 + (b % 2))] : [],
    locationIds: b % 5 === 0 ? [placeId(a % 2)] : [],
    weekdays: [],
    partsOfDay: a % 7 === 0 ? (['morning'] as const).slice() : [],
    earliestOn: dateOf(wishes.earliest),
    latestOn: dateOf(wishes.latest),
    urgency: wishes.urgency,
    note: '',
  };
}

function entryNumberOf({ clinic, who, step: { a } }: Making): number {
  const own = clinic.entries.filter((entry) => who.patient === null || entry.patient === who.patient);
  return pickLate(own.length > 0 && a % 6 !== 0 ? own : clinic.entries, a);
}

/** By the patient who was asked, as often as by staff. */
function answering(making: Making) {
  const { step, clinic, who, actor } = making;
  const entry: Entry | undefined = pick(
    clinic.entries.filter(
      (each) => each.offers.length > 0 && (step.b % 4 === 0 || clinic.statusOf(each) === 'offered'),
    ),
    step.a,
  );
  const offer = entry && pick(entry.offers.slice(-2), step.b);
  const by = entry && step.who % 5 < 3 ? patientOf(entry.patient, null) : { who, actor };
  const [entryNumber, offerNumber] = [entry?.id ?? nobody, offer?.id ?? nobody];
  const names = { entryId: idOf('waitlistEntry', entryNumber), offerId: idOf('waitlistOffer', offerNumber) };
  return { ...by, entryNumber, offerNumber, names };
}

export const waitlistSteps = {
  'waitlist.add': (making) => {
    const { step, who, actor, patient, ids } = making;
    const id = ids.entry++;
    const whose = who.patient !== null && step.b % 4 !== 0 ? who.patient : patient;
    const wishes = wishesOf(making);
    return requested(
      'waitlist.add',
      actor,
      {
        ...wishesArgs(wishes, making),
        entryId: idOf('waitlistEntry', id),
        patientId: patientId(whose),
      },
      (now) => plain.add(now, who, id, whose, wishes),
    );
  },
  'waitlist.add-online': (making) => {
    const { step, who, actor, patient, clinic, ids } = making;
    const id = ids.entry++;
    const whose = step.a % 3 === 0 ? clinic.patients.length : patient;
    const wishes = wishesOf(making);
    const { notes: _, ...typed } = typedBy(step);
    return requested(
      'waitlist.add-online',
      actor,
      {
        ...wishesArgs(wishes, making),
        entryId: idOf('waitlistEntry', id),
        patientId: patientId(whose),
        patient: typed as ActArgs<'waitlist.add-online'>['patient'],
      },
      (now) => plain.addOnline(now, who, id, whose, { ...typed, notes: '' }, wishes),
    );
  },
  'waitlist.edit': (making) => {
    const { step, who, actor } = making;
    const id = entryNumberOf(making);
    const all = wishesOf(making);
    const args = wishesArgs(all, making);
    const [changes, asked]: [Partial<Wishes>, ActArgs<'waitlist.edit'>['changes']] =
      step.b % 3 === 0
        ? [all, args]
        : step.b % 3 === 1
          ? [{ urgency: all.urgency }, { urgency: args.urgency }]
          : [{ latest: all.latest }, { latestOn: args.latestOn, doctorIds: args.doctorIds }];
    return requested('waitlist.edit', actor, { entryId: idOf('waitlistEntry', id), changes: asked }, (now) =>
      plain.edit(now, who, id, changes),
    );
  },
  'waitlist.close': (making) => {
    const id = entryNumberOf(making);
    return requested(
      'waitlist.close',
      making.actor,
      { entryId: idOf('waitlistEntry', id), reason: '' },
      (now) => plain.close(now, making.who, id),
    );
  },
  'waitlist.offer': ({ step: { a, b, c, d }, who, actor, clinic, ids, wish }) => {
    const waiting = clinic.entries.filter((entry) => clinic.isWaiting(entry));
    const from = waiting.length > 0 && d % 10 !== 0 ? waiting : clinic.entries;
    const entries = [...new Set([pickLate(from, a), ...(c % 3 === 0 ? [pickLate(from, b)] : [])])];
    const offers = entries.map((entry) => ({ entry, id: ids.offer++ }));
    const expires =
      d % 20 === 0 ? clinic.now + (d % 40) * 60 : Math.min(wish.start, clinic.now + 5 + (a % 120));
    const { doctor, place, start } = wish;
    return requested(
      'waitlist.offer',
      actor,
      {
        offers: offers.map(({ entry, id }) => ({
          offerId: idOf('waitlistOffer', id),
          entryId: idOf('waitlistEntry', entry),
        })),
        slot: {
          doctorId: idOf('doctor', doctor + 1),
          locationId: placeId(place),
          startsAt: instantOf(start),
        },
        expiresAt: instantOf(expires),
      },
      (now) => plain.offer(now, who, { offers, doctor, place, start, expires }),
    );
  },
  'waitlist.accept': (making) => {
    const { who, actor, entryNumber, offerNumber, names } = answering(making);
    const visit = making.ids.visit++;
    return requested(
      'waitlist.accept',
      actor,
      { ...names, appointmentId: idOf('appointment', visit), overrides: making.overrides },
      (now) => plain.accept(now, who, entryNumber, offerNumber, visit, making.extras),
    );
  },
  'waitlist.decline': (making) => {
    const { who, actor, entryNumber, offerNumber, names } = answering(making);
    return requested('waitlist.decline', actor, names, (now) =>
      plain.decline(now, who, entryNumber, offerNumber),
    );
  },
  'waitlist.withdraw': (making) => {
    const { who, actor, entryNumber, offerNumber, names } = answering(making);
    return requested('waitlist.withdraw', actor, names, (now) =>
      plain.withdrawOne(now, who, entryNumber, offerNumber),
    );
  },
  'waitlist.reopen': (making) => {
    const { step, who, actor, clinic } = making;
    const ended = clinic.entries.filter((entry) => !clinic.isWaiting(entry));
    const id = pickLate(step.b % 5 === 0 ? clinic.entries : ended, step.a);
    const entry = clinic.entries.find((each) => each.id === id);
    const whose = step.c % 9 === 0 ? making.patient : (entry?.patient ?? making.patient);
    return requested(
      'waitlist.reopen',
      actor,
      { entryId: idOf('waitlistEntry', id), patientId: patientId(whose) },
      (now) => plain.reopen(now, who, id, whose),
    );
  },
} satisfies Partial<Record<ActName, Maker>>;
