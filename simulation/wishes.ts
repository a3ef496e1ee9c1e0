/** What somebody at a desk does next, by chance, out of what the desk shows. */
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Appointment } from '@medic/shared/model/appointment';
import type { RecordKind, SyncedOf } from '@medic/shared/model/records';
import { date } from '@medic/shared/testing/builders';
import type { Random } from '@medic/shared/testing/random';
import { type Instant, minuteMs, plusMinutes } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { localDate } from '@medic/shared/time/zone';
import type { Desk } from '../desktop/src/renderer/replica/desk';

export interface Wish<N extends ActName = ActName> {
  act: N;
  args: ActArgs<N>;
}

type Draw = (desk: Desk, random: Random) => Wish | null;

function wish<N extends ActName>(act: N, args: ActArgs<N>): Wish {
  return { act, args } as Wish;
}

const shortDay = [8 * 60, 12 * 60] as const;

/** A place in the next days. Few on purpose, so that desks meet. */
function aSlot(desk: Desk, random: Random) {
  const { facts } = desk;
  const doctor = random.pick([...facts.all('doctor')]);
  const own = desk.user.roles.includes('doctor') ? desk.user.doctorId : null;
  const chosen = own && random.chance(0.9) ? (facts.doctor(own) ?? doctor) : doctor;
  const type = random.pick([...facts.all('appointmentType')]);
  const step = type.slotStepMinutes;
  const midnight = Math.floor(desk.now() / (1440 * minuteMs)) * 1440 * minuteMs - 60 * minuteMs;
  const day = random.weighted([
    [0, 2],
    [1, 6],
    [2, 2],
    [5, 1],
  ]);
  const minute = shortDay[0] + step * random.integer(0, Math.floor((shortDay[1] - shortDay[0]) / step));
  return {
    doctorId: chosen.id,
    locationId: random.pick(chosen.places).locationId,
    appointmentTypeId: type.id,
    startsAt: (midnight + (day * 1440 + minute) * minuteMs) as Instant,
  };
}

function anyOf<K extends RecordKind>(
  desk: Desk,
  random: Random,
  kind: K,
  which: (record: SyncedOf<K>) => boolean = () => true,
): SyncedOf<K> | null {
  const all = [...desk.facts.all(kind)].filter(which).sort((a, b) => (a.id < b.id ? -1 : 1));
  return all.length > 0 ? random.pick(all) : null;
}

function aPatientOf(desk: Desk, random: Random) {
  return anyOf(desk, random, 'patient', (patient) => patient.mergedIntoId === null);
}

function aVisit(desk: Desk, random: Random, ...statuses: Appointment['status'][]) {
  return anyOf(
    desk,
    random,
    'appointment',
    (visit) => statuses.length === 0 || statuses.includes(visit.status),
  );
}

function booking(desk: Desk, random: Random) {
  const patient = aPatientOf(desk, random);
  if (!patient) return null;
  return {
    ...aSlot(desk, random),
    appointmentId: desk.newId(),
    patientId: patient.id,
    notes: random.chance(0.2) ? 'Brings a letter' : '',
    overrides: random.chance(0.7) ? (['hold', 'same-patient'] as const).slice() : [],
  };
}

/** An act on one visit by its id alone. */
function ofVisit(act: ActName, ...statuses: Appointment['status'][]): Draw {
  return (desk, random) => {
    const visit = aVisit(desk, random, ...statuses);
    return visit && wish(act, { appointmentId: visit.id } as ActArgs<ActName>);
  };
}

/** ... and a reason. */
function endingVisit(act: ActName, ...statuses: Appointment['status'][]): Draw {
  return (desk, random) => {
    const visit = aVisit(desk, random, ...statuses);
    return visit && wish(act, { appointmentId: visit.id, reason: 'Ill' } as ActArgs<ActName>);
  };
}

const givenNames = ['Anna', 'Jan', 'Ewa', 'Piotr', 'Zofia', 'Adam'];
const familyNames = ['Kowal', 'Mazur', 'Lis', 'Wrona', 'Sowa', 'Dudek', 'Baran', 'Czajka'];

const draws: readonly (readonly [Draw, number])[] = [
  [
    (desk, random) => {
      const args = booking(desk, random);
      return args && wish('appointment.book', { ...args, request: random.chance(0.15) });
    },
    22,
  ],
  [
    (desk, random) => {
      const args = booking(desk, random);
      return args && wish('appointment.propose', args);
    },
    2,
  ],
  [
    (desk, random) => {
      const args = booking(desk, random);
      return args && wish('appointment.overbook', { ...args, reason: 'In pain', room: random.chance(0.5) });
    },
    3,
  ],
  [
    (desk, random) => {
      const visit = aVisit(desk, random, 'booked', 'pending', 'proposed');
      if (!visit) return null;
      const { doctorId, locationId, startsAt } = aSlot(desk, random);
      return wish('appointment.reschedule', {
        appointmentId: visit.id,
        doctorId,
        locationId,
        startsAt,
        durationMinutes: null,
        overrides: random.chance(0.5) ? ['hold', 'same-patient'] : [],
        overbook: random.chance(0.1) ? { reason: 'In pain', room: true } : null,
      });
    },
    14,
  ],
  [endingVisit('appointment.cancel', 'booked', 'pending'), 6],
  [endingVisit('appointment.decline', 'pending', 'proposed'), 3],
  [endingVisit('appointment.void'), 1],
  [ofVisit('appointment.accept', 'pending', 'proposed'), 6],
  [ofVisit('appointment.confirm', 'booked'), 2],
  [ofVisit('appointment.arrive', 'booked'), 4],
  [ofVisit('appointment.start', 'arrived'), 2],
  [ofVisit('appointment.complete', 'checked-in'), 2],
  [ofVisit('appointment.noshow', 'booked'), 2],
  [ofVisit('appointment.undo'), 6],
  [ofVisit('appointment.revoke-link'), 1],
  [
    (desk, random) => {
      const first = aVisit(desk, random, 'booked', 'pending');
      const second = aVisit(desk, random, 'booked', 'pending');
      if (!first || !second || first.id === second.id) return null;
      return wish('appointment.swap', {
        firstId: first.id,
        secondId: second.id,
        overrides: ['hold', 'same-patient'],
      });
    },
    4,
  ],
  [
    (desk, random) => {
      const one = aVisit(desk, random, 'booked');
      if (!one) return null;
      const day = [...desk.facts.all('appointment')].filter(
        (visit) =>
          visit.doctorId === one.doctorId &&
          visit.status === 'booked' &&
          visit.startsAt >= one.startsAt &&
          visit.startsAt < one.startsAt + 8 * 60 * minuteMs,
      );
      return wish('appointment.shift', {
        appointmentIds: day.slice(0, 10).map(({ id }) => id),
        minutes: random.pick([-30, -15, 15, 30, 60]),
        overrides: ['hold', 'same-patient'],
      });
    },
    4,
  ],
  [
    (desk, random) => {
      const args = booking(desk, random);
      if (!args) return null;
      const { appointmentId, ...rest } = args;
      const count = random.integer(2, 4);
      return wish('series.book', {
        ...rest,
        seriesId: desk.newId(),
        appointmentIds: [appointmentId, ...Array.from({ length: count - 1 }, () => desk.newId())],
        rrule: `FREQ=${random.pick(['DAILY', 'WEEKLY'])};COUNT=${count}`,
      });
    },
    3,
  ],
  [
    (desk, random) => {
      const visit = anyOf(desk, random, 'appointment', ({ seriesId }) => seriesId !== null);
      return (
        visit &&
        wish('series.cancel', {
          seriesId: visit.seriesId as string,
          appointmentId: visit.id,
          scope: random.pick(['this', 'following', 'all'] as const),
          reason: 'Ill',
        })
      );
    },
    2,
  ],
  [
    (desk, random) => {
      const visit = anyOf(desk, random, 'appointment', ({ seriesId }) => seriesId !== null);
      if (!visit) return null;
      const { doctorId, locationId, startsAt } = aSlot(desk, random);
      const scope = random.pick(['this', 'following', 'all'] as const);
      return wish('series.reschedule', {
        seriesId: visit.seriesId as string,
        appointmentId: visit.id,
        scope,
        startsAt,
        doctorId,
        locationId,
        restId: scope === 'following' ? desk.newId() : null,
        overrides: ['hold', 'same-patient'],
      });
    },
    2,
  ],
  [
    (desk, random) => {
      const { doctorId, locationId } = aSlot(desk, random);
      const day = addDays(localDate(desk.now(), desk.facts.clinic.timeZone), random.integer(0, 4));
      const from = random.integer(8, 14);
      const whole = random.chance(0.2);
      return wish('time.block', {
        exceptionId: desk.newId(),
        doctorId,
        locationId,
        date: day,
        startsAt: whole ? null : (`${String(from).padStart(2, '0')}:00` as never),
        endsAt: whole ? null : (`${String(from + 1).padStart(2, '0')}:30` as never),
        reason: '',
      });
    },
    3,
  ],
  [
    (desk, random) => {
      const block = anyOf(desk, random, 'availabilityException', ({ kind }) => kind === 'block');
      return block && wish('time.unblock', { exceptionId: block.id });
    },
    2,
  ],
  [
    (desk, random) =>
      wish('patient.create', {
        patientId: desk.newId(),
        givenName: random.pick(givenNames),
        familyName: random.pick(familyNames),
        birthDate: date(`19${random.integer(50, 99)}-0${random.integer(1, 9)}-1${random.integer(0, 9)}`),
        phone: `+4860${random.integer(1_000_000, 9_999_999)}`,
        email: null,
        language: 'en',
        consentSms: true,
        consentEmail: random.chance(0.5),
        notes: '',
        overrides: random.chance(0.5) ? ['duplicate'] : [],
      }),
    6,
  ],
  [
    (desk, random) => {
      const patient = aPatientOf(desk, random);
      if (!patient) return null;
      const field = random.pick(['notes', 'phone', 'givenName', 'language'] as const);
      const value = {
        notes: `Note ${random.integer(1, 1000)}`,
        phone: `+4860${random.integer(1_000_000, 9_999_999)}`,
        givenName: random.pick(givenNames),
        language: random.pick(['en', 'de', 'fr'] as const),
      }[field];
      return wish('patient.edit', {
        patientId: patient.id,
        changes: { [field]: value },
        base: { [field]: patient[field] },
      } as ActArgs<'patient.edit'>);
    },
    9,
  ],
  [
    (desk, random) => {
      const kept = aPatientOf(desk, random);
      const merged = aPatientOf(desk, random);
      if (!kept || !merged || kept.id === merged.id) return null;
      return wish('patient.merge', {
        mergeId: desk.newId(),
        keptId: kept.id,
        mergedId: merged.id,
        fields: {},
      });
    },
    2,
  ],
  [
    (desk, random) => {
      const merge = anyOf(desk, random, 'patientMerge', ({ undoneAt }) => undoneAt === null);
      return (
        merge &&
        wish('patient.unmerge', { mergeId: merge.id, keptId: merge.keptId, mergedId: merge.mergedId })
      );
    },
    2,
  ],
  [
    (desk, random) => {
      const patient = aPatientOf(desk, random);
      if (!patient) return null;
      return wish('waitlist.add', {
        entryId: desk.newId(),
        patientId: patient.id,
        appointmentTypeId: aSlot(desk, random).appointmentTypeId,
        doctorIds: random.chance(0.5) ? [aSlot(desk, random).doctorId] : [],
        locationIds: [],
        weekdays: [],
        partsOfDay: [],
        earliestOn: null,
        latestOn: null,
        urgency: 'soon',
        note: '',
      });
    },
    4,
  ],
  [
    (desk, random) => {
      const entry = anyOf(
        desk,
        random,
        'waitlistEntry',
        ({ status }) => status === 'waiting' || status === 'offered',
      );
      if (!entry) return null;
      const { doctorId, locationId, startsAt } = aSlot(desk, random);
      return wish('waitlist.offer', {
        offers: [{ offerId: desk.newId(), entryId: entry.id }],
        slot: { doctorId, locationId, startsAt },
        expiresAt: plusMinutes(desk.now(), random.integer(10, 600)),
      });
    },
    4,
  ],
  [
    (desk, random) => {
      const entry = anyOf(desk, random, 'waitlistEntry', ({ offers }) =>
        offers.some(({ status }) => status === 'open'),
      );
      const offer = entry?.offers.find(({ status }) => status === 'open');
      if (!entry || !offer) return null;
      return random.chance(0.7)
        ? wish('waitlist.accept', {
            entryId: entry.id,
            offerId: offer.id,
            appointmentId: desk.newId(),
            overrides: ['hold', 'same-patient'],
          })
        : wish('waitlist.decline', { entryId: entry.id, offerId: offer.id });
    },
    4,
  ],
  [
    (desk, random) => {
      const entry = anyOf(desk, random, 'waitlistEntry', ({ status }) => status === 'waiting');
      return entry && wish('waitlist.close', { entryId: entry.id, reason: '' });
    },
    1,
  ],
  [
    (desk, random) => {
      const entry = anyOf(desk, random, 'waitlistEntry', ({ status }) => status === 'waiting');
      return (
        entry &&
        wish('waitlist.edit', { entryId: entry.id, changes: { note: `Rings at ${random.integer(8, 16)}` } })
      );
    },
    1,
  ],
  [
    (desk, random) => {
      const item = anyOf(desk, random, 'attentionItem', ({ status }) => status === 'open');
      return item && wish('attention.settle', { itemId: item.id, resolution: 'Done' });
    },
    3,
  ],
];

const triesPerWish = 5;
const kindsTried = 6;

/** Mostly something that the desk would do; now and then what it refuses. */
export function wishAt(desk: Desk, random: Random): Wish | null {
  let last: Wish | null = null;
  for (let kind = 0; kind < kindsTried; kind++) {
    const draw = random.weighted(draws);
    for (let i = 0; i < triesPerWish; i++) {
      const drawn = draw(desk, random);
      // There is nothing of this kind to be done.
      if (!drawn) break;
      last = drawn;
      if (desk.preview(drawn.act, drawn.args).kind === 'done') return drawn;
    }
    if (last && random.chance(0.3)) return last;
  }
  return last;
}
