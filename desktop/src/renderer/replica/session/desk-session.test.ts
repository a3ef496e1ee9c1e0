import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { expect, it } from 'vitest';
import { databaseName, wipeDatabase } from '../store/database';
import { aServer, deskOf, Profile, signedIn, startApp, until } from '../testing/desk-harness';

it('a window under which another one takes the replica away goes to the sign-in page and leaves nothing', async () => {
  const { services, desk } = await signedIn(aServer());
  await wipeDatabase(databaseName(desk.clinicId, desk.user.id));
  await until(() => services.session.state === 'signed-out');
  expect(services.session.notice).toContain('Another window');
  await services.close();
  expect(await left()).toEqual([]);
});

it('a window that opens while another signs out does not stay open', async () => {
  const server = aServer();
  const profile = new Profile();
  const first = await signedIn(server, profile);
  await first.services.close();
  const { get } = profile.kept;
  // The sign-out of the other window falls between reading the session and having the desk open.
  profile.kept.get = (key) => {
    const value = get.call(profile.kept, key);
    if (key.startsWith('session:')) profile.kept.delete(key);
    return value;
  };
  const services = await startApp(profile, server);
  expect(services.session.state).toBe('signed-out');
  expect(services.desk).toBeNull();
  expect(() => deskOf(services)).toThrow();
  expect(await left()).toEqual([]);
});

/** Besides those of RxDB's own channel, in which there is nothing here. */
async function left(): Promise<string[]> {
  return (await Dexie.getDatabaseNames()).filter((each) => !each.startsWith('pubkey.'));
}
