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
import { zoneFingerprint } from '@medic/shared/time/zone-fingerprint';
import { appendAudit } from '../db/audit';
import { type ClockReading, clinicById, clinicIdBySlug, clinicZones, takeClock } from '../db/clinics';
import { readDevice, readDevices, registerDevice, revokeDevice } from '../db/devices';
import type { Pool } from '../db/pool';
import {
  insertSession,
  revokeDeviceSessions,
  revokeSession,
  revokeUserSessions,
  rotateSession,
  sessionByAccessHash,
  sessionById,
  sessionByRefreshHash,
} from '../db/sessions';
import { inClinic, type Transaction } from '../db/transaction';
import { deactivateUser, userByEmail, userById } from '../db/users';
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
  readonly #onRevoked: (clinicId: string, clock: ClockReading) => void;

  /** `onRevoked` tells the streams of the clinic to look whether they may go on. */
  constructor(
    pool: Pool,
    now: () => Instant,
    onRevoked: (clinicId: string, clock: ClockReading) => void = () => undefined,
  ) {
    this.#pool = pool;
    this.#now = now;
    this.#onRevoked = onRevoked;
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
        ...(await this.#zones(tx, clinicId)),
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
        const holder = await this.#holder(tx, session);
        if (session.revokedAt !== null || session.accessExpiresAt <= this.#now())
          throw new MedicError('auth.expired');
        return holder;
      },
      { readOnly: true },
    );
  }

  /** The same sign-in as it is now, for what goes on after its access token. Rejects when the session is over. */
  async look({ clinicId, session }: SignedIn): Promise<SignedIn> {
    return await inClinic(
      this.#pool,
      clinicId,
      async (tx) => {
        const now = await sessionById(tx, session.id);
        if (!now) throw new MedicError('auth.expired', 'the session is gone');
        const holder = await this.#holder(tx, now);
        if (now.revokedAt !== null || now.refreshExpiresAt <= this.#now())
          throw new MedicError('auth.expired');
        return holder;
      },
      { readOnly: true },
    );
  }

  /**
   * New tokens for a refresh token. One that was used already is refused, and all sessions of its device end, since
   * it was stolen or copied; within the grace time it only means that an answer was lost. That is no reason to wipe the
   * desk: it may be ours, put back from a copy of its disk, with work on it that nobody else has.
   */
  async refresh(refreshToken: string) {
    const { clinicId, hash } = readToken(refreshToken);
    const now = this.#now();
    const result = await inClinic(this.#pool, clinicId, async (tx) => {
      const found = await sessionByRefreshHash(tx, hash);
      if (!found) return { refused: new MedicError('auth.expired', 'unknown refresh token') };
      const { session } = found;
      const holder = await this.#holder(tx, session);
      if (session.revokedAt !== null || session.refreshExpiresAt <= now)
        return { refused: new MedicError('auth.expired') };
      const issuedAt = session.accessExpiresAt - accessMs;
      if (found.previous && now - issuedAt > refreshGraceMs) {
        await revokeDeviceSessions(tx, session.deviceId, now);
        return { refused: new MedicError('auth.expired', 'a refresh token was used twice') };
      }
      const { user, device } = holder;
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
      return { answer: { ...tokens, lastN: device.lastN, user, ...(await this.#zones(tx, clinicId)) } };
    });
    if ('refused' in result) throw result.refused;
    return result.answer;
  }

  async signOut(signedIn: SignedIn): Promise<void> {
    await inClinic(this.#pool, signedIn.clinicId, (tx) =>
      revokeSession(tx, signedIn.session.id, this.#now()),
    );
  }

  /** The clinic's desks, the one seen last first. */
  async devices({ clinicId, actor }: SignedIn): Promise<Device[]> {
    requireAdmin(actor);
    return await inClinic(this.#pool, clinicId, (tx) => readDevices(tx), { readOnly: true });
  }

  /** A lost desk: its sessions end, its stream is cut, and it wipes itself at its next contact. Twice is no harm. */
  async revokeDevice({ clinicId, actor, device: by }: SignedIn, deviceId: string): Promise<void> {
    requireAdmin(actor);
    const now = this.#now();
    const clock = await inClinic(this.#pool, clinicId, async (tx) => {
      const taken = await takeClock(tx, clinicId);
      const lost = await readDevice(tx, deviceId);
      if (!lost) throw new MedicError('record.unknown', `no device ${deviceId}`);
      if (lost.revokedAt !== null) return null;
      await revokeDevice(tx, deviceId, now);
      await revokeDeviceSessions(tx, deviceId, now);
      await appendAudit(tx, {
        clinicId,
        occurredAt: now,
        actorKind: actor.kind,
        actorId: actor.id,
        deviceId: by.id,
        action: 'device.revoke',
        subjectKind: 'device',
        subjectId: deviceId,
        details: { userId: lost.userId },
      });
      return taken;
    });
    if (clock) this.#onRevoked(clinicId, clock);
  }

  /**
   * Somebody has left the clinic: they sign in no more, their sessions end, and each of their desks wipes what is theirs
   * at its next contact. Twice is no harm.
   */
  async deactivateUser({ clinicId, actor, device: by }: SignedIn, userId: string): Promise<void> {
    requireAdmin(actor);
    if (userId === actor.id)
      throw new MedicError('auth.forbidden', 'an admin would lock themselves out', {
        personMessage: 'You cannot take your own account away. Ask another admin',
      });
    const now = this.#now();
    const clock = await inClinic(this.#pool, clinicId, async (tx) => {
      const taken = await takeClock(tx, clinicId);
      const leaver = await userById(tx, userId);
      if (!leaver || leaver.deleted) throw new MedicError('record.unknown', `no user ${userId}`);
      if (!leaver.active) return null;
      await deactivateUser(tx, leaver);
      await revokeUserSessions(tx, userId, now);
      await appendAudit(tx, {
        clinicId,
        occurredAt: now,
        actorKind: actor.kind,
        actorId: actor.id,
        deviceId: by.id,
        action: 'user.deactivate',
        subjectKind: 'user',
        subjectId: userId,
        details: {},
      });
      return taken;
    });
    if (clock) this.#onRevoked(clinicId, clock);
  }

  /** What this server's zone data say of the clinic's zones: a desk compares, and warns where its own say otherwise. */
  async #zones(
    tx: Transaction,
    clinicId: string,
  ): Promise<{ zones: Record<string, string>; zonesFrom: Instant }> {
    const zonesFrom = this.#now();
    const zones = await clinicZones(tx, clinicId);
    return {
      zones: Object.fromEntries(zones.map((zone) => [zone, zoneFingerprint(zone, zonesFrom)])),
      zonesFrom,
    };
  }

  /** Rejects with `auth.revoked`, upon which a desk wipes itself, for a lost device and a leaver; for nothing else. */
  async #holder(tx: Transaction, session: Session): Promise<SignedIn> {
    const user = await userById(tx, session.userId);
    const device = await readDevice(tx, session.deviceId);
    if (!user || user.deleted || !user.active || !device || device.revokedAt !== null)
      throw new MedicError('auth.revoked');
    return { clinicId: session.clinicId, session, user, device, actor: staffActor(user) };
  }
}

function requireAdmin(actor: Actor): void {
  if (!actor.roles.includes('admin'))
    throw new MedicError('auth.forbidden', 'people and devices are for admins');
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
