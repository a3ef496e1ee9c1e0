import { z } from 'zod';
import { bigint, instantField, oneOf, text, uuid } from './fields';
import { defineRecord } from './record';

/** A registered desk. `lastN` is the highest number of an intent that was decided for it. */
export const device = defineRecord({
  name: 'device',
  table: 'devices',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    userId: uuid(),
    name: text(120),
    kind: oneOf(['desktop', 'web']),
    lastN: bigint(),
    registeredAt: instantField(),
    lastSeenAt: instantField(),
    revokedAt: instantField().nullable(),
  }),
});
export type Device = z.infer<typeof device.schema>;

/** A signed-in device. Tokens are kept as SHA-256 hashes; the refresh token changes at each use. */
export const session = defineRecord({
  name: 'session',
  table: 'sessions',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    userId: uuid(),
    deviceId: uuid(),
    accessHash: text(64),
    accessExpiresAt: instantField(),
    refreshHash: text(64),
    /** The one before: seen again it means theft, or an answer that was lost. */
    previousRefreshHash: text(64).nullable(),
    refreshExpiresAt: instantField(),
    createdAt: instantField(),
    revokedAt: instantField().nullable(),
  }),
});
export type Session = z.infer<typeof session.schema>;
