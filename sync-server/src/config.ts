import { resolve } from 'node:path';
import { MedicError } from '@medic/shared/errors';
import { z } from 'zod';
import { defaultDataDir } from './db/embedded/data-dir';

const webAddress = z
  .string()
  .refine((text) => isWebAddress(text), 'an address such as https://visits.example.org, without ? and #');

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4400),
  /** Which address to listen on. Another than loopback needs TLS in front. */
  MEDIC_HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.string().optional(),
  MEDIC_DATA_DIR: z.string().optional(),
  /** `1` seeds the demo clinic into an empty database. */
  MEDIC_DEMO: z.enum(['0', '1', '']).optional(),
  /** How many proxies stand in front, whose X-Forwarded-For is believed. */
  MEDIC_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Multiplies the rate limits; for load tests. */
  MEDIC_LIMIT_FACTOR: z.coerce.number().min(1).max(1_000_000).default(1),
  /** How much work a visitor's browser shows before it may hold a time, as leading zero bits; 0 for load tests. */
  MEDIC_PROOF_BITS: z.coerce.number().int().min(0).max(20).default(13),
  /** Signs the links in e-mails. */
  MEDIC_SECRET: z.string().min(32, 'at least 32 characters').or(z.literal('')).optional(),
  /** The address that patients reach the public pages at: what links in e-mails begin with. */
  MEDIC_PUBLIC_URL: webAddress.or(z.literal('')).optional(),
  /** Where e-mail goes out: `smtp://user:password@host:587`, or `smtps://` for TLS from the start. */
  MEDIC_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s/]+\/?(\?\S*)?$/, 'an address such as smtp://user:password@host:587')
    .or(z.literal(''))
    .optional(),
  /** Whom e-mails are from; the name beside it is the clinic's. */
  MEDIC_MAIL_FROM: z.email('an e-mail address').or(z.literal('')).optional(),
  /** `1` keeps e-mails on a page at /dev/inbox where there is no SMTP server. The demo does so anyway. */
  MEDIC_DEV_INBOX: z.enum(['0', '1', '']).optional(),
  NODE_ENV: z.string().optional(),
});

export interface Config {
  port: number;
  host: string;
  databaseUrl: string | null;
  dataDir: string;
  demo: boolean;
  trustedProxies: number;
  limitFactor: number;
  proofBits: number;
  secret: string | null;
  /** Without a slash at the end; null: where the server listens. */
  publicUrl: string | null;
  mail: MailConfig;
  production: boolean;
}

/** `inbox` is for development: nothing leaves the machine. */
export type MailConfig = { via: 'smtp'; url: string; from: string } | { via: 'inbox' } | { via: 'none' };

/** Reads the environment, and says which variable is wrong and why. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new MedicError('input.invalid', `The environment is not right. ${lines.join('; ')}`);
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.MEDIC_HOST,
    databaseUrl: data.DATABASE_URL || null,
    dataDir: resolve(data.MEDIC_DATA_DIR || defaultDataDir()),
    demo: data.MEDIC_DEMO === '1',
    trustedProxies: data.MEDIC_TRUSTED_PROXIES,
    limitFactor: data.MEDIC_LIMIT_FACTOR,
    proofBits: data.MEDIC_PROOF_BITS,
    secret: data.MEDIC_SECRET || null,
    publicUrl: data.MEDIC_PUBLIC_URL?.replace(/\/+$/, '') || null,
    mail: mailOf(data),
    production: data.NODE_ENV === 'production',
  };
}

function mailOf(data: z.infer<typeof environment>): MailConfig {
  if (!data.MEDIC_SMTP_URL)
    return { via: data.MEDIC_DEMO === '1' || data.MEDIC_DEV_INBOX === '1' ? 'inbox' : 'none' };
  if (!data.MEDIC_MAIL_FROM)
    throw new MedicError(
      'input.invalid',
      'The environment is not right. MEDIC_MAIL_FROM: with MEDIC_SMTP_URL it is needed, the address that e-mails are from',
    );
  return { via: 'smtp', url: data.MEDIC_SMTP_URL, from: data.MEDIC_MAIL_FROM };
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && username === '';
}
