import { hash, verify } from '@node-rs/argon2';

/** OWASP's first recommendation for Argon2id (the package's default variant): 19 MiB, 2 passes, 1 lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

let dummy: Promise<string> | null = null;

/** Takes the same time for an account that is not there, so that timing tells nobody who has one. */
export async function checkPassword(passwordHash: string | null, password: string): Promise<boolean> {
  dummy ??= hashPassword('nobody has this password');
  const right = await verify(passwordHash ?? (await dummy), password);
  return right && passwordHash !== null;
}
