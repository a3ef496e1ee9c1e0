import { z } from 'zod';
import { boolean, email, language, someOf, text, uuid, uuids } from './fields';
import { defineRecord, syncedFields } from './record';

export const roles = ['admin', 'reception', 'doctor'] as const;
export type Role = (typeof roles)[number];

/** Rights beyond the role, given one by one. */
export const rights = ['overbook'] as const;
export type Right = (typeof rights)[number];

/** A member of staff. Password hashes stay in the table; they are no part of the record and never travel. */
export const user = defineRecord({
  name: 'user',
  table: 'users',
  schema: z.object({
    ...syncedFields,
    name: text(120),
    email: email(),
    roles: someOf(roles),
    rights: someOf(rights),
    /** The doctor whose agenda this user has, when the user is one. */
    doctorId: uuid().nullable(),
    /** Reception's places; none means all. */
    locationIds: uuids(),
    language: language(),
    active: boolean(),
  }),
});
export type User = z.infer<typeof user.schema>;
