import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Facts } from '../acts/facts';
import { actNamed } from '../acts/registry';
import { occurrencesOf } from '../acts/series/occurrences';
import { legalChanges } from '../acts/status-table';
import { findSlots } from '../availability/find-slots';
import { offersAt } from '../availability/offers';
import { placeVisit } from '../availability/place-visit';
import {
  type Appointment,
  appointment,
  appointmentStatuses,
  groupKey,
  holdsSlot,
} from '../model/appointment';
import { appointmentSeries } from '../model/appointment-series';
import { appointmentType } from '../model/appointment-type';
import { attentionItem } from '../model/attention-item';
import { availabilityException } from '../model/availability-exception';
import { calendarConnection, externalBusyTime } from '../model/calendar';
import { checkAppointmentType, checkTemplate, templatesOverlap } from '../model/checks';
import { clinic } from '../model/clinic';
import { dayNote } from '../model/day-note';
import { doctor } from '../model/doctor';
import { location } from '../model/location';
import { messagePlan, messageTemplate } from '../model/notification';
import { patient } from '../model/patient';
import type { RecordDefinition } from '../model/record';
import type { RecordKind, SyncedOf } from '../model/records';
import { scheduleTemplate } from '../model/schedule-template';
import { timeOffRequest } from '../model/time-off-request';
import { user } from '../model/user';
import { waitlistEntry } from '../model/waitlist';
import { dayMs, type Instant, instant, plusMinutes } from '../time/instant';
import { addDays } from '../time/plain-date';
import { localDate, parseInstant } from '../time/zone';
import { type DemoKind, type DemoRecords, demoBatches, demoClinic } from './demo-clinic';
import { demoSignIns, demoTimeZone } from './demo-clinic-directory';

const definitions: Record<DemoKind, RecordDefinition> = {
  clinic,
  location,
  doctor,
  user,
  appointmentType,
  scheduleTemplate,
  availabilityException,
  timeOffRequest,
  messageTemplate,
  messagePlan,
  calendarConnection,
  externalBusyTime,
  dayNote,
  patient,
  attentionItem,
  appointmentSeries,
  appointment,
  waitlistEntry,
};

/** A Tuesday morning in the middle of surgery: 10:42 in Warsaw. */
const now = parseInstant('2026-11-24T09:42:00Z');
const today = localDate(now, demoTimeZone);
const demo = demoClinic({ scale: 'small', today, now });

function smallAt(at: Instant, seed?: number): DemoRecords {
  return demoClinic({ scale: 'small', today: localDate(at, demoTimeZone), now: at, seed });
}

function digest(records: DemoRecords): string {
  return createHash('sha256').update(JSON.stringify(records)).digest('hex');
}

/** What the engine sees, without what was overbooked. */
function factsOfDemo(records: DemoRecords): Facts {
  const facts = new Facts();
  const put = <K extends RecordKind>(kind: K, rows: readonly SyncedOf<K>[]): void => {
    for (const row of rows) facts.put(kind, row);
  };
  put('clinic', records.clinic);
  put('location', records.location);
  put('doctor', records.doctor);
  put('appointmentType', records.appointmentType);
  put('scheduleTemplate', records.scheduleTemplate);
  put('availabilityException', records.availabilityException);
  put('timeOffRequest', records.timeOffRequest);
  put('externalBusyTime', records.externalBusyTime);
  put(
    'appointment',
    records.appointment.filter((visit) => !visit.overbooked),
  );
  return facts;
}

/** Pairs that the database's exclusion constraints refuse. */
function collisions(visits: readonly Appointment[]): [string, string][] {
  const found: [string, string][] = [];
  const byOwner = new Map<string, Appointment[]>();
  for (const visit of visits) {
    if (!holdsSlot(visit.status)) continue;
    const owners = [
      ...(visit.overbooked ? [] : [`doctor ${visit.doctorId}`]),
      ...(visit.roomId === null || visit.roomOverbooked ? [] : [`room ${visit.roomId}`]),
    ];
    for (const owner of owners) {
      const others = byOwner.get(owner);
      if (others) others.push(visit);
      else byOwner.set(owner, [visit]);
    }
  }
  for (const owned of byOwner.values()) {
    owned.sort((a, b) => a.reservedFrom - b.reservedFrom);
    owned.forEach((visit, index) => {
      for (let next = index + 1; next < owned.length; next++) {
        const other = owned[next] as Appointment;
        if (other.reservedFrom >= visit.reservedUntil) break;
        if (groupKey(other) !== groupKey(visit)) found.push([visit.id, other.id]);
      }
    });
  }
  return found;
}

describe('the small demo clinic', () => {
  test('has what a first look needs', () => {
    expect(demo.clinic).toMatchObject([{ slug: 'harbour', timeZone: 'Europe/Warsaw' }]);
    expect(demo.location).toHaveLength(3);
    expect(new Set(demo.location.map((place) => place.timeZone)).size).toBe(2);
    expect(demo.doctor).toHaveLength(12);
    expect(new Set(demo.doctor.map((each) => each.specialty)).size).toBe(6);
    expect(demo.appointmentType).toHaveLength(10);
    expect(new Set(demo.appointmentType.map((type) => type.colour)).size).toBe(7);
    expect(demo.appointmentType.some((type) => type.capacity === 8)).toBe(true);
    expect(demo.appointmentType.some((type) => type.needsRoom && type.capacity === 1)).toBe(true);
    expect(demo.appointmentType.some((type) => type.bookableBy === 'desk')).toBe(true);
    expect(demo.appointmentType.some((type) => type.needsAccepting)).toBe(true);
    expect(demo.patient).toHaveLength(2000);
    for (const role of ['admin', 'reception', 'doctor'] as const) {
      expect(demo.user.find((each) => each.email === demoSignIns[role])?.roles).toEqual([role]);
    }
    for (const each of demo.doctor)
      expect(demo.user.filter((member) => member.doctorId === each.id)).toHaveLength(1);
    expect(demo.user.filter((each) => each.rights.includes('overbook')).map((each) => each.roles[0])).toEqual(
      ['admin', 'reception'],
    );
  });

  test('every record is as its schema says', () => {
    for (const kind of Object.keys(definitions) as DemoKind[]) {
      expect(demo[kind].length, kind).toBeGreaterThan(0);
      for (const record of demo[kind]) expect(definitions[kind].schema.parse(record)).toEqual(record);
    }
  });

  test('no two rows share an id, and all are of the clinic', () => {
    const ids = new Set<string>();
    let rows = 0;
    function walk(value: unknown): void {
      if (Array.isArray(value)) for (const each of value) walk(each);
      else if (typeof value === 'object' && value !== null && 'id' in value && 'clinicId' in value) {
        rows++;
        ids.add(String(value.id));
        expect(value.clinicId).toBe(demo.clinic[0]?.id);
        for (const each of Object.values(value)) walk(each);
      }
    }
    for (const kind of Object.keys(definitions) as DemoKind[]) walk(demo[kind]);
    expect(ids.size).toBe(rows);
  });

  test('weekly plans and types are valid, and the plans of one doctor never overlap', () => {
    for (const template of demo.scheduleTemplate) expect(checkTemplate(template)).toEqual([]);
    for (const type of demo.appointmentType) expect(checkAppointmentType(type)).toEqual([]);
    for (const [index, a] of demo.scheduleTemplate.entries()) {
      for (const b of demo.scheduleTemplate.slice(index + 1))
        expect(templatesOverlap(a, b), `${a.id} ${b.id}`).toBe(false);
    }
  });

  test('plans alternate, cross midnight, have breaks and lead to two places in a week', () => {
    const plans = demo.scheduleTemplate;
    expect(plans.some((plan) => plan.everyNWeeks === 2)).toBe(true);
    expect(plans.some((plan) => plan.closesAt < plan.opensAt && plan.breaks.length > 1)).toBe(true);
    expect(plans.some((plan) => plan.validUntil !== null)).toBe(true);
    const places = (doctorId: string) =>
      new Set(
        plans
          .filter((plan) => plan.doctorId === doctorId && plan.everyNWeeks === 1)
          .map((plan) => plan.locationId),
      );
    expect(demo.doctor.some((each) => places(each.id).size === 2)).toBe(true);
    expect(new Set(demo.availabilityException.map((exception) => exception.kind))).toEqual(
      new Set(['replace', 'extra', 'block', 'closure']),
    );
    expect(new Set(demo.timeOffRequest.map((request) => request.status))).toEqual(
      new Set(['approved', 'requested', 'denied']),
    );
  });

  test('all patients can be told apart from real people by their addresses, and some have none', () => {
    const emails = demo.patient.flatMap((each) => each.email ?? []);
    for (const email of emails) expect(email).toMatch(/^[a-z0-9.-]+@example\.(org|net|com)$/);
    expect(new Set(emails).size).toBe(emails.length);
    for (const { phone } of demo.patient) {
      if (phone === null) continue;
      expect(phone).toMatch(
        /^\+(4827\d{7}|447700900\d{3}|44(1\d{2}496|207946)0\d{3}|493023125\d{3}|491713920\d{3}|3363998\d{4}|1\d{3}55501\d{2}|468465004\d{2})$/,
      );
    }
    expect(demo.patient.some((each) => each.phone === null)).toBe(true);
    expect(demo.patient.some((each) => each.email === null)).toBe(true);
    for (const each of demo.patient) {
      expect(each.consentSms && each.phone === null).toBe(false);
      expect(each.consentEmail && each.email === null).toBe(false);
    }
  });

  test('a few patients are in the list twice', () => {
    const plain = (name: string) =>
      name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('Ł', 'L');
    const seen = new Map<string, number>();
    for (const each of demo.patient) {
      const key = `${plain(each.givenName)} ${plain(each.familyName)} ${each.birthDate}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const twice = [...seen.values()].filter((count) => count > 1).length;
    expect(twice).toBeGreaterThanOrEqual(5);
    expect(twice).toBeLessThan(40);
  });
});

describe('the visits of the small demo clinic', () => {
  const visits = demo.appointment;
  const types = new Map(demo.appointmentType.map((type) => [type.id, type]));
  const doctors = new Map(demo.doctor.map((each) => [each.id, each]));
  const places = new Map(demo.location.map((place) => [place.id, place]));

  test('cover eight weeks around today, densest now', () => {
    expect(visits.length).toBeGreaterThan(3000);
    const weekOf = (visit: Appointment) => Math.floor((visit.startsAt - now) / (7 * dayMs));
    const perWeek = new Map<number, number>();
    for (const visit of visits) perWeek.set(weekOf(visit), (perWeek.get(weekOf(visit)) ?? 0) + 1);
    expect(perWeek.get(-4)).toBeGreaterThan(100);
    expect(perWeek.get(3)).toBeGreaterThan(20);
    expect(perWeek.get(0)).toBeGreaterThan(2 * (perWeek.get(2) ?? 0));
  });

  test('never collide in a doctor or a room', () => {
    expect(collisions(visits)).toEqual([]);
  });

  test('collide when one is moved onto another: the check above can fail', () => {
    const [first] = visits.filter((visit) => holdsSlot(visit.status) && visit.capacity === 1);
    expect(first && collisions([...visits, { ...first, id: 'other' }])).not.toEqual([]);
  });

  test('stand where the engine would have put them', () => {
    const facts = factsOfDemo(demo);
    let checked = 0;
    for (const visit of visits) {
      if (!holdsSlot(visit.status) || visit.overbooked) continue;
      const placement = placeVisit(facts, {
        doctorId: visit.doctorId,
        locationId: visit.locationId,
        appointmentTypeId: visit.appointmentTypeId,
        startsAt: visit.startsAt,
        roomId: visit.roomId,
        channel: 'desk',
        now: visit.createdAt,
        ignoreAppointmentId: visit.id,
      });
      expect(placement.reasons, visit.id).toEqual([]);
      expect(placement.slot).toMatchObject({
        endsAt: visit.endsAt,
        roomId: visit.roomId,
        reservedFrom: visit.reservedFrom,
        reservedUntil: visit.reservedUntil,
        capacity: visit.capacity,
      });
      checked++;
    }
    expect(checked).toBeGreaterThan(3000);
  }, 60_000);

  test('are of a type that the doctor offers there, in a room that has what it takes', () => {
    for (const visit of visits) {
      const type = types.get(visit.appointmentTypeId);
      const room = places.get(visit.locationId)?.rooms.find((each) => each.id === visit.roomId);
      const who = doctors.get(visit.doctorId);
      expect(type && who && offersAt(type, who, visit.locationId)).toBe(true);
      if (visit.roomId !== null) expect(room).toBeDefined();
      if (type?.needsRoom) expect(room?.features).toContain(type.roomFeature);
      expect(visit.endsAt).toBe(plusMinutes(visit.startsAt, type?.durationMinutes ?? 0));
      expect(visit.capacity).toBe(type?.capacity);
    }
  });

  test('requests wait only where a doctor or a type asks for an answer', () => {
    const pending = visits.filter((visit) => visit.status === 'pending');
    expect(pending.length).toBeGreaterThan(5);
    for (const visit of pending) {
      expect(visit.source).toBe('public');
      expect(
        types.get(visit.appointmentTypeId)?.needsAccepting || doctors.get(visit.doctorId)?.needsAccepting,
      ).toBe(true);
    }
  });

  test('group visits are partly filled, each seat once', () => {
    const groups = new Map<string, Appointment[]>();
    for (const visit of visits) {
      if (visit.capacity > 1) groups.set(groupKey(visit), [...(groups.get(groupKey(visit)) ?? []), visit]);
    }
    const sizes = [...groups.values()].map((seats) => {
      const taken = seats.filter((visit) => holdsSlot(visit.status)).map((visit) => visit.seat);
      expect(new Set(taken).size).toBe(taken.length);
      for (const seat of taken) expect(seat >= 1 && seat <= 8).toBe(true);
      return taken.length;
    });
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(6);
    expect(sizes.some((size) => size > 0 && size < 6)).toBe(true);
  });

  test('one pair is overbooked and one visit lies after hours, and they come last', () => {
    const overbooked = visits.filter((visit) => visit.overbooked);
    expect(overbooked).toEqual(visits.slice(-overbooked.length));
    for (const visit of overbooked) expect(visit.overbookReason).not.toBe('');
    expect(
      overbooked.some((visit) => visit.roomOverbooked && localDate(visit.startsAt, demoTimeZone) === today),
    ).toBe(true);
    const facts = factsOfDemo(demo);
    const outside = overbooked.filter((visit) =>
      placeVisit(facts, {
        ...visit,
        durationMinutes: undefined,
        channel: 'desk',
        now: visit.createdAt,
      }).reasons.some((reason) => reason.code === 'outside-hours'),
    );
    expect(outside.some((visit) => localDate(visit.startsAt, demoTimeZone) === today)).toBe(true);
  });

  test('have a status that fits the hour', () => {
    expect(new Set(visits.map((visit) => visit.status))).toEqual(new Set(appointmentStatuses));
    for (const visit of visits) {
      if (visit.endsAt <= now)
        expect(['fulfilled', 'noshow', 'cancelled', 'entered-in-error']).toContain(visit.status);
      if (visit.startsAt > plusMinutes(now, 35))
        expect(['booked', 'pending', 'cancelled', 'proposed', 'waitlist']).toContain(visit.status);
      expect(visit.createdAt).toBeLessThan(Math.min(now, visit.startsAt));
    }
    const waiting = visits.filter((visit) => visit.status === 'arrived');
    expect(waiting.length).toBeGreaterThan(2);
    expect(waiting.some((visit) => now - visit.statusChangedAt < 20 * 60_000)).toBe(true);
    expect(visits.some((visit) => visit.status === 'checked-in')).toBe(true);
  });

  test('tell how they came to it: legal steps in order, none after now', () => {
    for (const visit of visits) {
      let status: Appointment['status'] | null = null;
      let at = visit.createdAt;
      for (const event of visit.events) {
        expect(event.appointmentId).toBe(visit.id);
        expect(event.fromStatus).toBe(status);
        if (status !== null && event.toStatus !== status)
          expect(legalChanges[status]).toContain(event.toStatus);
        expect(event.occurredAt).toBeGreaterThanOrEqual(at);
        expect(event.occurredAt).toBeLessThanOrEqual(now);
        if (event.toStatus !== status) expect(visit.statusChangedAt).toBeGreaterThanOrEqual(event.occurredAt);
        status = event.toStatus;
        at = event.occurredAt;
      }
      expect(status).toBe(visit.status);
    }
  });

  test('were made and changed by acts that there are', () => {
    for (const name of new Set(visits.flatMap((visit) => visit.events.map((event) => event.act))))
      expect(actNamed(name)?.name).toBe(name);
  });

  test('are confirmed by some patients who come soon', () => {
    const confirmed = visits.filter((visit) => visit.confirmedAt !== null);
    expect(confirmed.length).toBeGreaterThan(5);
    for (const visit of confirmed)
      expect(visit.events.find((event) => event.act === 'appointment.confirm')?.occurredAt).toBe(
        visit.confirmedAt,
      );
  });

  test('recur in a few series, at times of their rules, with visits that are over and visits ahead', () => {
    expect(demo.appointmentSeries.length).toBeGreaterThanOrEqual(3);
    for (const series of demo.appointmentSeries) {
      const own = visits.filter((visit) => visit.seriesId === series.id);
      expect(
        own.some((visit) => visit.startsAt > now),
        series.rrule,
      ).toBe(true);
      expect(own.length).toBeGreaterThanOrEqual(2);
      const starts = occurrencesOf(series);
      for (const visit of own) {
        expect(starts).toContain(visit.startsAt);
        expect(visit).toMatchObject({ patientId: series.patientId, createdAt: series.createdAt });
        expect(visit.events[0]?.act).toBe('series.book');
      }
    }
    expect(visits.some((visit) => visit.seriesId !== null && visit.endsAt < now)).toBe(true);
  });

  test('nobody has an appointment with a doctor who is away', () => {
    const away = demo.timeOffRequest.filter((request) => request.status === 'approved');
    expect(away.length).toBeGreaterThan(0);
    for (const request of away) {
      expect(
        visits.filter(
          (visit) =>
            visit.doctorId === request.doctorId &&
            holdsSlot(visit.status) &&
            visit.startsAt < request.endsAt &&
            visit.endsAt > request.startsAt,
        ),
      ).toEqual([]);
    }
  });

  test('leave free slots online in the coming days, for the first doctor too', () => {
    const facts = factsOfDemo(demo);
    const consultation = demo.appointmentType.find((type) => type.slug === 'consultation');
    const ask = (doctorIds: string[]) =>
      findSlots(facts, {
        doctorIds,
        appointmentTypeId: consultation?.id ?? '',
        from: today,
        until: addDays(today, 7),
        channel: 'online',
        now,
      });
    expect(ask([]).length).toBeGreaterThan(100);
    expect(ask([demo.doctor[0]?.id ?? '']).length).toBeGreaterThan(5);
  });
});

describe('those who wait', () => {
  test('some were offered a slot that is free, one has declined, and most wait on', () => {
    const offers = demo.waitlistEntry.flatMap((entry) => entry.offers);
    expect(offers.map((offer) => offer.status).sort()).toEqual(['declined', 'open']);
    for (const entry of demo.waitlistEntry) {
      expect(entry.status).toBe(
        entry.offers.some((offer) => offer.status === 'open') ? 'offered' : 'waiting',
      );
      for (const offer of entry.offers) expect(offer.entryId).toBe(entry.id);
    }
    const facts = factsOfDemo(demo);
    for (const offer of offers) {
      const placement = placeVisit(facts, { ...offer, channel: 'desk', now });
      expect(placement.reasons).toEqual([]);
      expect(placement.slot?.endsAt).toBe(offer.endsAt);
    }
  });

  test('one patient has given another telephone number, which is not yet in the record', () => {
    const [item] = demo.attentionItem;
    expect(item).toMatchObject({ kind: 'patient-differs', status: 'open' });
    const record = demo.patient.find((each) => each.id === item?.patientId);
    expect(item?.data).toMatchObject({ current: { phone: record?.phone }, from: 'portal' });
  });
});

describe('the demo clinic on any day', () => {
  test('the same input gives the same bytes, another seed or day others', () => {
    const first = digest(demo);
    expect(digest(smallAt(now))).toBe(first);
    expect(digest(smallAt(now, 2))).not.toBe(first);
    expect(digest(smallAt(instant(now + dayMs)))).not.toBe(first);
  });

  test('who and what there is keeps its id from day to day', () => {
    const later = smallAt(instant(now + 40 * dayMs));
    const ids = (records: DemoRecords) =>
      [
        ...records.clinic,
        ...records.location,
        ...records.doctor,
        ...records.user,
        ...records.appointmentType,
        ...records.scheduleTemplate,
      ].map((record) => record.id);
    expect(ids(later)).toEqual(ids(demo));
  });

  // The last Sundays of March and October change the clocks; the others are a week in every hour of the day.
  test.each([
    '2026-11-21T10:00:00Z',
    '2026-11-22T09:30:00Z',
    '2026-11-23T02:00:00Z',
    '2026-11-26T22:40:00Z',
    '2026-11-27T17:00:00Z',
    '2026-12-31T23:30:00Z',
    '2027-03-28T01:30:00Z',
    '2027-10-31T00:30:00Z',
    '2028-02-29T08:00:00Z',
  ])('on %s it has visits today in a consistent state, and every status', (text) => {
    const at = parseInstant(text);
    const records = smallAt(at);
    const date = localDate(at, demoTimeZone);
    expect(collisions(records.appointment)).toEqual([]);
    expect(
      records.appointment.filter((visit) => localDate(visit.startsAt, demoTimeZone) === date).length,
    ).toBeGreaterThan(30);
    expect(new Set(records.appointment.map((visit) => visit.status))).toEqual(new Set(appointmentStatuses));
    expect(records.appointment.some((visit) => visit.overbooked)).toBe(true);
    const facts = factsOfDemo(records);
    for (const visit of records.appointment) {
      if (!holdsSlot(visit.status) || visit.overbooked || Math.abs(visit.startsAt - at) > 2 * dayMs) continue;
      const reasons = placeVisit(facts, {
        ...visit,
        durationMinutes: undefined,
        channel: 'desk',
        now: visit.createdAt,
        ignoreAppointmentId: visit.id,
      }).reasons;
      expect(reasons, visit.id).toEqual([]);
    }
  });
});

test('the large demo clinic comes in batches: 50 doctors, 20,000 patients, 150,000 visits without a collision', () => {
  const counts = { doctor: 0, patient: 0, appointment: 0 };
  let largest = 0;
  let pending: Appointment[] = [];
  const ids = new Set<string>();
  for (const batch of demoBatches({ scale: 'large', today, now })) {
    largest = Math.max(largest, batch.records.length);
    if (batch.kind === 'doctor' || batch.kind === 'patient') counts[batch.kind] += batch.records.length;
    if (batch.kind !== 'appointment') continue;
    counts.appointment += batch.records.length;
    for (const visit of batch.records) ids.add(visit.id);
    // Days are walked one after the other: a collision is within a batch, or with the one before.
    expect(collisions([...pending, ...batch.records])).toEqual([]);
    pending = batch.records;
  }
  expect(counts).toEqual({ doctor: 50, patient: 20_000, appointment: 150_000 });
  expect(ids.size).toBe(150_000);
  expect(largest).toBeLessThanOrEqual(3000);
}, 120_000);
