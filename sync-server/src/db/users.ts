import { type User, user } from '@medic/shared/model/user';
import { clinicHere, putRecord, readById, selectList } from './records';
import type { Transaction } from './transaction';

export interface UserWithPassword {
  user: User;
  /** Argon2id; null until a password is set. */
  passwordHash: string | null;
}

export async function userById(tx: Transaction, id: string): Promise<User | null> {
  return (await readById(tx, user, id)) ?? null;
}

/** Whatever the case of the letters. */
export async function userByEmail(tx: Transaction, email: string): Promise<UserWithPassword | null> {
  const { rows } = await tx.prepared<User & { password_hash: string | null }>(
    'user by email',
    `SELECT ${selectList(user)}, password_hash FROM users WHERE clinic_id = ${clinicHere} AND email_key = lower($1) AND NOT deleted`,
    [email],
  );
  if (!rows[0]) return null;
  const { password_hash: passwordHash, ...found } = rows[0];
  return { user: found, passwordHash };
}

/** Of somebody who has left: they sign in no more, and their records keep their name. */
export async function deactivateUser(tx: Transaction, leaver: User): Promise<void> {
  await putRecord(tx, user, { ...leaver, active: false });
}

export async function createUser(tx: Transaction, created: User, passwordHash: string | null): Promise<void> {
  await putRecord(tx, user, created);
  if (passwordHash !== null) await setPasswordHash(tx, created.id, passwordHash);
}

export async function setPasswordHash(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx.prepared(
    'set password',
    `UPDATE users SET password_hash = $2 WHERE clinic_id = ${clinicHere} AND id = $1`,
    [userId, passwordHash],
  );
}
