import { z } from 'zod';
import { instantField, integer, oneOf, text, uuid, uuids } from './fields';
import { defineRecord } from './record';

/** Tries that a one-time code allows: with 8 characters there is nothing to guess in five. */
export const maxCodeTries = 5;

/** Birth dates that a session may get wrong before it has to begin anew. */
export const maxBirthDateTries = 5;

/**
 * A one-time code that was asked for by e-mail. Kept as hashes, for an address that nobody here has just as for a
 * patient's: who is a patient shows neither in the table nor in the time it takes.
 */
export const portalCode = defineRecord({
  name: 'portalCode',
  table: 'portal_codes',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    emailHash: text(64),
    codeHash: text(64),
    /** Wrong ones so far. */
    tries: integer(0, maxCodeTries),
    createdAt: instantField(),
    expiresAt: instantField(),
    usedAt: instantField().nullable(),
  }),
});
export type PortalCode = z.infer<typeof portalCode.schema>;

/** A visitor's session in the patient portal, by the hash of its cookie. */
export const portalSession = defineRecord({
  name: 'portalSession',
  table: 'portal_sessions',
  schema: z.object({
    id: uuid(),
    clinicId: uuid(),
    tokenHash: text(64),
    /** `patient`: everybody whose address it is, by a one-time code. `visit`: the one visit of a manage link. */
    kind: oneOf(['patient', 'visit']),
    patientIds: uuids(),
    appointmentId: uuid().nullable(),
    /** The link's version; when the visit has a higher one, this session has ended. Null but for `visit`. */
    linkVersion: integer(0, 1_000_000).nullable(),
    /** By whom the code was asked for: of a record whose address is corrected meanwhile nothing more is shown. Null for `visit`. */
    emailHash: text(64).nullable(),
    /** Families share mailboxes: somebody's past is shown only to who knows that birth date as well. */
    provenPatientIds: uuids(),
    /** Wrong birth dates so far. */
    birthDateTries: integer(0, maxBirthDateTries),
    createdAt: instantField(),
    lastSeenAt: instantField(),
    expiresAt: instantField(),
    revokedAt: instantField().nullable(),
  }),
});
export type PortalSession = z.infer<typeof portalSession.schema>;
