import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readSettings, writeSettings } from './settings';

const bounds = { x: 1, y: 2, width: 1000, height: 700, maximized: false };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'medic-settings-'));
  file = path.join(folder, 'a', 'settings.json');
  writeSettings(file, {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

it('are none where there is no file', () => {
  expect(readSettings(path.join(folder, 'other.json'))).toEqual({});
});

it('keep what else stands in the file when the window is saved', () => {
  writeFileSync(file, JSON.stringify({ serverUrl: 'https://clinic.example', ofLaterVersion: [1] }));
  writeSettings(file, { bounds });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    serverUrl: 'https://clinic.example',
    ofLaterVersion: [1],
    bounds,
  });
});

it('drop bounds that are none and keep the server', () => {
  writeFileSync(
    file,
    JSON.stringify({ serverUrl: 'https://clinic.example', bounds: { ...bounds, width: 'x' } }),
  );
  expect(readSettings(file)).toMatchObject({ serverUrl: 'https://clinic.example', bounds: undefined });
});

it.each(['{ "serverUrl": "https://clinic.example", }', '{ "serverUrl": 5 }'])(
  'leave a file alone that is not readable, and say so: %s',
  (text) => {
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    writeFileSync(file, text);
    expect(readSettings(file)).toEqual({});
    expect(log).toHaveBeenCalledOnce();
    writeSettings(file, { bounds });
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);
