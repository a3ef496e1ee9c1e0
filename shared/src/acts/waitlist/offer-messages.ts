/** What a patient is told about an offer, and that it is over. */
import type { Patient } from '../../model/patient';
import type { WaitlistOffer } from '../../model/waitlist';
import { plusMinutes } from '../../time/instant';
import type { ActContext, NotificationDraft } from '../act';
import { messagesTo, staffGraceMinutes } from '../appointment/messages';

/** An offer is about a time, not about a visit yet. */
const noVisit = { id: null, sequence: 0 };

export function offerMessages(
  patient: Patient | undefined,
  offer: WaitlistOffer,
  context: ActContext,
): NotificationDraft[] {
  const { id: offerId, entryId, expiresAt } = offer;
  return messagesTo(patient, noVisit, 'waitlist-offer', context, { offerId, entryId, expiresAt });
}

/**
 * Nothing is written where the offer itself can't have gone out yet: its message is still waiting then, and is dropped
 * by who sends it, because the offer is no longer open.
 */
export function withdrawalMessages(
  patient: Patient | undefined,
  offer: WaitlistOffer,
  context: ActContext,
): NotificationDraft[] {
  if (context.now < plusMinutes(offer.offeredAt, staffGraceMinutes)) return [];
  const { id: offerId, entryId } = offer;
  return messagesTo(patient, noVisit, 'waitlist-offer', context, { offerId, entryId, withdrawn: true });
}
