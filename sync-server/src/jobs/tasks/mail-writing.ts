/** From a row of the outbox and the facts of now: the e-mail to send, or why none is. */
import type { Appointment } from '@medic/shared/model/appointment';
import type { MessageTemplate, Notification } from '@medic/shared/model/notification';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import { type Mail, mailOf } from '../../messages/mail';
import type { Message, Occasion, VisitOccasion } from '../../messages/message';
import { templateProblems } from '../../messages/own-words';
import { log } from '../../telemetry/log';
import { type MailFacts, offerPayload, seriesPayload } from './mail-facts';
import { type Before, type Drop, isTooLate, recipientOf, standsAsHeard, visitMessage } from './mail-standing';

export interface Links {
  visitToken(clinicId: string, visitId: string, version: number): string;
  offerToken(clinicId: string, entryId: string, offerId: string): string;
}

export interface WritingParts {
  from: string;
  publicUrl: string;
  links: Links;
  now: Instant;
}

/** `offerHeard`: whether an e-mail about the offer that this one withdraws went out. */
export function writeMail(
  message: Notification,
  facts: MailFacts,
  offerHeard: boolean,
  parts: WritingParts,
): Mail | Drop {
  if (isTooLate(message, parts.now)) return { drop: 'too late' };
  const visit = message.appointmentId ? facts.visits.get(message.appointmentId) : undefined;
  const offered = offerPayload.safeParse(message.payload).data;
  const entry = offered ? facts.entries.get(offered.entryId) : undefined;
  // A visit, or a wish, goes with its patient where two records become one.
  const patient = facts.patients.get(visit?.patientId ?? entry?.patientId ?? message.patientId ?? '');
  const said = messageOf(message, visit, entry, facts, offerHeard, parts);
  if ('drop' in said) return said;
  const recipient = recipientOf(message, patient, visit?.events ?? []);
  if ('drop' in recipient) return recipient;
  const { givenName, familyName, language } = recipient.patient;
  return mailOf(
    said,
    {
      clinic: { ...facts.clinic, cancelWindowMinutes: facts.clinic.rules.cancelWindowMinutes },
      patient: recipient.patient,
      language,
      publicUrl: parts.publicUrl,
      now: parts.now,
      ownWords: templateFor(
        facts,
        said.kind === 'series' || said.kind === 'offer' ? message.kind : said.kind,
        language,
      ),
    },
    {
      id: message.id,
      from: parts.from,
      to: { name: `${givenName} ${familyName}`, address: recipient.address },
    },
  );
}

function messageOf(
  message: Notification,
  visit: Appointment | undefined,
  entry: WaitlistEntry | undefined,
  facts: MailFacts,
  offerHeard: boolean,
  parts: WritingParts,
): Message | Drop {
  if (message.kind === 'series-summary') return seriesMessage(message, facts, parts);
  if (message.kind === 'waitlist-offer') return offerMessage(message, entry, facts, offerHeard, parts);
  const verdict = visitMessage(message, visit, toldBefore(message, facts), parts.now);
  if ('drop' in verdict) return verdict;
  const shown = visit && visitOccasion(visit, facts, parts);
  if (!shown) return { drop: 'doctor or place is gone' };
  const before = verdict.before && occasion(verdict.before, facts);
  return { ...verdict, visit: shown, before: before ?? null };
}

/** E-mails about the visit that were written before this one. */
function toldBefore(message: Notification, facts: MailFacts): Notification[] {
  const told = facts.told.get(message.appointmentId ?? '') ?? [];
  const at = told.findIndex(({ id }) => id === message.id);
  return told.slice(0, Math.max(0, at));
}

const fitting: Record<SeriesChange, readonly Appointment['status'][]> = {
  booked: ['booked'],
  requested: ['pending'],
  moved: ['booked', 'pending'],
  cancelled: ['cancelled'],
};
type SeriesChange = 'booked' | 'requested' | 'moved' | 'cancelled';

/** Those of the visits that still are what the message says, as they stand now. */
function seriesMessage(message: Notification, facts: MailFacts, parts: WritingParts): Message | Drop {
  const { change, appointmentIds } = seriesPayload.parse(message.payload);
  const visits = appointmentIds
    .flatMap((id) => facts.visits.get(id) ?? [])
    .filter((visit) => fitting[change].includes(visit.status) && visit.startsAt > parts.now)
    .filter((visit) => change !== 'moved' || !standsAsHeard(message, visit, toldBefore(message, facts)))
    .sort((a, b) => a.startsAt - b.startsAt)
    .flatMap((visit) => visitOccasion(visit, facts, parts) ?? []);
  return visits.length > 0
    ? { kind: 'series', change, visits }
    : { drop: 'none of the visits is so any more' };
}

function offerMessage(
  message: Notification,
  entry: WaitlistEntry | undefined,
  facts: MailFacts,
  offerHeard: boolean,
  { links, publicUrl, now }: WritingParts,
): Message | Drop {
  const { offerId, withdrawn } = offerPayload.parse(message.payload);
  const offer = entry?.offers.find(({ id }) => id === offerId);
  const shown = offer && occasion(offer, facts);
  if (!entry || entry.deleted || !offer || !shown) return { drop: 'offer is gone' };
  if (withdrawn) {
    if (!offerHeard) return { drop: 'offer was not sent' };
    if (entry.status === 'booked') return { drop: 'patient has a visit' };
    return { kind: 'offer-withdrawn', offer: shown, stillWaiting: entry.status !== 'closed' };
  }
  if (!isOpen(offer, now)) return { drop: `offer is ${offer.status === 'open' ? 'expired' : offer.status}` };
  const token = links.offerToken(facts.clinic.id, entry.id, offer.id);
  return {
    kind: 'offer',
    offer: shown,
    expiresAt: offer.expiresAt,
    url: `${publicUrl}/my/${facts.clinic.slug}#o=${token}`,
  };
}

function isOpen(offer: WaitlistOffer, now: Instant): boolean {
  return offer.status === 'open' && offer.expiresAt > now;
}

function visitOccasion(
  visit: Appointment,
  facts: MailFacts,
  { links, publicUrl }: WritingParts,
): VisitOccasion | null {
  const shown = occasion(visit, facts);
  if (!shown) return null;
  const token = links.visitToken(facts.clinic.id, visit.id, visit.linkVersion);
  return {
    ...shown,
    id: visit.id,
    sequence: visit.sequence,
    url: `${publicUrl}/my/${facts.clinic.slug}#v=${token}`,
  };
}

function occasion({ startsAt, endsAt, doctorId, locationId }: Before, facts: MailFacts): Occasion | null {
  const doctor = facts.doctors.get(doctorId);
  const location = facts.locations.get(locationId);
  return doctor && location ? { startsAt, endsAt, doctor, location } : null;
}

/** The clinic's own words, in the patient's language or else in the clinic's. What can't be filled in is not used. */
function templateFor(facts: MailFacts, kind: string, language: string): MessageTemplate | null {
  const ofKind = facts.templates.filter((template) => template.kind === kind);
  const found =
    ofKind.find((template) => template.language === language) ??
    ofKind.find((template) => template.language === facts.clinic.language);
  if (!found) return null;
  if (templateProblems(found).length === 0) return found;
  log.warn({ templateId: found.id, clinicId: found.clinicId }, 'a template of a clinic cannot be used');
  return null;
}
