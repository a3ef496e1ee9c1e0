/** Any valid record of any table, for round trips: made from the zod schema, with foreign keys into the base clinic. */
import type { ColumnType } from '@medic/shared/model/fields';
import type { Column, RecordDefinition } from '@medic/shared/model/record';
import { clinicId, idOf } from '@medic/shared/testing/builders';
import { type PlainDate, type WallTime, wallTime } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import fc from 'fast-check';
import { z } from 'zod';
import { storable } from '../json';

type Row = Record<string, unknown>;

/** Columns that refer to rows: those the base clinic has. */
const references: Record<string, string[]> = {
  doctor_id: [idOf('doctor', 1), idOf('doctor', 2)],
  location_id: [idOf('location', 1)],
  room_id: [idOf('room', 1), idOf('room', 2)],
  appointment_type_id: [idOf('appointmentType', 1), idOf('appointmentType', 2)],
  patient_id: [idOf('patient', 1), idOf('patient', 2)],
  kept_id: [idOf('patient', 1)],
  merged_id: [idOf('patient', 2)],
  merged_into_id: [idOf('patient', 1)],
  merged_by: [idOf('user', 1)],
  user_id: [idOf('user', 1)],
  created_by: [idOf('user', 1)],
  decided_by: [idOf('user', 1)],
  settled_by: [idOf('user', 1)],
  author_id: [idOf('user', 1)],
  device_id: [idOf('device', 1)],
  connection_id: [idOf('connection', 1)],
  series_id: [idOf('series', 1)],
  intent_id: [idOf('intent', 1)],
  entry_id: [idOf('waitlistEntry', 1)],
  appointment_id: [idOf('appointment', 1)],
  template_id: [idOf('scheduleTemplate', 1)],
};

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 });
/** Every kind of character that a form lets through. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('"quoted"', "O'Neill", 'C:\\new', 'a\nb\tc', '{}', 'null', '{"a":1}', '🙂 zażółć'),
);

// An hour off the ends, so that what lies around an instant is valid too.
const instants = fc.integer({ min: -2_208_988_800_000 + 3_600_000, max: 7_258_118_400_000 - 3_600_000 });
const jsonValue = fc.jsonValue({ stringUnit: 'grapheme' }).map(storable);
const dates = fc
  .integer({ min: -20_000, max: 60_000 })
  .map((days) => addDays('2000-01-01' as PlainDate, days));
const times = fc.integer({ min: 0, max: 1440 }).map(wallTime);

const byName: Record<string, fc.Arbitrary<unknown>> = {
  slug: fc.tuple(word, word).map(([a, b]) => `${a}-${b}`),
  phone: fc.integer({ min: 10_000_000, max: 999_999_999_999_999 }).map((n) => `+${n}`),
  email: fc.tuple(word, word).map(([a, b]) => `${a.toUpperCase()}.x@${b}.example`),
  language: fc.constantFrom('pl', 'pt-BR', 'haw'),
  languages: fc.subarray(['pl', 'en', 'pt-BR']),
  // Old and new values, as a timeline has them.
  changed: fc.dictionary(anyText, fc.tuple(jsonValue, jsonValue)),
  time_zone: fc.constantFrom(
    'Europe/Warsaw',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Etc/GMT+5',
    'UTC',
    'CET',
  ),
};

const byType: Record<ColumnType, fc.Arbitrary<unknown>> = {
  uuid: fc.uuid({ version: 7 }),
  'uuid[]': fc.array(fc.uuid(), { maxLength: 4 }),
  text: anyText,
  'text[]': fc.array(
    anyText.filter((text) => text !== ''),
    { maxLength: 4 },
  ),
  integer: fc.integer(),
  'integer[]': fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 7 }),
  bigint: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  boolean: fc.boolean(),
  timestamptz: instants,
  date: dates,
  time: times,
  jsonb: fc.dictionary(anyText, jsonValue),
};

/** Documents that Postgres and the schema both accept. */
export function anyRecord(record: RecordDefinition): fc.Arbitrary<Row> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const column of record.columns) fields[column.field] = anyValue(record, column);
  for (const child of record.children)
    fields[child.field] = fc.array(anyRecord(child.record), { maxLength: 4 });
  return fc.record(fields).map((row) => {
    const made: Row = { ...row, clinicId };
    if (record.table === 'clinics') made.id = clinicId;
    for (const child of record.children)
      made[child.field] = (made[child.field] as Row[]).map((entry) =>
        ownedBy(child.record, child.parentColumn, entry, made),
      );
    return record.schema.parse(coherent(record, made)) as Row;
  });
}

function anyValue(record: RecordDefinition, { field, name, type, nullable }: Column): fc.Arbitrary<unknown> {
  const value =
    schemaValue((record.schema.shape as Record<string, z.ZodType>)[field]) ??
    referenceTo(name) ??
    byName[name] ??
    byType[type];
  return nullable ? fc.option(value, { nil: null }) : value;
}

function referenceTo(column: string): fc.Arbitrary<unknown> | undefined {
  const ids = references[column];
  return ids && fc.constantFrom(...ids);
}

/** What the schema says by itself: lists of words, ranges of numbers, text that may not be empty. */
function schemaValue(schema: z.ZodType | undefined): fc.Arbitrary<unknown> | undefined {
  if (schema instanceof z.ZodNullable) return schemaValue(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodEnum)
    return fc.subarray([...schema.element.options]);
  if (schema instanceof z.ZodNumber && (schema.maxValue ?? Infinity) <= 1_000_000)
    return fc.integer({ min: schema.minValue ?? 0, max: schema.maxValue ?? 0 });
  if (schema instanceof z.ZodString && schema.minLength === 1)
    return anyText.filter((text) => text.trim() !== '');
  if (schema instanceof z.ZodObject && 'cancelWindowMinutes' in schema.shape)
    return fc.constantFrom({ cancelWindowMinutes: 60, country: 'PL', publicBooking: true });
  return undefined;
}

function ownedBy(record: RecordDefinition, parentColumn: string, row: Row, parent: Row): Row {
  const field = record.columns.find((column) => column.name === parentColumn)?.field ?? '';
  return { ...row, [field]: parent.id };
}

/** Makes the fields agree with each other, as forms and acts do. */
function coherent(record: RecordDefinition, row: Row): Row {
  const has = (field: string) => record.columns.some((column) => column.field === field);
  const made = { ...row };
  if (has('reservedFrom')) {
    const startsAt = Number(made.startsAt);
    Object.assign(made, {
      endsAt: startsAt + 1_800_000,
      reservedFrom: startsAt - 600_000,
      reservedUntil: startsAt + 1_800_001,
    });
  } else if (typeof made.startsAt === 'number' && has('endsAt')) {
    made.endsAt = made.startsAt + 1;
  }
  if (has('seat')) made.seat = Math.min(Number(made.seat), Number(made.capacity));
  if (has('validUntil') && made.validUntil !== null)
    made.validUntil = addDays(made.validFrom as PlainDate, 400);
  if (has('latestOn') && made.earliestOn !== null && made.latestOn !== null) made.latestOn = made.earliestOn;
  switch (record.table) {
    case 'appointment_types':
      if (made.needsRoom === false) made.roomFeature = null;
      made.places = oncePerKey(made.places as Row[], 'doctorId');
      break;
    case 'doctors':
      made.places = (made.places as Row[]).slice(0, 1);
      break;
    case 'schedule_templates':
      if (made.opensAt === '24:00') made.opensAt = '00:00';
      made.closesAt = made.opensAt;
      made.breaks = apart(made.breaks as Row[], made.opensAt as WallTime);
      break;
    case 'availability_exceptions':
      if (made.startsAt === null || made.endsAt === null)
        Object.assign(made, { startsAt: null, endsAt: null });
      if (made.kind === 'closure') made.doctorId = null;
      break;
    case 'intents':
      if (made.deviceId === null || made.n === null) Object.assign(made, { deviceId: null, n: null });
      break;
    case 'waitlist_entries':
      made.offers = acceptedOnce(made.offers as Row[]);
      break;
    case 'portal_codes':
      made.expiresAt = Number(made.createdAt) + 1;
      break;
    case 'portal_sessions':
      made.expiresAt = Number(made.createdAt) + 1;
      Object.assign(
        made,
        made.kind === 'visit'
          ? { appointmentId: idOf('appointment', 1), linkVersion: made.linkVersion ?? 0, emailHash: null }
          : { appointmentId: null, linkVersion: null, emailHash: made.emailHash || 'x' },
      );
      break;
    case 'audit_log':
      made.position = Math.max(1, Number(made.position));
      break;
  }
  return made;
}

function oncePerKey(rows: Row[], field: string): Row[] {
  return [...new Map(rows.map((row) => [row[field], row])).values()];
}

/** Of the offers of an entry one is accepted. */
function acceptedOnce(offers: Row[]): Row[] {
  const first = offers.findIndex((offer) => offer.status === 'accepted');
  return offers.map((offer, index) =>
    offer.status === 'accepted' && index !== first ? { ...offer, status: 'declined' } : offer,
  );
}

/** Breaks of an hour with an hour between, in hours that go round the clock. */
function apart(breaks: Row[], opensAt: WallTime): Row[] {
  const opens = Number(opensAt.slice(0, 2)) * 60 + Number(opensAt.slice(3));
  return breaks.map((row, index) => ({
    ...row,
    startsAt: wallTime((opens + index * 120) % 1440),
    endsAt: wallTime((opens + index * 120 + 60) % 1440),
  }));
}
