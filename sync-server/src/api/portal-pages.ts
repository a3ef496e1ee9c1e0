/** What the portal shows of visits, offers and records: to the patient whose they are, and in facts that the page words. */
import { outsideWindow } from '@medic/shared/acts/appointment/patient-rules';
import type { Facts } from '@medic/shared/acts/facts';
import { movableStatuses } from '@medic/shared/acts/status-table';
import { isOpen, offerStatusAt, statusAt } from '@medic/shared/acts/waitlist/standing';
import type { Appointment, AppointmentEvent, AppointmentStatus } from '@medic/shared/model/appointment';
import type { Patient } from '@medic/shared/model/patient';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import { type Instant, plusMinutes, type TimeZone } from '@medic/shared/time/instant';

const openStatuses: readonly AppointmentStatus[] = ['proposed', 'pending', 'booked', 'arrived', 'checked-in'];

/** Still to come: it stands, and is not over. */
export function isAhead(visit: Appointment, now: Instant): boolean {
  return openStatuses.includes(visit.status) && visit.endsAt > now;
}

/**
 * Whom it is about. Not by a link: a visitor who booked holds one too, and would read from the spelling of the name, or
 * from the id, which tells when it was made, whether the record was there before.
 */
export function personOf(patient: Patient, by: 'patient' | 'visit' = 'patient') {
  return by === 'patient'
    ? { patientId: patient.id, firstName: patient.givenName }
    : { patientId: '', firstName: '' };
}

interface Where {
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
}

function placeOf(facts: Facts, { doctorId, locationId, appointmentTypeId }: Where) {
  const place = facts.location(locationId);
  return {
    timeZone: place?.timeZone ?? facts.clinic.timeZone,
    doctorId,
    doctorName: doctorName(facts, doctorId),
    appointmentTypeId,
    appointmentTypeName: facts.appointmentType(appointmentTypeId)?.name ?? '',
    locationId,
    locationName: place?.name ?? '',
    street: place?.street ?? '',
    city: place?.city ?? '',
    directions: place?.directions ?? '',
    locationPhone: place?.phone ?? facts.clinic.phone,
  };
}

function doctorName(facts: Facts, id: string): string {
  const doctor = facts.doctor(id);
  return doctor ? `${doctor.title} ${doctor.name}`.trim() : '';
}

export function visitSummary(
  facts: Facts,
  visit: Appointment,
  patient: Patient,
  now: Instant,
  by: 'patient' | 'visit' = 'patient',
) {
  const online = facts.appointmentType(visit.appointmentTypeId)?.bookableBy === 'online';
  // By the same rule as the act, so that no button leads to a refusal.
  const open =
    movableStatuses.includes(visit.status) &&
    outsideWindow(facts, visit, patientContext(facts, patient, now)) === null;
  return {
    id: visit.id,
    ...personOf(patient, by),
    status: visit.status,
    startsAt: visit.startsAt,
    endsAt: visit.endsAt,
    ...placeOf(facts, visit),
    confirmedAt: visit.confirmedAt,
    sequence: visit.sequence,
    seriesId: visit.seriesId,
    may: {
      move: open && online,
      cancel: open,
      confirm: visit.status === 'booked' && visit.confirmedAt === null && visit.startsAt > now,
      accept: visit.status === 'proposed' && visit.startsAt > now,
    },
    /** Until then it can be moved or cancelled here. */
    changeUntil: plusMinutes(visit.startsAt, -facts.clinic.rules.cancelWindowMinutes),
  };
}

function patientContext(facts: Facts, patient: Patient, now: Instant) {
  return {
    clinicId: facts.clinic.id,
    actor: {
      kind: 'patient' as const,
      id: patient.id,
      name: '',
      roles: [],
      rights: [],
      doctorId: null,
    },
    now,
    madeAt: now,
    newId: () => {
      throw new Error('Broken invariant: a question makes nothing');
    },
  };
}

export type TimelineWhat =
  | 'requested'
  | 'booked'
  | 'suggested'
  | 'accepted'
  | 'declined'
  | 'moved'
  | 'confirmed'
  | 'cancelled'
  | 'arrived'
  | 'started'
  | 'finished'
  | 'noshow'
  | 'undone';

interface Standing extends Where {
  startsAt: Instant;
}

/**
 * The visit's story, newest first. What staff noted for each other (reasons, rooms, lengths) is not part of it. An event
 * holds only what it changed; the rest is found by going back from how the visit stands now.
 */
export function timelineOf(facts: Facts, visit: Appointment, events: readonly AppointmentEvent[]) {
  const shown = [];
  let after: Standing = visit;
  for (const event of [...events].reverse()) {
    const before = asBefore(after, event);
    const what = whatHappened(event);
    if (what !== null) {
      const moved = what === 'moved' || what === 'undone';
      shown.push({
        id: event.id,
        at: event.occurredAt,
        what,
        by: event.actorKind === 'patient' ? ('you' as const) : ('clinic' as const),
        from: moved && before !== after ? standingPage(facts, before) : null,
        to: moved && before !== after ? standingPage(facts, after) : null,
        reason: event.actorKind === 'patient' ? event.reason : '',
      });
    }
    after = before;
  }
  return shown;
}

const placeFields = ['startsAt', 'doctorId', 'locationId', 'appointmentTypeId'] as const;

function asBefore(after: Standing, event: AppointmentEvent): Standing {
  const changed = placeFields.filter((field) => event.changed[field] !== undefined);
  if (changed.length === 0 || event.fromStatus === null) return after;
  return {
    doctorId: after.doctorId,
    locationId: after.locationId,
    appointmentTypeId: after.appointmentTypeId,
    startsAt: after.startsAt,
    ...Object.fromEntries(changed.map((field) => [field, event.changed[field]?.[0]])),
  };
}

function whatHappened(event: AppointmentEvent): TimelineWhat | null {
  const { fromStatus: from, toStatus: to, act, changed } = event;
  if (from === null) return to === 'proposed' ? 'suggested' : to === 'pending' ? 'requested' : 'booked';
  if (act === 'appointment.undo') return 'undone';
  if (to === 'entered-in-error') return null;
  if (placeFields.some((field) => changed[field] !== undefined)) return 'moved';
  if (from === to) return changed.confirmedAt && changed.confirmedAt[1] !== null ? 'confirmed' : null;
  switch (to) {
    case 'booked':
      return 'accepted';
    case 'cancelled':
      return act === 'appointment.decline' ? 'declined' : 'cancelled';
    case 'arrived':
      return 'arrived';
    case 'checked-in':
      return 'started';
    case 'fulfilled':
      return 'finished';
    case 'noshow':
      return 'noshow';
    case 'pending':
      return 'requested';
    default:
      return null;
  }
}

function standingPage(facts: Facts, standing: Standing) {
  const { timeZone, doctorName, locationName, appointmentTypeName } = placeOf(facts, standing);
  return {
    startsAt: standing.startsAt,
    timeZone: timeZone as TimeZone,
    doctorName,
    locationName,
    appointmentTypeName,
  };
}

export function offerPage(facts: Facts, offer: WaitlistOffer, now: Instant) {
  return {
    offerId: offer.id,
    entryId: offer.entryId,
    startsAt: offer.startsAt,
    endsAt: offer.endsAt,
    ...placeOf(facts, offer),
    expiresAt: offer.expiresAt,
    status: offerStatusAt(offer, now),
  };
}

export function entryPage(facts: Facts, entry: WaitlistEntry, patient: Patient, now: Instant) {
  return {
    id: entry.id,
    ...personOf(patient),
    appointmentTypeId: entry.appointmentTypeId,
    appointmentTypeName: facts.appointmentType(entry.appointmentTypeId)?.name ?? '',
    doctorIds: entry.doctorIds,
    doctorNames: entry.doctorIds.map((id) => doctorName(facts, id)),
    locationIds: entry.locationIds,
    locationNames: entry.locationIds.map((id) => facts.location(id)?.name ?? ''),
    weekdays: entry.weekdays,
    partsOfDay: entry.partsOfDay,
    earliestOn: entry.earliestOn,
    latestOn: entry.latestOn,
    urgency: entry.urgency,
    note: entry.note,
    status: statusAt(entry, now),
    createdAt: entry.createdAt,
    offers: entry.offers.filter((offer) => isOpen(offer, now)).map((offer) => offerPage(facts, offer, now)),
  };
}
