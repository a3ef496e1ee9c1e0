/** Small texts under the operating system's own protection (Keychain, DPAPI, libsecret). */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';

const stored = z.record(z.string(), z.string());

export class SecretFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Whether the system truly protects them. On a Linux without a keyring Electron falls back to a password that
   * stands in its source: that is none.
   */
  get protected(): boolean {
    if (!safeStorage.isEncryptionAvailable()) return false;
    return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
  }

  get(key: string): string | null {
    const secrets = this.#read();
    // Own ones only: `constructor` is in every object.
    const kept = Object.hasOwn(secrets, key) ? secrets[key] : undefined;
    if (kept === undefined) return null;
    this.#require();
    return safeStorage.decryptString(Buffer.from(kept, 'base64'));
  }

  /** Refuses rather than writing a secret that anybody could read. */
  set(key: string, value: string): void {
    this.#require();
    this.#write({ ...this.#read(), [key]: safeStorage.encryptString(value).toString('base64') });
  }

  remove(key: string): void {
    const { [key]: _, ...rest } = this.#read();
    this.#write(rest);
  }

  #require(): void {
    if (!this.protected) throw new Error('this computer offers no protected place for secrets');
  }

  #read(): Record<string, string> {
    try {
      return stored.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  }

  #write(secrets: Record<string, string>): void {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(secrets), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
