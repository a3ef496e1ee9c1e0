import { expect, it } from 'vitest';
import type { Surroundings } from './data-dir';
import { defaultDataDir } from './data-dir';

function on(surroundings: Partial<Surroundings>): string {
  return defaultDataDir({ platform: 'linux', uid: 1000, home: '/home/anna', env: {}, ...surroundings });
}

it('is a folder of the user', () => {
  expect(on({})).toBe('/home/anna/.local/share/medic');
  expect(on({ platform: 'darwin', home: '/Users/anna' })).toBe(
    '/Users/anna/Library/Application Support/medic',
  );
  expect(
    on({
      platform: 'win32',
      uid: undefined,
      home: 'C:\\Users\\anna',
      env: { LOCALAPPDATA: 'C:\\Users\\anna\\AppData\\Local' },
    }),
  ).toBe('C:\\Users\\anna\\AppData\\Local\\medic');
});

it('follows XDG_DATA_HOME where that is absolute, as its specification demands', () => {
  expect(on({ env: { XDG_DATA_HOME: '/data' } })).toBe('/data/medic');
  expect(on({ env: { XDG_DATA_HOME: 'data' } })).toBe('/home/anna/.local/share/medic');
});

it('for root lies outside the home that is closed to others', () => {
  expect(on({ uid: 0, home: '/closed', env: { XDG_DATA_HOME: '/closed/data' } })).toBe('/var/lib/medic');
});
