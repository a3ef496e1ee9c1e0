import { expect, test } from 'vitest';
import type { Appointment } from '../model/appointment';
import { anAppointment, at, doctorId, idOf, warsaw } from '../testing/builders';
import { localTime } from '../time/zone';
import { instantOfMinute } from './intervals';
import { VisitIndex } from './visit-index';

const roomId = idOf('room', 1);
let made = 0;

function visit(from: string, until: string, fields: Partial<Appointment> = {}): Appointment {
  return anAppointment({ id: idOf('appointment', ++made), startsAt: at(from), endsAt: at(until), ...fields });
}

function found(index: VisitIndex, owner: string, from: string, until: string): string[] {
  const clocks: string[] = [];
  index.each(owner, at(from), at(until), (each) => clocks.push(localTime(each.reservedFrom, warsaw).time));
  return clocks;
}

function minutes(index: VisitIndex, from: string, until: string): string {
  return index
    .taken(doctorId, at(from), at(until))
    .map((minute) => localTime(instantOfMinute(minute), warsaw).time)
    .join(' ');
}

function indexOf(...visits: Appointment[]): VisitIndex {
  const index = new VisitIndex();
  for (const each of visits) index.add(each);
  return index;
}

test('visits come by start, however they were added', () => {
  const index = indexOf(
    visit('2026-11-23 11:00', '2026-11-23 11:30'),
    visit('2026-11-23 09:00', '2026-11-23 09:30'),
    visit('2026-11-23 10:00', '2026-11-23 10:30'),
  );
  expect(found(index, doctorId, '2026-11-23 00:00', '2026-11-24 00:00')).toEqual(['09:00', '10:00', '11:00']);
});

test('a visit that ends as the range begins, or begins as it ends, does not meet it', () => {
  const index = indexOf(visit('2026-11-23 09:00', '2026-11-23 09:30'));
  expect(found(index, doctorId, '2026-11-23 09:30', '2026-11-23 10:00')).toEqual([]);
  expect(found(index, doctorId, '2026-11-23 08:00', '2026-11-23 09:00')).toEqual([]);
  expect(found(index, doctorId, '2026-11-23 09:29', '2026-11-23 09:30')).toEqual(['09:00']);
});

test('a visit over midnight UTC is met once, from either side, also where a week of the index begins there', () => {
  const index = indexOf(
    visit('2026-11-24 00:30', '2026-11-24 01:30'),
    visit('2026-11-26 00:30', '2026-11-26 01:30'),
  );
  expect(found(index, doctorId, '2026-11-23 00:00', '2026-11-25 00:00')).toEqual(['00:30']);
  expect(found(index, doctorId, '2026-11-24 01:10', '2026-11-24 01:20')).toEqual(['00:30']);
  expect(found(index, doctorId, '2026-11-25 00:00', '2026-11-27 00:00')).toEqual(['00:30']);
  expect(found(index, doctorId, '2026-11-26 01:10', '2026-11-26 01:20')).toEqual(['00:30']);
  expect(minutes(index, '2026-11-26 01:10', '2026-11-26 01:20')).toBe('00:30 01:30');
});

test('taken minutes are those of what meets the range, whole, and of nothing else', () => {
  const index = indexOf(
    visit('2026-11-23 09:00', '2026-11-23 09:30'),
    visit('2026-11-23 10:00', '2026-11-23 10:30'),
    visit('2026-12-04 11:00', '2026-12-04 11:30'),
    visit('2026-12-04 12:00', '2026-12-04 12:30'),
  );
  expect(minutes(index, '2026-11-23 09:30', '2026-12-04 12:00')).toBe('10:00 10:30 11:00 11:30');
  expect(minutes(index, '2026-11-23 09:29', '2026-12-04 12:01')).toBe(
    '09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30',
  );
});

test('a visit is found under its doctor and its room, and under nobody else', () => {
  const index = indexOf(visit('2026-11-23 09:00', '2026-11-23 09:30', { roomId }));
  expect(found(index, roomId, '2026-11-23 00:00', '2026-11-24 00:00')).toEqual(['09:00']);
  expect(found(index, idOf('doctor', 7), '2026-11-23 00:00', '2026-11-24 00:00')).toEqual([]);
});

test('taken minutes follow what is added and dropped', () => {
  const first = visit('2026-11-23 09:00', '2026-11-23 09:30');
  const second = visit('2026-11-23 09:30', '2026-11-23 10:00');
  const index = indexOf(
    first,
    second,
    visit('2026-11-23 12:00', '2026-11-23 12:30', { status: 'cancelled' }),
  );
  expect(minutes(index, '2026-11-23 00:00', '2026-11-23 23:00')).toBe('09:00 10:00');
  index.drop(first);
  expect(minutes(index, '2026-11-23 00:00', '2026-11-23 23:00')).toBe('09:30 10:00');
  index.add(visit('2026-11-23 14:00', '2026-11-23 15:00'));
  expect(minutes(index, '2026-11-23 00:00', '2026-11-23 23:00')).toBe('09:30 10:00 14:00 15:00');
});

test('a reserved range that ends before it starts, or lasts longer than 40 days, is refused by name', () => {
  const backwards = visit('2026-11-24 09:00', '2026-11-22 09:00');
  expect(() => indexOf(backwards)).toThrow(backwards.id);
  const endless = visit('2026-11-24 09:00', '2027-01-24 09:00');
  expect(() => indexOf(endless)).toThrow(endless.id);
});
