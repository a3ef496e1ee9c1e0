import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  aBusyTime,
  aClinic,
  aDoctor,
  aHold,
  aLocation,
  aMerge,
  anAppointment,
  anAppointmentType,
  anAttentionItem,
  anException,
  anOffer,
  aPatient,
  aRoom,
  aSeries,
  aTemplate,
  aTimeOff,
  aUser,
  aWaitlistEntry,
} from '../testing/builders';
import {
  dateField,
  email,
  freeText,
  instantField,
  integer,
  language,
  phone,
  slug,
  text,
  timeZoneField,
  wallTimeField,
} from './fields';
import { syncedRecords } from './records';

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

describe.each<[string, z.ZodType, unknown[], unknown[]]>([
  ['a date', dateField(), ['2026-11-23', '2028-02-29'], ['2026-02-29', '23.11.2026', '2026-11-23T00:00', '']],
  [
    'a wall time',
    wallTimeField(),
    ['00:00', '09:05', '23:59', '24:00'],
    ['24:01', '9:05', '23:60', '12:00:00', ''],
  ],
  ['a zone', timeZoneField(), ['Europe/Warsaw', 'UTC'], ['Europe/Atlantis', '+02:00', '']],
  [
    'a slug',
    slug(),
    ['riverside', 'dr-nowak-2'],
    ['Riverside', '-a', 'a--b', 'a b', 'ä', '', 'x'.repeat(61)],
  ],
  [
    'a phone number',
    phone(),
    ['+48601220418', '+12025550123'],
    ['601220418', '+048601220418', '+48 601', '+1234567', `+1${'2'.repeat(15)}`],
  ],
  [
    'an e-mail address',
    email(),
    ['anna@clinic.example'],
    ['anna', 'anna@', 'a b@c.example', `${'a'.repeat(250)}@b.example`],
  ],
  ['a language', language(), ['pl', 'pt-BR'], ['PL', 'polish', 'pt-br', '']],
  ['an instant', instantField(), [0, 1_795_417_200_000], [1.5, 7_258_118_400_001, Number.NaN, '2026-11-23']],
  ['text', text(5), ['abc', ' abcde '], ['', '   ', 'abcdef']],
  ['free text', freeText(5), ['', 'abcde'], ['abcdef', null]],
  ['a whole number in its range', integer(1, 7), [1, 7], [0, 8, 1.5, '3']],
])('%s', (_, schema, good, bad) => {
  test.each(good)('may be %j', (value) => {
    expect(accepts(schema, value)).toBe(true);
  });
  test.each(bad)('may not be %j', (value) => {
    expect(accepts(schema, value)).toBe(false);
  });
});

test('text is trimmed', () => {
  expect(text(5).parse(' abc ')).toBe('abc');
});

test('what the builders make is valid', () => {
  const made = {
    clinic: aClinic(),
    user: aUser(),
    doctor: aDoctor(),
    location: aLocation({ rooms: [aRoom()] }),
    appointmentType: anAppointmentType(),
    scheduleTemplate: aTemplate(),
    availabilityException: anException(),
    timeOffRequest: aTimeOff(),
    patient: aPatient(),
    appointment: anAppointment(),
    slotHold: aHold(),
    externalBusyTime: aBusyTime(),
    patientMerge: aMerge(),
    appointmentSeries: aSeries(),
    waitlistEntry: aWaitlistEntry({ offers: [anOffer()] }),
    attentionItem: anAttentionItem(),
  };
  for (const [kind, record] of Object.entries(made)) {
    expect([
      kind,
      syncedRecords[kind as keyof typeof made].schema.safeParse(record).error?.issues ?? [],
    ]).toEqual([kind, []]);
  }
});
