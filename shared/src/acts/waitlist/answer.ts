/** What a patient, or staff on the phone with one, answers to an offer. */
import { z } from 'zod';
import { uuid } from '../../model/fields';
import type { WaitlistEntry, WaitlistOffer } from '../../model/waitlist';
import type { Instant } from '../../time/instant';
import {
  type Actor,
  type Decision,
  defineAct,
  done,
  type Override,
  overrides,
  type RefusalReason,
  type Refused,
  refused,
} from '../act';
import { decideBooking } from '../appointment/booking';
import { timeZoneAt } from '../appointment/placing';
import type { Facts } from '../facts';
import { forbidsAgenda } from '../permissions';
import { forbidsEntry } from './add';
import { clashOf } from './matches';
import { withdrawalMessages } from './offer-messages';
import { answered, ended, isOpen, isWaiting, offerStatusAt } from './standing';

/** Reasons that say the time went to somebody else. A hold is not among them: it may be free again in ten minutes. */
const takenCodes = new Set(['visit', 'buffer', 'full', 'room-taken', 'external-busy']);

/**
 * Takes an offered time: the visit is booked by the same decision as any other, with the desk's rules, because the
 * clinic offered it. Who comes second is told that it is over, with the nearest free times. Cancelling the visit later
 * opens no offer and no entry again.
 */
export const acceptOffer = defineAct({
  name: 'waitlist.accept',
  version: 1,
  args: z.object({
    offerId: uuid(),
    entryId: uuid(),
    appointmentId: uuid(),
    overrides: z.array(z.enum(overrides)).max(overrides.length).default([]),
  }),
  forbids: (actor, args, facts) => forbidsAnswer(actor, args, facts),
  needs: (args) => ({ waitlistEntry: [args.entryId], appointment: [args.appointmentId] }),
  decide: (facts, args, context) => {
    const found = offerToAnswer(facts, args, context.now);
    if ('refusal' in found) return found.refusal;
    const { entry, offer } = found;
    const clash = context.actor.kind === 'patient' ? clashOfOwn(facts, entry, offer, args.overrides) : null;
    if (clash) return refused([clash]);
    const booked = decideBooking(
      facts,
      {
        appointmentId: args.appointmentId,
        patientId: entry.patientId,
        doctorId: offer.doctorId,
        locationId: offer.locationId,
        appointmentTypeId: offer.appointmentTypeId,
        startsAt: offer.startsAt,
        notes: '',
        overrides: args.overrides,
      },
      context,
      { offered: true },
    );
    if (booked.kind === 'refused') return orOver(booked);
    const accepted = ended(
      answered(entry, offer.id, 'accepted', context.now, context.now),
      'booked',
      context.now,
    );
    const patient = facts.get('patient', entry.patientId);
    return done([...booked.changes, { kind: 'waitlistEntry', record: accepted.entry }], booked.events, [
      ...booked.notifications,
      ...accepted.withdrawn.flatMap((other) => withdrawalMessages(patient, other, context)),
    ]);
  },
});

/** Says no to an offered time: the entry goes on waiting, and is not asked about this time again. */
export const declineOffer = defineAct({
  name: 'waitlist.decline',
  version: 1,
  args: z.object({ offerId: uuid(), entryId: uuid() }),
  forbids: (actor, args, facts) => forbidsAnswer(actor, args, facts),
  needs: (args) => ({ waitlistEntry: [args.entryId] }),
  decide: (facts, args, context) => {
    const found = offerToAnswer(facts, args, context.now);
    if ('refusal' in found) return found.refusal;
    return done([
      {
        kind: 'waitlistEntry',
        record: answered(found.entry, found.offer.id, 'declined', context.now, context.now),
      },
    ]);
  },
});

interface Answer {
  offerId: string;
  entryId: string;
}

/** The patient who was asked; or staff who may act on the agenda that the offer is for. */
function forbidsAnswer(actor: Actor, { offerId, entryId }: Answer, facts: Facts): string | null {
  const entry = facts.get('waitlistEntry', entryId);
  if (actor.kind === 'patient') return forbidsEntry(actor, entry?.patientId);
  return forbidsAgenda(actor, entry?.offers.find(({ id }) => id === offerId)?.doctorId);
}

function offerToAnswer(
  facts: Facts,
  { offerId, entryId }: Answer,
  now: Instant,
): { entry: WaitlistEntry; offer: WaitlistOffer } | { refusal: Refused } {
  const entry = facts.get('waitlistEntry', entryId);
  if (!entry) return { refusal: refused([{ code: 'unknown', what: 'waitlist entry', id: entryId }]) };
  const offer = entry.offers.find(({ id }) => id === offerId);
  if (!offer) return { refusal: refused([{ code: 'unknown', what: 'offer', id: offerId }]) };
  if (isWaiting(entry) && isOpen(offer, now)) return { entry, offer };
  const status = offerStatusAt(offer, now);
  return { refusal: refused([{ code: 'offer-ended', why: status === 'open' ? 'withdrawn' : status }]) };
}

/** The patient knows their own visits: unlike a stranger on the public page, they are told. */
function clashOfOwn(
  facts: Facts,
  entry: WaitlistEntry,
  offer: WaitlistOffer,
  goneAhead: readonly Override[],
): RefusalReason | null {
  const clash = goneAhead.includes('same-patient') ? undefined : clashOf(facts, entry.patientId, offer);
  if (!clash) return null;
  return {
    code: 'same-patient',
    appointmentId: clash.id,
    startsAt: clash.startsAt,
    timeZone: timeZoneAt(facts, clash.locationId),
  };
}

function orOver(refusal: Refused): Decision {
  const isTaken = refusal.reasons.some(
    (reason) => reason.code === 'slot' && takenCodes.has(reason.reason.code),
  );
  return isTaken ? { ...refusal, reasons: [{ code: 'offer-ended', why: 'taken' }] } : refusal;
}
