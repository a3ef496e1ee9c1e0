import { describe, expect, it } from 'vitest';
import type { Appointment } from '../model/appointment';
import { aDoctor, anAppointment, anException, at, doctorId, idOf, patientId } from '../testing/builders';
import { factsOf } from '../testing/facts-of';
import { dayMs, type Instant } from '../time/instant';

const from = at('2026-11-24 00:00');
const until = (from + dayMs) as Instant;

describe('a layer', () => {
  const visit = anAppointment({ startsAt: at('2026-11-24 10:00') });

  it('shows what lies below and what was put over it, and leaves the base alone', () => {
    const base = factsOf({ appointments: [visit] });
    const layer = base.layer();
    layer.put('appointment', { ...visit, notes: 'moved' });
    expect(layer.get('appointment', visit.id)?.notes).toBe('moved');
    expect(base.get('appointment', visit.id)?.notes).toBe(visit.notes);
  });

  it('hides a record below that it deletes', () => {
    const layer = factsOf({ appointments: [visit] }).layer();
    layer.put('appointment', { ...visit, deleted: true });
    expect(layer.get('appointment', visit.id)).toBeUndefined();
    expect(layer.appointmentsOfDoctor(doctorId, from, until)).toEqual([]);
    expect([...layer.all('appointment')]).toEqual([]);
  });

  it('finds a moved visit at its new doctor and day only, through several layers', () => {
    const other = idOf('doctor', 2);
    const base = factsOf({
      doctors: [aDoctor(), aDoctor({ id: other, slug: 'other' })],
      appointments: [visit],
    });
    const layer = base.layer().layer();
    const shift = 2 * dayMs;
    layer.put('appointment', {
      ...visit,
      doctorId: other,
      startsAt: (visit.startsAt + shift) as Instant,
      endsAt: (visit.endsAt + shift) as Instant,
      reservedFrom: (visit.reservedFrom + shift) as Instant,
      reservedUntil: (visit.reservedUntil + shift) as Instant,
    });
    expect(layer.appointmentsOfDoctor(doctorId, from, until)).toEqual([]);
    expect(layer.appointmentsOfDoctor(other, from, until)).toEqual([]);
    expect(
      layer.appointmentsOfDoctor(other, (from + shift) as Instant, (until + shift) as Instant),
    ).toHaveLength(1);
    expect(base.appointmentsOfDoctor(doctorId, from, until)).toHaveLength(1);
  });

  it('replaces what a doctor owns, and forgets it again', () => {
    const block = anException({ kind: 'block' });
    const layer = factsOf({ exceptions: [block] }).layer();
    layer.put('availabilityException', { ...block, deleted: true });
    expect(layer.exceptionsOf(doctorId)).toEqual([]);
    layer.forget('availabilityException', block.id);
    expect(layer.exceptionsOf(doctorId)).toHaveLength(1);
  });
});

it('finds a visit by the range it reserves, half-open, also across midnight', () => {
  const night = anAppointment({ startsAt: at('2026-11-24 23:45') });
  const facts = factsOf({ appointments: [night] });
  expect(facts.appointmentsOfDoctor(doctorId, until, (until + dayMs) as Instant)).toHaveLength(1);
  expect(facts.appointmentsOfDoctor(doctorId, night.reservedUntil, (until + dayMs) as Instant)).toEqual([]);
  expect(facts.appointmentsOfDoctor(doctorId, from, night.reservedFrom)).toEqual([]);
});

it('keeps one entry when a record is put twice', () => {
  const facts = factsOf();
  const visit = anAppointment({ startsAt: at('2026-11-24 10:00') });
  facts.put('appointment', visit);
  facts.put('appointment', { ...visit, notes: 'again' });
  expect(facts.appointmentsOfDoctor(doctorId, from, until).map((one) => one.notes)).toEqual(['again']);
});

it('gives a clinic-wide closure to every doctor', () => {
  const closure = anException({ kind: 'closure', doctorId: null });
  expect(factsOf({ exceptions: [closure] }).exceptionsOf(doctorId)).toEqual([closure]);
});

describe('the visits of a patient and of a series', () => {
  const series = idOf('series', 1);
  const other = idOf('patient', 2);
  const [first, second, third] = [8, 9, 10].map((hour) =>
    anAppointment({ startsAt: at(`2026-11-24 ${String(hour).padStart(2, '0')}:00`), seriesId: series }),
  ) as [Appointment, Appointment, Appointment];
  const ids = (visits: readonly Appointment[]) => visits.map((visit) => visit.id).sort();

  it('are found whatever their status and time, and deleted ones are not', () => {
    const facts = factsOf({
      appointments: [
        first,
        { ...second, status: 'cancelled', seriesId: null },
        anAppointment({ startsAt: at('2020-01-07 09:00') }),
        { ...third, deleted: true },
        anAppointment({ patientId: other }),
      ],
    });
    expect(facts.visitsOfPatient(patientId)).toHaveLength(3);
    expect(ids(facts.visitsOfSeries(series))).toEqual([first.id]);
    expect(facts.visitsOfPatient(other)).toHaveLength(1);
    expect(facts.visitsOfPatient(idOf('patient', 3))).toEqual([]);
  });

  it('follow what is put, changed and forgotten after they were asked for', () => {
    const facts = factsOf({ appointments: [first] });
    expect(facts.visitsOfPatient(patientId)).toEqual([first]);
    facts.put('appointment', second);
    facts.put('appointment', third);
    expect(ids(facts.visitsOfSeries(series))).toEqual(ids([first, second, third]));
    facts.put('appointment', { ...second, patientId: other, seriesId: null });
    expect(ids(facts.visitsOfPatient(patientId))).toEqual(ids([first, third]));
    expect(ids(facts.visitsOfPatient(other))).toEqual([second.id]);
    expect(ids(facts.visitsOfSeries(series))).toEqual(ids([first, third]));
    facts.forget('appointment', third.id);
    facts.put('appointment', { ...first, deleted: true });
    expect(facts.visitsOfPatient(patientId)).toEqual([]);
    expect(facts.visitsOfSeries(series)).toEqual([]);
  });

  it('are seen through layers: what lies above stands, wherever it has moved', () => {
    const base = factsOf({ appointments: [first, second] });
    const middle = base.layer();
    middle.put('appointment', { ...first, patientId: other, seriesId: null });
    const top = middle.layer();
    top.put('appointment', third);
    top.put('appointment', { ...second, notes: 'moved' });
    expect(top.visitsOfPatient(patientId).map((visit) => visit.notes)).toEqual(
      expect.arrayContaining(['moved', third.notes]),
    );
    expect(ids(top.visitsOfPatient(patientId))).toEqual(ids([second, third]));
    expect(ids(top.visitsOfPatient(other))).toEqual([first.id]);
    expect(ids(top.visitsOfSeries(series))).toEqual(ids([second, third]));
    expect(ids(base.visitsOfSeries(series))).toEqual(ids([first, second]));
    expect(ids(base.visitsOfPatient(other))).toEqual([]);
  });
});
