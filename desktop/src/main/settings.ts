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

const settings = z.object({
  serverUrl: z.string().optional(),
  bounds: bounds.optional().catch(undefined),
});
export type Settings = z.infer<typeof settings>;

/** A file that is not there or not readable as settings is none: the app starts with what it knows. */
export function readSettings(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    const parsed = settings.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : {};
  } catch (error) {
    console.error(`settings are not JSON and are left out: ${file}`, error);
    return {};
  }
}

export function writeSettings(file: string, change: Partial<Settings>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const next = JSON.stringify({ ...readSettings(file), ...change }, null, 2);
  // Beside it and over it: a cut in the middle leaves the old one.
  writeFileSync(`${file}.new`, next, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
