/**
 * The kinds of field that records are made of. Each carries its column type, so that a record's zod schema
 * alone says how it is validated, replicated and stored.
 */
import { z } from 'zod';
import { type Instant, type PlainDate, type TimeZone, type WallTime, wallTimePattern } from '../time/instant';
import { isPlainDate } from '../time/plain-date';
import { isTimeZone } from '../time/zone';

export type ColumnType =
  | 'uuid'
  | 'uuid[]'
  | 'text'
  | 'text[]'
  | 'integer'
  | 'integer[]'
  | 'bigint'
  | 'boolean'
  | 'timestamptz'
  | 'date'
  | 'time'
  | 'jsonb';

/** The Postgres type of a field. Derived schemas (nullable, default) find it through their inner type. */
export const columnTypes = z.registry<{ column: ColumnType }>();

function column<S extends z.ZodType>(schema: S, type: ColumnType): S {
  columnTypes.add(schema, { column: type });
  return schema;
}

/** A UUID, version 7 where Medic makes it: its order is the order of making. */
export function uuid() {
  return column(z.uuid(), 'uuid');
}

/** Text of one or more lines, trimmed, 1 to `max` characters. */
export function text(max: number) {
  return column(z.string().trim().min(1).max(max), 'text');
}

/** Text that may be empty. */
export function freeText(max: number) {
  return column(z.string().max(max), 'text');
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return column(z.enum(values), 'text');
}

export function integer(min: number, max: number) {
  return column(z.int().min(min).max(max), 'integer');
}

export function bigint() {
  return column(z.int().min(0), 'bigint');
}

export function boolean() {
  return column(z.boolean(), 'boolean');
}

/** Epoch milliseconds between 1900 and 2200. */
export function instantField() {
  return column(
    z.int().min(-2_208_988_800_000).max(7_258_118_400_000),
    'timestamptz',
  ) as unknown as z.ZodType<Instant, Instant>;
}

export function dateField() {
  return column(
    z.string().refine(isPlainDate, 'Enter a date that exists, as YYYY-MM-DD'),
    'date',
  ) as unknown as z.ZodType<PlainDate, PlainDate>;
}

/** `HH:mm`, 00:00 to 24:00. */
export function wallTimeField() {
  return column(z.string().regex(wallTimePattern, 'Enter a time as HH:mm'), 'time') as unknown as z.ZodType<
    WallTime,
    WallTime
  >;
}

export function timeZoneField() {
  return column(
    z.string().refine(isTimeZone, 'Enter a time zone such as Europe/Warsaw'),
    'text',
  ) as unknown as z.ZodType<TimeZone, TimeZone>;
}

/** Lower-case letters, digits and single hyphens: what stands in a public address. */
export function slug() {
  return column(
    z
      .string()
      .max(60)
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Use small letters, digits and hyphens'),
    'text',
  );
}

/** A phone number as E.164: `+` and 8 to 15 digits, the first not 0. */
export function phone() {
  return column(
    z
      .string()
      .regex(/^\+[1-9]\d{7,14}$/, 'Write the number with its country code, for example +48 601 220 418'),
    'text',
  );
}

export function email() {
  return column(z.email('Check the e-mail address').max(254), 'text');
}

/** A BCP 47 language, such as `pl` or `pt-BR`. */
export function language() {
  return column(z.string().regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, 'Use a language code such as pl'), 'text');
}

export function uuids() {
  return column(z.array(z.uuid()).max(200), 'uuid[]');
}

export function texts(maxItems: number, maxLength: number) {
  return column(z.array(z.string().min(1).max(maxLength)).max(maxItems), 'text[]');
}

export function someOf<const T extends readonly [string, ...string[]]>(values: T) {
  return column(z.array(z.enum(values)).max(values.length), 'text[]');
}

export function integers(min: number, max: number, maxItems: number) {
  return column(z.array(z.int().min(min).max(max)).max(maxItems), 'integer[]');
}

export function json<S extends z.ZodType>(schema: S): S {
  return column(schema, 'jsonb');
}
