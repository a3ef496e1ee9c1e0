/**
 * How entries and offers stand at a moment. Nothing runs when an offer's time is over: it counts as expired wherever
 * it is read, and is written down as such when its entry is next written.
 */
import type { WaitlistEntry, WaitlistOffer } from '../../model/waitlist';
import type { Instant } from '../../time/instant';

export function isOpen(offer: WaitlistOffer, now: Instant): boolean {
  return offer.status === 'open' && offer.expiresAt > now;
}

/** Still hoping for a time, offered one or not. */
export function isWaiting(entry: WaitlistEntry): boolean {
  return entry.status === 'waiting' || entry.status === 'offered';
}

/** The entry's status as it is now: `offered` only while an offer is open. */
export function statusAt(entry: WaitlistEntry, now: Instant): WaitlistEntry['status'] {
  if (!isWaiting(entry)) return entry.status;
  return entry.offers.some((offer) => isOpen(offer, now)) ? 'offered' : 'waiting';
}

export function offerStatusAt(offer: WaitlistOffer, now: Instant): WaitlistOffer['status'] {
  return offer.status === 'open' && !isOpen(offer, now) ? 'expired' : offer.status;
}

/** Every write of an entry goes through here: what is over is marked, and the status follows from the offers. */
export function standing(entry: WaitlistEntry, now: Instant): WaitlistEntry {
  return {
    ...entry,
    status: statusAt(entry, now),
    offers: entry.offers.map((offer) => {
      const status = offerStatusAt(offer, now);
      return status === offer.status ? offer : { ...offer, status };
    }),
  };
}

/** The entry with one offer ended, by an answer or, where there was none, by the clinic. */
export function answered(
  entry: WaitlistEntry,
  offerId: string,
  status: WaitlistOffer['status'],
  answeredAt: Instant | null,
  now: Instant,
): WaitlistEntry {
  const offers = entry.offers.map((offer) =>
    offer.id === offerId ? { ...offer, status, answeredAt } : offer,
  );
  return standing({ ...entry, offers }, now);
}

/** The entry put aside for good: what is still open is withdrawn. */
export function ended(
  entry: WaitlistEntry,
  status: 'booked' | 'closed',
  now: Instant,
): { entry: WaitlistEntry; withdrawn: WaitlistOffer[] } {
  const withdrawn: WaitlistOffer[] = [];
  const offers = standing(entry, now).offers.map((offer) => {
    if (offer.status !== 'open') return offer;
    const taken: WaitlistOffer = { ...offer, status: 'withdrawn' };
    withdrawn.push(taken);
    return taken;
  });
  return { entry: { ...entry, status, offers }, withdrawn };
}
