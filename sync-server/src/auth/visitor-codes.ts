/**
 * One-time codes for the patient portal. Whether somebody here has the address shows nowhere: the same rows are
 * written and read, the same answer is given, and a message is handed on without waiting for it.
 */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { uuidv7 } from '@medic/shared/model/id';
import type { Patient } from '@medic/shared/model/patient';
import { type Instant, plusMinutes } from '@medic/shared/time/instant';
import type { Pool } from '../db/pool';
import {
  countPortalCodeTry,
  deleteExpiredPortalCodes,
  insertPortalCode,
  livePortalCodes,
  spendPortalCodes,
} from '../db/portal-codes';
import { patientsByEmail } from '../db/portal-records';
import { inClinic } from '../db/transaction';
import { keyFor } from './visitors';

const lifeMinutes = 10;
const codeLength = 8;
/** Crockford's: no I, L, O or U, which are misread. 40 bits, of which five tries find nothing. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export interface CodeMessage {
  clinicId: string;
  email: string;
  /** Eight characters. */
  code: string;
  expiresAt: Instant;
  language: string;
}

export class VisitorCodes {
  readonly #pool: Pool;
  readonly #key: Buffer;
  readonly #now: () => Instant;
  readonly #send: (message: CodeMessage) => void;

  /** `send` returns at once: how long a mail server takes would tell who is written to. */
  constructor(parts: {
    pool: Pool;
    secret: Buffer;
    now: () => Instant;
    send: (message: CodeMessage) => void;
  }) {
    this.#pool = parts.pool;
    this.#key = keyFor(parts.secret, 'portal codes');
    this.#now = parts.now;
    this.#send = parts.send;
  }

  /** Writes to an address that a patient has, and to no other. */
  async request(clinicId: string, email: string): Promise<void> {
    const now = this.#now();
    const id = uuidv7(now, randomBytes(10));
    const code = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
    const expiresAt = plusMinutes(now, lifeMinutes);
    const patients = await inClinic(this.#pool, clinicId, async (tx) => {
      await deleteExpiredPortalCodes(tx, now);
      await insertPortalCode(tx, {
        id,
        clinicId,
        emailHash: this.emailHash(clinicId, email),
        codeHash: this.#codeHash(id, code),
        tries: 0,
        createdAt: now,
        expiresAt,
        usedAt: null,
      });
      return await patientsByEmail(tx, email);
    });
    const first = patients[0];
    if (first)
      this.#send({ clinicId, email: first.email ?? email, code, expiresAt, language: first.language });
  }

  /** Those whose address it is, for the right code, once; null for any other. A wrong one is a try at each that is out. */
  async redeem(clinicId: string, email: string, typed: string): Promise<Patient[] | null> {
    const now = this.#now();
    const code = readCode(typed);
    return await inClinic(this.#pool, clinicId, async (tx) => {
      const live = await livePortalCodes(tx, this.emailHash(clinicId, email), now);
      const ids = live.map((one) => one.id);
      const right = live.filter((one) => isSame(one.codeHash, this.#codeHash(one.id, code)));
      const patients = await patientsByEmail(tx, email);
      if (right.length === 0 || patients.length === 0) {
        await countPortalCodeTry(tx, ids);
        return null;
      }
      await spendPortalCodes(tx, ids, now);
      return patients;
    });
  }

  /** How an address is kept: nobody finds it in the table without the server's key. */
  emailHash(clinicId: string, email: string): string {
    return createHmac('sha256', this.#key).update(`${clinicId} ${email.trim().toLowerCase()}`).digest('hex');
  }

  #codeHash(id: string, code: string): string {
    return createHmac('sha256', this.#key).update(`${id} ${code}`).digest('hex');
  }
}

/** As it was meant: in capitals, without what people put between, and with the letters that Crockford reads as digits. */
function readCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
