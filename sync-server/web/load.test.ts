import {
  aDoctor,
  aLocation,
  anAppointment,
  anAppointmentType,
  aTemplate,
  at,
  date,
  idOf,
  time,
} from '@medic/shared/testing/builders';
import { type FactsParts, factsOf } from '@medic/shared/testing/facts-of';
import type { Instant } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { loadPage, type PageData } from './load';
import { parseRoute } from './route';
import { clinicApi } from './testing/clinic-api';

/** Monday, eight in the morning; Dr Nowak works on Mondays, 08:00 to 16:00. */
const monday = at('2026-11-23 08:00');
const nowak = aDoctor({ slug: 'nowak' });
const visit = anAppointmentType({ slug: 'visit' });

async function load(url: string, parts: FactsParts = {}, now: Instant = monday): Promise<PageData> {
  const facts = factsOf({ doctors: [nowak], types: [visit], templates: [aTemplate()], ...parts });
  return await loadPage(parseRoute(url), clinicApi(facts, now), now);
}

async function loadSlots(url: string, parts: FactsParts = {}, now: Instant = monday) {
  const page = await load(url, parts, now);
  if (page.page !== 'slots') throw new Error(`expected times, got ${page.page}`);
  return page;
}

test('the first free day is chosen without being asked for', async () => {
  const page = await loadSlots('/book/riverside/nowak/visit');
  expect(page.date).toBe('2026-11-23');
  expect(page.slots[0]?.startsAt).toBe(monday);
  expect(page.week.map((day) => day.state)).toEqual([
    'free',
    'closed',
    'closed',
    'closed',
    'closed',
    'closed',
    'closed',
  ]);
});

test('in the evening the next week is shown, whose days are known', async () => {
  const page = await loadSlots('/book/riverside/nowak/visit', {}, at('2026-11-23 17:00'));
  expect(page.date).toBe('2026-11-30');
  expect(page.week[0]).toEqual({ date: '2026-11-30', count: 16, state: 'free' });
});

test('a first free day far ahead brings its own week', async () => {
  const page = await loadSlots('/book/riverside/nowak/visit', {
    templates: [aTemplate({ validFrom: date('2027-02-01') })],
  });
  expect(page.date).toBe('2027-02-01');
  expect(page.slots).toHaveLength(16);
});

test('a day without times that is asked for gives way to the next free one of its week', async () => {
  const page = await loadSlots('/book/riverside/nowak/visit?date=2026-11-24', {
    templates: [aTemplate({ weekday: 4 })],
  });
  expect(page.date).toBe('2026-11-26');
});

test('a week without times says where the next ones are', async () => {
  const page = await loadSlots('/book/riverside/nowak/visit?date=2026-12-07', {
    templates: [aTemplate({ everyNWeeks: 2, anchorDate: date('2026-11-23') })],
  });
  expect(page.date).toBe('2026-12-07');
  const between = await loadSlots('/book/riverside/nowak/visit?date=2026-11-30', {
    templates: [aTemplate({ everyNWeeks: 2, anchorDate: date('2026-11-23') })],
  });
  expect(between).toMatchObject({ date: null, slots: [], nextFreeOn: '2026-12-07' });
});

test('a date in the past or beyond all booking is not asked for', async () => {
  for (const asked of ['2020-01-01', '9999-12-31']) {
    expect((await loadSlots(`/book/riverside/nowak/visit?date=${asked}`)).date).toBe('2026-11-23');
  }
});

test('sooner doctors are of the same specialty', async () => {
  const peer = aDoctor({ id: idOf('doctor', 2), slug: 'kowal' });
  const other = aDoctor({ id: idOf('doctor', 3), slug: 'skin', specialty: 'Dermatology' });
  const page = await loadSlots('/book/riverside/nowak/visit', {
    doctors: [nowak, peer, other],
    templates: [
      aTemplate({ weekday: 5 }),
      aTemplate({ doctorId: peer.id, weekday: 2 }),
      aTemplate({ doctorId: other.id, weekday: 1 }),
    ],
  });
  expect(page.others.map((slot) => slot.doctorId)).toEqual([peer.id, peer.id, peer.id]);
});

test('for any doctor one specialty is shown at a time, and its own first free day', async () => {
  const skin = aDoctor({ id: idOf('doctor', 2), slug: 'skin', specialty: 'Dermatology' });
  const parts = {
    doctors: [nowak, skin],
    templates: [aTemplate(), aTemplate({ doctorId: skin.id, weekday: 3 })],
  };
  const page = await loadSlots('/book/riverside/any/visit?specialty=Family+medicine', parts);
  expect(page).toMatchObject({ date: '2026-11-23', specialties: ['Dermatology', 'Family medicine'] });
  expect(new Set(page.slots.map((slot) => slot.doctorId))).toEqual(new Set([nowak.id]));
  const asked = await loadSlots('/book/riverside/any/visit?specialty=Dermatology', parts);
  expect(asked.date).toBe('2026-11-25');
});

test('for any doctor a specialty that is free only far ahead is still found', async () => {
  const skin = aDoctor({ id: idOf('doctor', 2), slug: 'skin', specialty: 'Dermatology' });
  const page = await loadSlots('/book/riverside/any/visit?specialty=Dermatology', {
    doctors: [nowak, skin],
    templates: [aTemplate(), aTemplate({ doctorId: skin.id, weekday: 3, validFrom: date('2026-12-20') })],
  });
  expect(page.date).toBe('2026-12-23');
});

test('for any doctor a start stands once at each place', async () => {
  const peer = aDoctor({ id: idOf('doctor', 2), slug: 'kowal' });
  const page = await loadSlots('/book/riverside/any/visit', {
    doctors: [nowak, peer],
    templates: [aTemplate(), aTemplate({ doctorId: peer.id })],
  });
  expect(page.slots).toHaveLength(16);
});

test('a place that is asked for is the only one shown', async () => {
  const second = aLocation({ id: idOf('location', 2), slug: 'second' });
  const page = await loadSlots('/book/riverside/nowak/visit?place=second', {
    locations: [aLocation({ slug: 'first' }), second],
    doctors: [aDoctor({ slug: 'nowak', at: [idOf('location', 1), second.id] })],
    types: [anAppointmentType({ slug: 'visit', at: [idOf('location', 1), second.id] })],
    templates: [aTemplate(), aTemplate({ weekday: 2, locationId: second.id })],
  });
  expect(page).toMatchObject({ date: '2026-11-24', place: { slug: 'second' } });
});

test('for any doctor only the places where the visit is offered can be chosen', async () => {
  const second = aLocation({ id: idOf('location', 2), slug: 'second' });
  const third = aLocation({ id: idOf('location', 3), slug: 'third' });
  const page = await loadSlots('/book/riverside/any/visit', {
    locations: [aLocation({ slug: 'first' }), second, third],
    doctors: [nowak, aDoctor({ id: idOf('doctor', 2), slug: 'kowal', at: [second.id] })],
    types: [anAppointmentType({ slug: 'visit', at: [idOf('location', 1), second.id] })],
  });
  expect(page.places.map((place) => place.slug)).toEqual(['first', 'second']);
});

test('the details are those of the time in the address, also in a place of another zone', async () => {
  const far = aLocation({ id: idOf('location', 2), slug: 'far', timeZone: 'Pacific/Auckland' as never });
  const start = at('2026-11-25 08:30', far.timeZone);
  const page = await load(`/book/riverside/nowak/visit/details?start=${start}`, {
    locations: [far],
    doctors: [aDoctor({ slug: 'nowak', at: [far.id] })],
    types: [anAppointmentType({ slug: 'visit', at: [far.id] })],
    templates: [aTemplate({ weekday: 3, locationId: far.id })],
  });
  expect(page).toMatchObject({ page: 'details', slot: { startsAt: start }, place: { slug: 'far' } });
});

test('for any doctor the address says whose time it is', async () => {
  const peer = aDoctor({ id: idOf('doctor', 2), slug: 'kowal' });
  const page = await load(`/book/riverside/any/visit/review?start=${at('2026-11-23 09:00')}.kowal`, {
    doctors: [nowak, peer],
    templates: [aTemplate(), aTemplate({ doctorId: peer.id })],
  });
  expect(page).toMatchObject({ page: 'review', doctor: { slug: 'kowal' } });
});

test('a time that is taken shows the nearest ones instead', async () => {
  const start = at('2026-11-23 10:00');
  const page = await load(`/book/riverside/nowak/visit/details?start=${start}`, {
    appointments: [anAppointment({ startsAt: start, endsAt: at('2026-11-23 10:30') })],
  });
  if (page.page !== 'taken') throw new Error(`expected taken, got ${page.page}`);
  expect(page.sameDay).toHaveLength(7);
  expect(page.sameDay.map((slot) => slot.startsAt)).not.toContain(start);
  expect(page.otherDays[1]?.startsAt).toBe(at('2026-11-30 10:00'));
});

test('who or what is not there is lost, and the clinic is still named', async () => {
  for (const url of ['/book/riverside/nobody', '/book/riverside/nowak/nothing']) {
    const page = await load(url);
    expect(page).toMatchObject({ page: 'lost', answer: { clinic: { slug: 'riverside' } } });
  }
});

test('a visit that is planned by telephone says so at every step', async () => {
  const desk = anAppointmentType({ id: idOf('appointmentType', 2), slug: 'desk', bookableBy: 'desk' });
  for (const step of ['', `/details?start=${monday}`, '/waitlist']) {
    const page = await load(`/book/riverside/nowak/desk${step}`, { types: [visit, desk] });
    expect(page).toMatchObject({ page: 'by-phone', type: { slug: 'desk' } });
  }
});

test('the waitlist is for one doctor or for any', async () => {
  expect(await load('/book/riverside/nowak/visit/waitlist')).toMatchObject({
    page: 'waitlist',
    doctor: { slug: 'nowak' },
  });
  expect(await load('/book/riverside/any/visit/waitlist')).toMatchObject({ page: 'waitlist', doctor: null });
});

test('a clinic that is not there is refused by the API, not guessed', async () => {
  await expect(load('/book/elsewhere')).rejects.toMatchObject({ code: 'clinic.unknown' });
});

test('each visit of a doctor says its first free day; one for the desk says none', async () => {
  const long = anAppointmentType({
    id: idOf('appointmentType', 2),
    slug: 'long',
    durationMinutes: 480,
    slotStepMinutes: 480,
  });
  const desk = anAppointmentType({ id: idOf('appointmentType', 3), slug: 'desk', bookableBy: 'desk' });
  const page = await load(
    '/book/riverside/nowak',
    { types: [visit, long, desk], templates: [aTemplate({ opensAt: time('08:00') })] },
    at('2026-11-23 09:00'),
  );
  if (page.page !== 'doctor') throw new Error(`expected the doctor, got ${page.page}`);
  expect(page.visits.map(({ type, firstFreeOn }) => [type.slug, firstFreeOn])).toEqual([
    ['visit', '2026-11-23'],
    ['long', '2026-11-30'],
    ['desk', null],
  ]);
});
