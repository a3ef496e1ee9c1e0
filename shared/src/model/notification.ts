import { z } from 'zod';
import { boolean, freeText, instantField, integer, json, language, oneOf, text, uuid } from './fields';
import { defineRecord } from './record';

export const notificationKinds = [
  'requested',
  'proposed',
  'confirmed',
  'declined',
  'moved',
  'cancelled',
  'reminder',
  'waitlist-offer',
  'time-off-move',
  'series-summary',
  'staff-digest',
] as const;
export const channels = ['email', 'sms'] as const;

/** One message to one person: written by the act, sent by a job. */
export const notification = defineRecord({
  name: 'notification',
  table: 'notifications',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    appointmentId: uuid().nullable(),
    patientId: uuid().nullable(),
    userId: uuid().nullable(),
    kind: oneOf(notificationKinds),
    /** Minutes before the start, for reminders; 0 otherwise. */
    offsetMinutes: integer(0, 100_000),
    channel: oneOf(channels),
    /** The visit's SEQUENCE that it speaks of. */
    sequence: integer(0, 1_000_000),
    dueAt: instantField(),
    state: oneOf(['due', 'sending', 'sent', 'delivered', 'failed', 'dropped', 'in-doubt']),
    attempts: integer(0, 1000),
    providerId: freeText(200).nullable(),
    detail: freeText(1000),
    payload: json(z.record(z.string(), z.unknown())),
    createdAt: instantField(),
    sentAt: instantField().nullable(),
  }),
});
export type Notification = z.infer<typeof notification.schema>;

export const messageTemplate = defineRecord({
  name: 'messageTemplate',
  table: 'message_templates',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    kind: oneOf(notificationKinds),
    channel: oneOf(channels),
    language: language(),
    subject: freeText(200),
    body: text(10_000),
  }),
});
export type MessageTemplate = z.infer<typeof messageTemplate.schema>;

/** What is sent when; no type means every type. */
export const messagePlan = defineRecord({
  name: 'messagePlan',
  table: 'message_plans',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    appointmentTypeId: uuid().nullable(),
    kind: oneOf(notificationKinds),
    channel: oneOf(channels),
    offsetMinutes: integer(0, 100_000),
    active: boolean(),
  }),
});
export type MessagePlan = z.infer<typeof messagePlan.schema>;
