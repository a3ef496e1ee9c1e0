/** Who waits at the demo clinic's desk: for a slot, and for somebody to look at what a patient typed. */
import type { Facts } from '../acts/facts';
import { findSlots } from '../availability/find-slots';
import type { AttentionItem } from '../model/attention-item';
import type { Patient } from '../model/patient';
import type { WaitlistEntry, WaitlistOffer } from '../model/waitlist';
import { dayMs, hourMs, type Instant, instant, minuteMs, type PlainDate } from '../time/instant';
import { addDays, weekdayOf } from '../time/plain-date';
import { localDate } from '../time/zone';
import type { Directory } from './demo-clinic-directory';
import type { PatientPools } from './demo-clinic-patients';
import type { Random } from './random';

type Wish = [
  typeSlug: string,
  doctorNames: string[],
  daysWaiting: number,
  weekdays: number[],
  partsOfDay: WaitlistEntry['partsOfDay'],
  urgency: WaitlistEntry['urgency'],
  note: string,
  /** What came of the first slot that was offered. */
  offered?: 'open' | 'declined',
];

const wishes: readonly Wish[] = [
  ['ultrasound', ['Petr Horák'], 31, [1, 2, 3, 4, 5], [], 'soon', ''],
  ['new-patient', [], 22, [], ['afternoon'], 'routine', 'After 15:00 only'],
  ['procedure', ['Giulia Marchetti'], 19, [1, 3], [], 'routine', ''],
  ['consultation', ['Maja Nowak'], 12, [], [], 'routine', '', 'open'],
  ['consultation', ['Maja Nowak'], 8, [3, 4], [], 'routine', 'Answers by e-mail', 'declined'],
  ['consultation', [], 6, [], ['morning'], 'urgent', 'Marked urgent by Dr Nowak'],
  ['group-physio', ['Samira Rahman'], 5, [], ['evening'], 'routine', ''],
  ['follow-up', ['Maja Nowak'], 4, [], ['morning'], 'routine', ''],
];

/** Who waits. With the facts of the days to come, free slots have been offered to some. */
export function demoWaitlist(
  directory: Directory,
  facts: Facts | null,
  pools: PatientPools,
  today: PlainDate,
  now: Instant,
  random: Random,
): WaitlistEntry[] {
  return wishes.flatMap(([slug, names, daysWaiting, weekdays, partsOfDay, urgency, note, offered]) => {
    const type = directory.appointmentTypes.find((each) => each.slug === slug);
    if (!type) return [];
    const createdAt = instant(now - daysWaiting * dayMs + random.integer(-3, 3) * 3_600_000);
    const entry: WaitlistEntry = {
      id: random.id(createdAt),
      clinicId: directory.clinic.id,
      seq: 0,
      deleted: false,
      patientId: random.pick(pools.adults.warsaw).id,
      appointmentTypeId: type.id,
      doctorIds: directory.doctors.filter((doctor) => names.includes(doctor.name)).map((doctor) => doctor.id),
      locationIds: [],
      weekdays,
      partsOfDay,
      earliestOn: null,
      latestOn: urgency === 'urgent' ? addDays(today, 7) : null,
      urgency,
      note,
      status: 'waiting',
      closeReason: '',
      createdAt,
      offers: [],
    };
    if (!facts || !offered) return entry;
    const offers = offerFor(facts, entry, offered, today, now, random);
    return { ...entry, offers, status: offered === 'open' && offers.length > 0 ? 'offered' : 'waiting' };
  });
}

/** The first free one from tomorrow on that the entry asks for, offered with what came of it. */
function offerFor(
  facts: Facts,
  entry: WaitlistEntry,
  status: 'open' | 'declined',
  today: PlainDate,
  now: Instant,
  random: Random,
): WaitlistOffer[] {
  const from = addDays(today, 1);
  const { clinicId, appointmentTypeId, doctorIds, weekdays } = entry;
  const until = addDays(from, 21);
  const slots = findSlots(facts, { doctorIds, appointmentTypeId, from, until, channel: 'online', now });
  const slot = slots.find(({ locationId, startsAt }) => {
    const zone = facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
    return weekdays.length === 0 || weekdays.includes(weekdayOf(localDate(startsAt, zone)));
  });
  if (!slot) return [];
  const offeredAt = instant(now - (status === 'open' ? 40 * minuteMs : 2 * dayMs));
  const { doctorId, locationId, startsAt, endsAt } = slot;
  return [
    {
      id: random.id(offeredAt),
      clinicId,
      entryId: entry.id,
      doctorId,
      locationId,
      appointmentTypeId,
      startsAt,
      endsAt,
      status,
      offeredAt,
      expiresAt: instant(offeredAt + 4 * hourMs),
      answeredAt: status === 'open' ? null : instant(offeredAt + hourMs),
    },
  ];
}

/** A patient who wrote another telephone number into the portal, and waits for the desk to take it over. */
export function demoDifferences(patients: readonly Patient[], now: Instant, random: Random): AttentionItem[] {
  const patient = patients.find((each) => each.phone !== null && each.email !== null);
  if (!patient) return [];
  const createdAt = instant(now - 3 * hourMs);
  return [
    {
      id: random.id(createdAt),
      clinicId: patient.clinicId,
      seq: 0,
      deleted: false,
      kind: 'patient-differs',
      status: 'open',
      intentId: null,
      deviceId: null,
      userId: null,
      doctorId: null,
      patientId: patient.id,
      appointmentId: null,
      data: {
        patientId: patient.id,
        current: { phone: patient.phone },
        proposed: { phone: '+48275550147' },
        from: 'portal',
      },
      createdAt,
      settledAt: null,
      settledBy: null,
      resolution: '',
    },
  ];
}
