/** Settings of this computer, in a JSON file that an administrator may write: where the server is, and the window. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const bounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
});
export type SavedBounds = z.infer<typeof bounds>;

/** Loose: what an administrator or a later version wrote stays in the file. */
const settings = z.looseObject({
  serverUrl: z.string().optional(),
  bounds: bounds.optional().catch(undefined),
});
export type Settings = z.infer<typeof settings>;

/** A file that is not there or not readable as settings is none: the app starts with what it knows. */
export function readSettings(file: string): Settings {
  return read(file) ?? {};
}

/** Leaves a file alone that it cannot read: with a comma too many, it is still where the server's address stands. */
export function writeSettings(file: string, change: Partial<Settings>): void {
  const kept = read(file);
  if (!kept) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const next = JSON.stringify({ ...kept, ...change }, null, 2);
  // Beside it and over it: a cut in the middle leaves the old one.
  writeFileSync(`${file}.new`, next, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Null when something is there that is no settings. */
function read(file: string): Settings | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return settings.parse(JSON.parse(text));
  } catch (error) {
    console.error(`not readable as settings and left out: ${file}`, error);
    return null;
  }
}
