/**
 * Sessions of the patient portal: by a one-time code for everybody whose address it is, or by a manage link for one
 * visit. They live in the database by a hash of their cookie, so ending one takes effect with the next request.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type ErrorCode, MedicError } from '@medic/shared/errors';
import type { Appointment } from '@medic/shared/model/appointment';
import { isUuid, uuidv7 } from '@medic/shared/model/id';
import type { Patient } from '@medic/shared/model/patient';
import { maxBirthDateTries, type PortalSession } from '@medic/shared/model/portal';
import {
  earlier,
  hourMs,
  type Instant,
  instant,
  minuteMs,
  type PlainDate,
  plusMinutes,
} from '@medic/shared/time/instant';
import type { Pool } from '../db/pool';
import { survivingPatients, visitById } from '../db/portal-records';
import {
  addProvenPatient,
  countBirthDateTry,
  deleteOldPortalSessions,
  insertPortalSession,
  portalSessionByToken,
  revokePortalSession,
  touchPortalSession,
} from '../db/portal-sessions';
import { inClinic, type Transaction } from '../db/transaction';
import type { ManageLinks } from './manage-links';
import type { VisitorCodes } from './visitor-codes';

export const idleMinutes = 30;
const longestMs = 12 * hourMs;
/** A session that is used is noted this often, not at every request. */
const touchMs = minuteMs;

/** Who is there, and what they may see. */
export interface VisitorSession {
  id: string;
  clinicId: string;
  kind: PortalSession['kind'];
  /** The one visit of a manage link; null for a session by code. */
  visitId: string | null;
  /** By code everybody whose address it is; by link the one whose visit it is. */
  patients: Patient[];
  /** Whose birth date was given. */
  provenIds: readonly string[];
  triesLeft: number;
  endsAt: Instant;
}

export class VisitorSessions {
  readonly #pool: Pool;
  readonly #links: ManageLinks;
  readonly #codes: VisitorCodes;
  readonly #now: () => Instant;

  constructor(parts: { pool: Pool; links: ManageLinks; codes: VisitorCodes; now: () => Instant }) {
    this.#pool = parts.pool;
    this.#links = parts.links;
    this.#codes = parts.codes;
    this.#now = parts.now;
  }

  /** A cookie's worth for the right code. */
  async openByCode(clinicId: string, email: string, code: string): Promise<string> {
    const patients = await this.#codes.redeem(clinicId, email, code);
    if (!patients) throw new MedicError('auth.code');
    const { token, session } = this.#begin(clinicId);
    await this.#insert({
      ...session,
      kind: 'patient',
      patientIds: patients.map((patient) => patient.id),
      emailHash: this.#codes.emailHash(clinicId, email),
      appointmentId: null,
      linkVersion: null,
    });
    return token;
  }

  /** The visit of a link as it was sent last, and a cookie's worth for it where one is needed. */
  async readLink(
    clinicId: string,
    link: string,
  ): Promise<{ visit: Appointment; open: () => Promise<string> }> {
    const read = this.#links.readVisitToken(clinicId, link);
    const visit =
      read && (await inClinic(this.#pool, clinicId, (tx) => visitById(tx, read.visitId), { readOnly: true }));
    if (!visit || !isShown(visit) || visit.linkVersion !== read.version) throw new MedicError('auth.link');
    const open = async () => {
      const { token, session } = this.#begin(clinicId);
      await this.#insert({
        ...session,
        kind: 'visit',
        patientIds: [visit.patientId],
        emailHash: null,
        appointmentId: visit.id,
        linkVersion: read.version,
      });
      return token;
    };
    return { visit, open };
  }

  /** As `authenticate`, where having no session, or one that ended, is no failure. `nobody` are the codes of those. */
  async holderOf(
    clinicId: string,
    token: string | null,
    nobody: readonly ErrorCode[] = ['auth.required', 'auth.expired', 'auth.revoked'],
  ): Promise<VisitorSession | null> {
    try {
      return await this.authenticate(clinicId, token);
    } catch (error) {
      if (error instanceof MedicError && nobody.includes(error.code)) return null;
      throw error;
    }
  }

  /** Who holds a cookie, at one clinic. That it was used is noted: nothing else is written. */
  async authenticate(clinicId: string, token: string | null): Promise<VisitorSession> {
    if (token === null || !isTokenOf(clinicId, token)) throw ended('auth.required');
    const now = this.#now();
    const found = await inClinic(this.#pool, clinicId, async (tx) => {
      const session = await portalSessionByToken(tx, hashOf(token));
      if (!session) return ended('auth.required');
      if (session.revokedAt !== null) return ended('auth.revoked');
      const endsAt = earlier(session.expiresAt, plusMinutes(session.lastSeenAt, idleMinutes));
      if (endsAt <= now) return ended('auth.expired');
      const patients = await this.#patientsOf(tx, session);
      if (patients.length === 0) return ended('auth.revoked');
      if (now - session.lastSeenAt >= touchMs) await touchPortalSession(tx, session.id, now);
      return { session, patients };
    });
    if (found instanceof MedicError) throw found;
    const { session, patients } = found;
    return {
      id: session.id,
      clinicId,
      kind: session.kind,
      visitId: session.appointmentId,
      patients,
      provenIds: session.provenPatientIds,
      triesLeft: maxBirthDateTries - session.birthDateTries,
      endsAt: earlier(session.expiresAt, plusMinutes(now, idleMinutes)),
    };
  }

  /** Whether it is the birth date of this patient of the session. Counted before it is compared. */
  async proveBirthDate(
    session: VisitorSession,
    patient: Patient,
    birthDate: PlainDate,
  ): Promise<{ proven: true } | { proven: false; triesLeft: number }> {
    return await inClinic(this.#pool, session.clinicId, async (tx) => {
      const tries = await countBirthDateTry(tx, session.id);
      if (tries === null) return { proven: false, triesLeft: 0 };
      if (patient.birthDate !== birthDate) return { proven: false, triesLeft: maxBirthDateTries - tries };
      await addProvenPatient(tx, session.id, patient.id);
      return { proven: true };
    });
  }

  /** Ends the session of a cookie, if it is one. */
  async signOut(clinicId: string, token: string | null): Promise<void> {
    if (token === null || !isTokenOf(clinicId, token)) return;
    await inClinic(this.#pool, clinicId, (tx) => revokePortalSession(tx, hashOf(token), this.#now()));
  }

  /** By link whoever has the visit now, while the link is good; by code those who still have the address. */
  async #patientsOf(tx: Transaction, session: PortalSession): Promise<Patient[]> {
    if (session.kind === 'visit') {
      const visit = session.appointmentId === null ? null : await visitById(tx, session.appointmentId);
      if (!visit || !isShown(visit) || visit.linkVersion !== session.linkVersion) return [];
      return await survivingPatients(tx, [visit.patientId]);
    }
    const patients = await survivingPatients(tx, session.patientIds);
    return patients.filter(
      ({ email }) => email !== null && this.#codes.emailHash(session.clinicId, email) === session.emailHash,
    );
  }

  #begin(clinicId: string) {
    const now = this.#now();
    const token = `${clinicId}.${randomBytes(32).toString('base64url')}`;
    return {
      token,
      session: {
        id: uuidv7(now, randomBytes(10)),
        clinicId,
        tokenHash: hashOf(token),
        provenPatientIds: [],
        birthDateTries: 0,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: instant(now + longestMs),
        revokedAt: null,
      },
    };
  }

  async #insert(session: PortalSession): Promise<void> {
    await inClinic(this.#pool, session.clinicId, async (tx) => {
      await deleteOldPortalSessions(tx, session.createdAt);
      await insertPortalSession(tx, session);
    });
  }
}

/** What was made by mistake is nobody's. */
function isShown(visit: Appointment): boolean {
  return visit.status !== 'entered-in-error';
}

function ended(code: 'auth.required' | 'auth.expired' | 'auth.revoked'): MedicError {
  return new MedicError(code, 'no portal session', {
    personMessage:
      code === 'auth.required'
        ? 'Open this page with a code or with the link in your e-mail'
        : 'You have been signed out. Ask for a new code to go on',
  });
}

function isTokenOf(clinicId: string, token: string): boolean {
  return token.length <= 200 && isUuid(token.slice(0, 36)) && token.startsWith(`${clinicId}.`);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
