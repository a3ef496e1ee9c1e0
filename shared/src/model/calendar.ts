import { z } from 'zod';
import { boolean, freeText, instantField, json, oneOf, text, texts, uuid } from './fields';
import { defineRecord, syncedFields } from './record';

/** A doctor's grant to read and write a calendar elsewhere. The grant is encrypted; it never leaves the server. */
export const calendarConnection = defineRecord({
  name: 'calendarConnection',
  table: 'calendar_connections',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    doctorId: uuid(),
    provider: oneOf(['google']),
    accountEmail: freeText(254),
    grantEncrypted: freeText(8000),
    readCalendarIds: texts(50, 300),
    writeCalendarId: freeText(300).nullable(),
    /** Sync token and watch channel per calendar. */
    cursors: json(z.record(z.string(), z.unknown())),
    status: oneOf(['active', 'broken', 'disconnected']),
    lastError: freeText(1000),
    connectedAt: instantField(),
    syncedAt: instantField().nullable(),
  }),
});
export type CalendarConnection = z.infer<typeof calendarConnection.schema>;

/** Time that a calendar elsewhere says is taken, `[startsAt, endsAt)`. Nothing of the event but its times. */
export const externalBusyTime = defineRecord({
  name: 'externalBusyTime',
  table: 'external_busy_times',
  schema: z.object({
    ...syncedFields,
    connectionId: uuid(),
    doctorId: uuid(),
    calendarId: text(300),
    externalId: text(1024),
    startsAt: instantField(),
    endsAt: instantField(),
    allDay: boolean(),
  }),
});
export type ExternalBusyTime = z.infer<typeof externalBusyTime.schema>;
