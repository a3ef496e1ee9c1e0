import { resolve } from 'node:path';
import { MedicError } from '@medic/shared/errors';
import { z } from 'zod';
import { defaultDataDir } from './db/embedded/data-dir';

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
});

export interface Config {
  port: number;
  host: string;
  databaseUrl: string | null;
  dataDir: string;
  demo: boolean;
  trustedProxies: number;
  limitFactor: number;
}

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
  };
}
