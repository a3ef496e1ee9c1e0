/** A journal's file on the disk: nothing is acknowledged that a power cut could still take. */
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { JournalError, type JournalErrorCode, type JournalFile } from '@medic/shared/sync/journal';

export class DiskJournal implements JournalFile {
  readonly #file: string;
  readonly #open: typeof open;
  #handle: FileHandle | null = null;
  #length = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `openFile` stands in for the disk in tests of what a disk can do to us. */
  constructor(file: string, openFile: typeof open = open) {
    this.#file = file;
    this.#open = openFile;
  }

  read(): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      try {
        return new Uint8Array(await readFile(this.#file));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
        throw error;
      }
    });
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const handle = await this.#opened();
      try {
        let written = 0;
        while (written < bytes.length) {
          const step = await handle.write(bytes, written, bytes.length - written, this.#length + written);
          written += step.bytesWritten;
        }
        await handle.datasync();
        this.#length += bytes.length;
      } catch (error) {
        await this.#takeBack(handle);
        throw error;
      }
    });
  }

  replace(bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      await mkdir(path.dirname(this.#file), { recursive: true });
      const fresh = `${this.#file}.new`;
      const handle = await this.#open(fresh, 'w', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } catch (error) {
        await handle.close();
        await rm(fresh, { force: true });
        throw error;
      }
      await handle.close();
      await this.#letGo();
      await rename(fresh, this.#file);
      await this.#syncFolder();
    });
  }

  /** Deletes it, as when a device is signed out. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#letGo();
      await rm(this.#file, { force: true });
      await rm(`${this.#file}.new`, { force: true });
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#letGo());
  }

  async #opened(): Promise<FileHandle> {
    if (this.#handle) return this.#handle;
    await mkdir(path.dirname(this.#file), { recursive: true });
    // Not 'a': there a write goes to wherever the end is by then, also after a part of one that was taken back.
    const handle = await this.#open(this.#file, 'r+', 0o600).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      const made = await this.#open(this.#file, 'wx+', 0o600);
      await this.#syncFolder();
      return made;
    });
    this.#length = (await handle.stat()).size;
    this.#handle = handle;
    return handle;
  }

  /** Half a record at the end would be told from a whole one, but the next would stand behind it. */
  async #takeBack(handle: FileHandle): Promise<void> {
    try {
      await handle.truncate(this.#length);
    } catch {
      // The disk refuses that as well: opened anew, the next append stands behind the torn bytes, and reading skips them.
    }
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** A new name is on the disk only when its folder is. Windows has no such call, and writes names at once. */
  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await this.#open(path.dirname(this.#file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work).catch((error: unknown) => {
      throw asJournalError(error);
    });
    // Whoever asked hears of a failure; what comes next in turn does not depend on it.
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** The journals of one folder, each opened once: two handles to one file would not know of each other's length. */
export class Journals {
  readonly #folder: string;
  readonly #opened = new Map<string, DiskJournal>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `name` has to be checked by whoever lets it in. */
  of(name: string): DiskJournal {
    const opened = this.#opened.get(name) ?? new DiskJournal(path.join(this.#folder, `${name}.journal`));
    this.#opened.set(name, opened);
    return opened;
  }
}

function asJournalError(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const kind: JournalErrorCode = code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'io';
  return new JournalError(kind, `${code ?? 'failed'}: ${message}`, error);
}
