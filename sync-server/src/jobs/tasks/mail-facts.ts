/** What e-mails about to be sent are made of, read again at the last moment and in one go. */
import { type Appointment, appointment } from '@medic/shared/model/appointment';
import type { Clinic } from '@medic/shared/model/clinic';
import { type Doctor, doctor } from '@medic/shared/model/doctor';
import { type Location, location } from '@medic/shared/model/location';
import type { MessageTemplate, Notification } from '@medic/shared/model/notification';
import { type Patient, patient } from '@medic/shared/model/patient';
import { type WaitlistEntry, waitlistEntry } from '@medic/shared/model/waitlist';
import { z } from 'zod';
import { clinicById } from '../../db/clinics';
import { messagesOfVisits, messageTemplates } from '../../db/notifications';
import { readByIds } from '../../db/records';
import type { Transaction } from '../../db/transaction';

export interface MailFacts {
  clinic: Clinic;
  templates: readonly MessageTemplate[];
  visits: ReadonlyMap<string, Appointment>;
  entries: ReadonlyMap<string, WaitlistEntry>;
  /** Under the id of a record that was merged away stands the one that it went into. */
  patients: ReadonlyMap<string, Patient>;
  doctors: ReadonlyMap<string, Doctor>;
  locations: ReadonlyMap<string, Location>;
  /** E-mails about each visit, in the order in which they were written. */
  told: ReadonlyMap<string, Notification[]>;
}

/** What the acts put beside a message; everything else about it is read anew. */
export const seriesPayload = z.object({
  change: z.enum(['booked', 'requested', 'moved', 'cancelled']),
  appointmentIds: z.array(z.uuid()),
});
export const offerPayload = z.object({
  offerId: z.uuid(),
  entryId: z.uuid(),
  withdrawn: z.boolean().default(false),
});

/** Longer chains of merged patients do not happen. */
const longestChain = 10;

export async function mailFacts(
  tx: Transaction,
  clinicId: string,
  messages: readonly Notification[],
): Promise<MailFacts> {
  const visitIds = new Set<string>();
  const entryIds = new Set<string>();
  for (const { appointmentId, payload } of messages) {
    if (appointmentId) visitIds.add(appointmentId);
    for (const id of seriesPayload.safeParse(payload).data?.appointmentIds ?? []) visitIds.add(id);
    const offer = offerPayload.safeParse(payload).data;
    if (offer) entryIds.add(offer.entryId);
  }
  const visits = byId(await readByIds(tx, appointment, [...visitIds]));
  const entries = byId(await readByIds(tx, waitlistEntry, [...entryIds]));
  const occasions = [...visits.values(), ...[...entries.values()].flatMap((entry) => entry.offers)];
  // As the visit was before a move: another doctor, another place.
  const earlier = [...visits.values()].flatMap(({ events }) => events.map((event) => event.changed));
  const doctorIds = [...occasions.map((each) => each.doctorId), ...earlier.flatMap(oldId('doctorId'))];
  const locationIds = [...occasions.map((each) => each.locationId), ...earlier.flatMap(oldId('locationId'))];
  const told = new Map<string, Notification[]>();
  for (const message of await messagesOfVisits(tx, 'email', [...visitIds])) {
    const id = message.appointmentId ?? '';
    told.set(id, [...(told.get(id) ?? []), message]);
  }
  return {
    clinic: await clinicById(tx, clinicId),
    templates: await messageTemplates(tx, 'email'),
    visits,
    entries,
    patients: await patientsOf(tx, [
      ...messages.flatMap((message) => message.patientId ?? []),
      ...[...visits.values(), ...entries.values()].map((record) => record.patientId),
    ]),
    doctors: byId(await readByIds(tx, doctor, [...new Set(doctorIds)])),
    locations: byId(await readByIds(tx, location, [...new Set(locationIds)])),
    told,
  };
}

async function patientsOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, Patient>> {
  const all = new Map<string, Patient>();
  let wanted = [...new Set(ids)];
  for (let step = 0; step < longestChain && wanted.length > 0; step++) {
    const found = await readByIds(tx, patient, wanted);
    for (const record of found) all.set(record.id, record);
    wanted = found.flatMap((record) => record.mergedIntoId ?? []).filter((id) => !all.has(id));
  }
  return new Map([...all].map(([id, record]) => [id, survivor(all, record)]));
}

function survivor(all: ReadonlyMap<string, Patient>, record: Patient): Patient {
  let last = record;
  for (let step = 0; step < longestChain && last.mergedIntoId; step++)
    last = all.get(last.mergedIntoId) ?? { ...last, mergedIntoId: null };
  return last;
}

function oldId(field: 'doctorId' | 'locationId') {
  return (changed: Record<string, [unknown, unknown]>): string[] => {
    const old = changed[field]?.[0];
    return typeof old === 'string' ? [old] : [];
  };
}

function byId<T extends { id: string }>(records: readonly T[]): Map<string, T> {
  return new Map(records.map((record) => [record.id, record]));
}
