/** What can be done with the waitlist: performs the acts, says what happened, offers to take it back where it can be. */
import type { Override, Refused } from '@medic/shared/acts/act';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { ActArgs } from '@medic/shared/acts/registry';
import type { WaitlistWishes } from '@medic/shared/acts/waitlist/add';
import { isOpen } from '@medic/shared/acts/waitlist/standing';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import { useMemo } from 'react';
import type { Desk, Performed } from '../../replica/desk';
import { useDesk } from '../../replica/hooks';
import { announce } from '../../ui/announcer';
import { doctorName, shortName } from '../../ui/person-name';
import type { FreedTime } from './waitlist-model';
import { slotWords } from './wish-words';

export interface WaitlistActs {
  /** True when it was done; a refusal has been said. */
  add: (patientId: string, wishes: WaitlistWishes) => Promise<boolean>;
  edit: (entryId: string, wishes: WaitlistWishes) => Promise<boolean>;
  close: (entryId: string, reason: string) => Promise<boolean>;
  /** Waits again, in the place in line that it had. */
  reopen: (entryId: string) => Promise<boolean>;
  offer: (entryIds: readonly string[], time: FreedTime, expiresAt: Instant) => Promise<boolean>;
  /** The patient said so on the phone. */
  answer: (entryId: string, offerId: string, answer: 'accept' | 'decline') => Promise<boolean>;
  /** The clinic takes one offer back. */
  withdraw: (entryId: string, offerId: string) => Promise<boolean>;
  /** Books an entry's visit and takes the entry off the list. Says nothing: the refusal is for the caller to show. */
  bookFor: (entryId: string, args: ActArgs<'appointment.book'>) => Promise<Performed>;
  bookNow: (entryId: string, time: FreedTime) => Promise<boolean>;
}

type OfferId = ActArgs<'waitlist.withdraw'>;

export function useWaitlistActs(): WaitlistActs {
  const desk = useDesk();
  return useMemo(() => waitlistActs(desk), [desk]);
}

export function waitlistActs(desk: Desk): WaitlistActs {
  const nameOf = (patientId: string | undefined): string => {
    const patient = patientId === undefined ? undefined : desk.facts.get('patient', patientId);
    return patient ? shortName(patient) : 'the patient';
  };
  const entryName = (entryId: string) => nameOf(desk.facts.get('waitlistEntry', entryId)?.patientId);
  const timeWords = (time: FreedTime): string => {
    const doctor = desk.facts.doctor(time.doctorId);
    return [slotWords(time, desk.facts, desk.now()), doctor && doctorName(doctor)].filter(Boolean).join(', ');
  };
  const say = (result: { kind: 'done' } | Refused, said: string, undo?: () => void): boolean => {
    if (result.kind === 'done') announce(said, { undo });
    else sayRefusal(desk, result);
    return result.kind === 'done';
  };

  const close = async (entryId: string, reason: string): Promise<boolean> => {
    const name = entryName(entryId);
    return say(
      await desk.perform('waitlist.close', { entryId, reason }),
      `Taken off the waitlist: ${name}`,
      () => void reopen(entryId),
    );
  };

  const reopen = async (entryId: string): Promise<boolean> => {
    const patientId = desk.facts.get('waitlistEntry', entryId)?.patientId;
    if (patientId === undefined) return false;
    return say(
      await desk.perform('waitlist.reopen', { entryId, patientId }),
      `Waits again: ${nameOf(patientId)}`,
      () => void close(entryId, 'Put back by mistake'),
    );
  };

  const withdrawAll = async (offers: readonly OfferId[], said: string, undo?: () => void) => {
    for (const offer of offers) {
      const result = await desk.perform('waitlist.withdraw', offer);
      if (result.kind === 'refused') return say(result, said);
    }
    return say({ kind: 'done' }, said, undo);
  };

  /** Under a new id: what was sent about the offer before no longer opens it, so the patient is written to again. */
  const offerAgain = async (entryId: string, offerId: string): Promise<void> => {
    const offer = desk.facts.get('waitlistEntry', entryId)?.offers.find(({ id }) => id === offerId);
    if (!offer) return;
    const again = { entryId, offerId: desk.newId() };
    const { doctorId, locationId, startsAt, expiresAt } = offer;
    const result = await desk.perform('waitlist.offer', {
      offers: [again],
      slot: { doctorId, locationId, startsAt },
      expiresAt,
    });
    say(result, `Offered again to ${entryName(entryId)}: ${timeWords(offer)}`);
  };

  /** The visit is off, and its entry waits again. */
  const takeBack = async (appointmentId: string, entryId: string, name: string): Promise<void> => {
    const result = await desk.perform('appointment.cancel', { appointmentId, reason: 'Booked by mistake' });
    if (result.kind === 'refused') sayRefusal(desk, result);
    else if (await reopen(entryId)) announce(`Cancelled ${name}, who waits again`);
  };

  const bookFor = async (entryId: string, args: ActArgs<'appointment.book'>): Promise<Performed> => {
    const entry = desk.facts.get('waitlistEntry', entryId);
    if (!entry || !isSame(entry, args)) {
      const booked = await desk.perform('appointment.book', args);
      if (booked.kind === 'done' && entry)
        await desk.perform('waitlist.close', { entryId, reason: `Booked ${timeWords(placeOf(args))}` });
      return booked;
    }
    // Asked of the booking first, with all its warnings: nothing is offered that isn't booked in the next breath.
    const decision = desk.preview('appointment.book', args);
    if (decision.kind === 'refused') return decision;
    const offerId = await openOffer(desk, entry, placeOf(args));
    if (typeof offerId !== 'string') return offerId;
    return desk.perform('waitlist.accept', {
      offerId,
      entryId,
      appointmentId: args.appointmentId,
      overrides: [...((args.overrides as Override[] | undefined) ?? [])],
    });
  };

  return {
    add: async (patientId, wishes) => {
      const entryId = desk.newId();
      const result = await desk.perform('waitlist.add', { entryId, patientId, ...wishes });
      return say(
        result,
        `On the waitlist: ${nameOf(patientId)}`,
        () => void close(entryId, 'Added by mistake'),
      );
    },
    edit: async (entryId, wishes) => {
      const before = desk.facts.get('waitlistEntry', entryId);
      const result = await desk.perform('waitlist.edit', { entryId, changes: wishes });
      const undo =
        before &&
        (() =>
          void desk
            .perform('waitlist.edit', { entryId, changes: wishesBefore(before) })
            .then((again) => say(again, `As before: ${entryName(entryId)}`)));
      return say(result, `Changed what ${entryName(entryId)} waits for`, undo);
    },
    close,
    reopen,
    offer: async (entryIds, time, expiresAt) => {
      const offers = entryIds.map((entryId) => ({ offerId: desk.newId(), entryId }));
      const { doctorId, locationId, startsAt } = time;
      const result = await desk.perform('waitlist.offer', {
        offers,
        slot: { doctorId, locationId, startsAt },
        expiresAt,
      });
      const who = entryIds.length === 1 ? entryName(entryIds[0] as string) : `${entryIds.length} people`;
      return say(
        result,
        `Offered ${timeWords(time)} to ${who}`,
        () => void withdrawAll(offers, `Taken back: the offer of ${timeWords(time)} to ${who}`),
      );
    },
    answer: async (entryId, offerId, answer) => {
      const name = entryName(entryId);
      if (answer === 'decline')
        return say(
          await desk.perform('waitlist.decline', { offerId, entryId }),
          `${name} declined; still waiting`,
          () => void offerAgain(entryId, offerId),
        );
      const appointmentId = desk.newId();
      const result = await desk.perform('waitlist.accept', { offerId, entryId, appointmentId });
      return say(
        result,
        `Booked from the waitlist: ${name}`,
        () => void takeBack(appointmentId, entryId, name),
      );
    },
    withdraw: (entryId, offerId) =>
      withdrawAll(
        [{ entryId, offerId }],
        `Taken back: the offer to ${entryName(entryId)}`,
        () => void offerAgain(entryId, offerId),
      ),
    bookFor,
    bookNow: async (entryId, time) => {
      const entry = desk.facts.get('waitlistEntry', entryId);
      if (!entry) return false;
      const appointmentId = desk.newId();
      const { patientId, appointmentTypeId } = entry;
      const { doctorId, locationId, startsAt } = time;
      const args = { appointmentId, patientId, appointmentTypeId, doctorId, locationId, startsAt, notes: '' };
      const result = await bookFor(entryId, args);
      const name = nameOf(patientId);
      return say(
        result,
        `Booked from the waitlist: ${name}, ${timeWords(time)}`,
        () => void takeBack(appointmentId, entryId, name),
      );
    },
  };
}

/** Whether an accepted offer would be the same visit: it has no note, asks nobody, and is the entry's own kind. */
function isSame(entry: WaitlistEntry, args: ActArgs<'appointment.book'>): boolean {
  return (
    entry.patientId === args.patientId &&
    entry.appointmentTypeId === args.appointmentTypeId &&
    args.notes === '' &&
    args.request !== true
  );
}

function placeOf(args: ActArgs<'appointment.book'>): FreedTime {
  return { doctorId: args.doctorId, locationId: args.locationId, startsAt: args.startsAt as Instant };
}

/**
 * The offer that is accepted at once: one that is open already, or a new one. It ends with the visit's start, so that
 * what was booked without a network is not too late when it is sent.
 */
async function openOffer(desk: Desk, entry: WaitlistEntry, time: FreedTime): Promise<string | Refused> {
  const known = entry.offers.find(
    (offer) =>
      isOpen(offer, desk.now()) &&
      offer.doctorId === time.doctorId &&
      offer.locationId === time.locationId &&
      offer.startsAt === time.startsAt,
  );
  if (known) return known.id;
  const offerId = desk.newId();
  const made = await desk.perform('waitlist.offer', {
    offers: [{ offerId, entryId: entry.id }],
    slot: time,
    expiresAt: time.startsAt,
  });
  return made.kind === 'done' ? offerId : made;
}

function wishesBefore(entry: WaitlistEntry): WaitlistWishes {
  const { appointmentTypeId, doctorIds, locationIds, weekdays, partsOfDay } = entry;
  const { earliestOn, latestOn, urgency, note } = entry;
  return {
    appointmentTypeId,
    doctorIds,
    locationIds,
    weekdays,
    partsOfDay,
    earliestOn,
    latestOn,
    urgency,
    note,
  };
}

function sayRefusal(desk: Desk, refusal: Refused): void {
  const names = {
    patientName: (id: string) => {
      const patient = desk.facts.get('patient', id);
      return patient ? shortName(patient) : undefined;
    },
  };
  const details = refusal.reasons.map((reason) => describeRefusal(reason, names));
  announce(`Not done: ${details.join(' · ') || 'it isn’t possible now'}`, { tone: 'refused', details });
}
