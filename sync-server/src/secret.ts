/** The one secret of the server: links in e-mails are signed with keys made from it. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MedicError } from '@medic/shared/errors';
import type { Config } from './config';

const secretBytes = 32;
const fileName = 'secret';

/**
 * From the environment, or else made once and kept, readable by its owner only, beside the embedded database. Several
 * servers over one database must agree on it, or a link of one means nothing to another: so with a database of one's
 * own it is asked for, at the latest in production.
 */
export async function openSecret(
  config: Pick<Config, 'secret' | 'databaseUrl' | 'dataDir' | 'production'>,
): Promise<Buffer> {
  if (config.secret) return Buffer.from(config.secret, 'utf8');
  if (config.databaseUrl && config.production)
    throw new MedicError(
      'input.invalid',
      'With DATABASE_URL in production MEDIC_SECRET is needed: it signs the links in e-mails, the same on every server. Make one with: openssl rand -base64 32',
    );
  await mkdir(config.dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 });
  const file = join(config.dataDir, fileName);
  return (await kept(file)) ?? (await make(file));
}

async function kept(file: string): Promise<Buffer | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(file, 'cannot be read', error);
  }
  const secret = Buffer.from(text.trim(), 'base64url');
  // Making another would break every link that was sent; that is for a person to decide.
  if (secret.length !== secretBytes) throw unusable(file, 'does not hold a secret as Medic writes it');
  return secret;
}

/** Written whole under another name first: of two servers that start at once, both end with the one that came first. */
async function make(file: string): Promise<Buffer> {
  const own = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(own, `${randomBytes(secretBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    await link(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, 'cannot be written', error);
  } finally {
    await rm(own, { force: true });
  }
  const secret = await kept(file);
  if (!secret) throw unusable(file, 'is gone again');
  return secret;
}

function unusable(file: string, what: string, cause?: unknown): MedicError {
  return new MedicError('input.invalid', `${file} ${what}. Mend it, or set MEDIC_SECRET`, { cause });
}
