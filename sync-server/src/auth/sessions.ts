/**
 * Staff sign-in: an access token for a quarter of an hour, a refresh token that changes at each use and is bound to a device. Tokens
 * are random, kept as hashes, and carry their clinic in front, so that row-level security holds while they are looked up.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '@medic/shared/acts/act';
import { MedicError } from '@medic/shared/errors';
import type { Device, Session } from '@medic/shared/model/device';
import { isUuid, uuidv7 } from '@medic/shared/model/id';
import type { User } from '@medic/shared/model/user';
import { dayMs, type Instant, instant, minuteMs } from '@medic/shared/time/instant';
import { clinicById, clinicIdBySlug } from '../db/clinics';
import { readDevice, registerDevice } from '../db/devices';
import type { Pool } from '../db/pool';
import {
  insertSession,
  revokeDeviceSessions,
  revokeSession,
  rotateSession,
  sessionByAccessHash,
  sessionByRefreshHash,
} from '../db/sessions';
import { inClinic, type Transaction } from '../db/transaction';
import { userByEmail, userById } from '../db/users';
import { checkPassword } from './passwords';

const accessMs = 15 * minuteMs;
const refreshMs = 60 * dayMs;
/** An answer to a refresh may be lost on the way: the old token is good for a little longer. */
const refreshGraceMs = 2 * minuteMs;

export interface SignedIn {
  clinicId: string;
  session: Session;
  user: User;
  device: Device;
  actor: Actor;
}

export interface Tokens {
  accessToken: string;
  accessExpiresAt: Instant;
  refreshToken: string;
  refreshExpiresAt: Instant;
}

export interface SignInRequest {
  clinic: string;
  email: string;
  password: string;
  device: { id: string; name: string; kind: Device['kind'] };
}

export class Sessions {
  readonly #pool: Pool;
  readonly #now: () => Instant;

  constructor(pool: Pool, now: () => Instant) {
    this.#pool = pool;
    this.#now = now;
  }

  async signIn(request: SignInRequest) {
    const clinicId = await clinicIdBySlug(this.#pool, request.clinic);
    const found = clinicId
      ? await inClinic(this.#pool, clinicId, (tx) => userByEmail(tx, request.email), { readOnly: true })
      : null;
    // Checked outside the transaction: it takes tens of milliseconds, and as long for an account that is not there.
    const right = await checkPassword(found?.passwordHash ?? null, request.password);
    if (!clinicId || !found || !right || !found.user.active || found.user.deleted) {
      throw new MedicError('auth.wrong', 'sign-in refused', {
        personMessage: 'The clinic, the e-mail or the password is not right',
      });
    }
    const { user } = found;
    return await inClinic(this.#pool, clinicId, async (tx) => {
      const now = this.#now();
      const device = await registerDevice(tx, {
        id: request.device.id,
        clinicId,
        userId: user.id,
        name: request.device.name,
        kind: request.device.kind,
        lastN: 0,
        registeredAt: now,
        lastSeenAt: now,
        revokedAt: null,
      });
      if (device.revokedAt !== null) throw new MedicError('auth.revoked');
      if (device.userId !== user.id) {
        throw new MedicError('auth.forbidden', 'a device belongs to the user who registered it', {
          personMessage: 'This desk is registered to somebody else. Sign in anew as yourself',
        });
      }
      const { session, tokens } = newTokens({ clinicId, userId: user.id, deviceId: device.id, now });
      await insertSession(tx, session);
      const clinic = await clinicById(tx, clinicId);
      return {
        ...tokens,
        deviceId: device.id,
        lastN: device.lastN,
        user,
        clinic: { id: clinicId, slug: clinic.slug, name: clinic.name },
      };
    });
  }

  /** Who holds an access token. */
  async authenticate(accessToken: string): Promise<SignedIn> {
    const { clinicId, hash } = readToken(accessToken);
    return await inClinic(
      this.#pool,
      clinicId,
      async (tx) => {
        const session = await sessionByAccessHash(tx, hash);
        if (!session) throw new MedicError('auth.expired', 'unknown access token');
        if (session.revokedAt !== null) throw new MedicError('auth.revoked');
        if (session.accessExpiresAt <= this.#now()) throw new MedicError('auth.expired');
        return await this.#holder(tx, session);
      },
      { readOnly: true },
    );
  }

  /**
   * New tokens for a refresh token. One that was used already is refused, and all sessions of its device end, since
   * it was stolen or copied; within the grace time it only means that an answer was lost.
   */
  async refresh(refreshToken: string) {
    const { clinicId, hash } = readToken(refreshToken);
    const now = this.#now();
    const result = await inClinic(this.#pool, clinicId, async (tx) => {
      const found = await sessionByRefreshHash(tx, hash);
      if (!found) return { refused: new MedicError('auth.expired', 'unknown refresh token') };
      const { session } = found;
      if (session.revokedAt !== null) return { refused: new MedicError('auth.revoked') };
      if (session.refreshExpiresAt <= now) return { refused: new MedicError('auth.expired') };
      const issuedAt = session.accessExpiresAt - accessMs;
      if (found.previous && now - issuedAt > refreshGraceMs) {
        await revokeDeviceSessions(tx, session.deviceId, now);
        return { refused: new MedicError('auth.revoked', 'a refresh token was used twice') };
      }
      const { user, device } = await this.#holder(tx, session);
      const { session: fresh, tokens } = newTokens({
        clinicId,
        userId: session.userId,
        deviceId: session.deviceId,
        now,
      });
      await rotateSession(tx, {
        ...session,
        ...fresh,
        id: session.id,
        createdAt: session.createdAt,
        previousRefreshHash: hash,
      });
      return { answer: { ...tokens, lastN: device.lastN, user } };
    });
    if ('refused' in result) throw result.refused;
    return result.answer;
  }

  async signOut(signedIn: SignedIn): Promise<void> {
    await inClinic(this.#pool, signedIn.clinicId, (tx) =>
      revokeSession(tx, signedIn.session.id, this.#now()),
    );
  }

  async #holder(tx: Transaction, session: Session): Promise<SignedIn> {
    const user = await userById(tx, session.userId);
    const device = await readDevice(tx, session.deviceId);
    if (!user || user.deleted || !user.active || !device || device.revokedAt !== null)
      throw new MedicError('auth.revoked');
    return { clinicId: session.clinicId, session, user, device, actor: staffActor(user) };
  }
}

export function staffActor(user: User): Actor {
  return {
    kind: 'staff',
    id: user.id,
    name: user.name,
    roles: user.roles,
    rights: user.rights,
    doctorId: user.doctorId,
  };
}

function newTokens({
  clinicId,
  userId,
  deviceId,
  now,
}: {
  clinicId: string;
  userId: string;
  deviceId: string;
  now: Instant;
}): { session: Session; tokens: Tokens } {
  const make = () => `${clinicId}.${randomBytes(32).toString('base64url')}`;
  const tokens: Tokens = {
    accessToken: make(),
    accessExpiresAt: instant(now + accessMs),
    refreshToken: make(),
    refreshExpiresAt: instant(now + refreshMs),
  };
  return {
    tokens,
    session: {
      id: uuidv7(now, randomBytes(10)),
      clinicId,
      userId,
      deviceId,
      accessHash: hashOf(tokens.accessToken),
      accessExpiresAt: tokens.accessExpiresAt,
      refreshHash: hashOf(tokens.refreshToken),
      previousRefreshHash: null,
      refreshExpiresAt: tokens.refreshExpiresAt,
      createdAt: now,
      revokedAt: null,
    },
  };
}

function readToken(token: string): { clinicId: string; hash: string } {
  const clinicId = token.slice(0, 36);
  if (!isUuid(clinicId) || token.length > 200) throw new MedicError('auth.expired', 'malformed token');
  return { clinicId, hash: hashOf(token) };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
