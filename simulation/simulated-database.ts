/** The database of a run on a Postgres that is there: backed up, and put back to an earlier time. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Instant } from '@medic/shared/time/instant';
import { makeBackup } from '../sync-server/src/db/backup/backup';
import { restoreBackup } from '../sync-server/src/db/backup/restore';
import { openAdminPool, type Pool } from '../sync-server/src/db/pool';
import { runOn, templateName, urlFor } from '../sync-server/src/db/testing/server';

/** `told`: by the command for it, so that desks hear of it. `copy`: of the files, of which nobody hears. */
export type BackupKind = 'told' | 'copy';

interface Backup {
  kind: BackupKind;
  at: Instant;
}

export class SimulatedDatabase {
  readonly url: string;
  readonly #adminUrl: string;
  readonly #name: string;
  readonly #file: string;
  #adminPool: Pool;
  #backup: Backup | null = null;

  private constructor(adminUrl: string, name: string, adminPool: Pool) {
    this.#adminUrl = adminUrl;
    this.#name = name;
    this.url = urlFor(adminUrl, name);
    this.#file = path.join(tmpdir(), `${name}.backup`);
    this.#adminPool = adminPool;
  }

  static async create(adminUrl: string): Promise<SimulatedDatabase> {
    const name = `medic_t_${randomBytes(8).toString('hex')}`;
    await runOn(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${templateName} STRATEGY FILE_COPY`);
    return new SimulatedDatabase(adminUrl, name, await openAdminPool(urlFor(adminUrl, name)));
  }

  get adminPool(): Pool {
    return this.#adminPool;
  }

  get lastBackup(): Backup | null {
    return this.#backup;
  }

  /** For a copy of the files the server has to be down. */
  async backUp(kind: BackupKind, at: Instant): Promise<void> {
    if (kind === 'told') await makeBackup(this.url, this.#adminPool, this.#file);
    else
      await this.#alone(async () => {
        await runOn(this.#adminUrl, `DROP DATABASE IF EXISTS ${this.#copy} WITH (FORCE)`);
        await runOn(
          this.#adminUrl,
          `CREATE DATABASE ${this.#copy} TEMPLATE ${this.#name} STRATEGY FILE_COPY`,
        );
      });
    this.#backup = { kind, at };
  }

  /** With the server down. */
  async restore(): Promise<void> {
    const backup = this.#backup;
    if (!backup) return;
    await this.#alone(async () => {
      if (backup.kind === 'told') {
        await restoreBackup(this.url, this.#file, { log: () => undefined });
        await runOn(this.#adminUrl, `DROP DATABASE IF EXISTS ${this.#name}_before_restore WITH (FORCE)`);
      } else {
        await runOn(this.#adminUrl, `DROP DATABASE ${this.#name} WITH (FORCE)`);
        await runOn(
          this.#adminUrl,
          `CREATE DATABASE ${this.#name} TEMPLATE ${this.#copy} STRATEGY FILE_COPY`,
        );
      }
    });
  }

  async drop(): Promise<void> {
    await this.#adminPool.end();
    for (const name of [this.#name, this.#copy])
      await runOn(this.#adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await rm(this.#file, { force: true });
  }

  get #copy(): string {
    return `${this.#name}_copy`;
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    await this.#adminPool.end();
    // A killed server's connections may not have noticed yet.
    await runOn(
      this.#adminUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.#name}'`,
    );
    try {
      await work();
    } finally {
      this.#adminPool = await openAdminPool(this.url);
    }
  }
}
