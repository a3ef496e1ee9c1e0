/** What a person should know of this computer before something goes wrong, a sentence or two each. */
import type { SyncStatus } from '../../replica/desk';
import type { KnownPerson, WaitsFor } from '../../replica/services';
import { notAllHere } from './collection-words';

/** Below this a clock that is wrong does no harm that anybody would see. */
const toldFromMs = 2 * 60_000;

export function syncWarnings(
  status: SyncStatus,
  people: readonly KnownPerson[],
  ownUserId: string,
  othersWaitFor: ReadonlyMap<string, WaitsFor>,
): string[] {
  const warnings: string[] = [];
  const incomplete = notAllHere(status);
  if (incomplete) warnings.push(incomplete);
  if (status.problem?.kind === 'signed-out')
    warnings.push('Sign in again to send what waits. Nothing is lost meanwhile, and you can work on.');
  const others = people.filter(({ userId, unsent }) => userId !== ownUserId && unsent > 0);
  for (const { userId, name, unsent } of others)
    warnings.push(othersWords(name, unsent, othersWaitFor.get(userId) ?? null, status.online));
  if (Math.abs(status.clockOffsetMs) >= toldFromMs)
    warnings.push(
      `This computer’s clock is ${durationWords(status.clockOffsetMs)} ${status.clockOffsetMs > 0 ? 'behind' : 'ahead of'} the server’s. Medic counts with the server’s; set the clock right.`,
    );
  if (status.zonesDiffer.length > 0)
    warnings.push(
      `This computer and the server know different clock changes for ${status.zonesDiffer.join(', ')}. Times there may be shown wrong by an hour: update this app or the server.`,
    );
  if (status.journal === 'failed')
    warnings.push(
      'The journal beside the browser’s storage could not be used. New changes may be refused until the disk is in order.',
    );
  if (status.storagePersisted === false && status.journal !== 'kept')
    warnings.push(
      'This browser has not promised to keep what is saved here, and there is no second copy. Don’t clear its data while changes wait.',
    );
  else if (status.journal === 'none')
    warnings.push(
      'In a browser, changes that wait lie in its storage only. Don’t clear its data while they do.',
    );
  return warnings;
}

function othersWords(name: string, unsent: number, waitsFor: WaitsFor | null, online: boolean): string {
  const what = `${changes(unsent)} of ${name}`;
  const one = unsent === 1;
  if (waitsFor === 'unlock') return `${what} wait${one ? 's' : ''} here until ${name} unlocks this desk.`;
  if (waitsFor === 'sign-in')
    return `${what} wait${one ? 's' : ''} here until ${name} signs in again: their session has ended.`;
  return online
    ? `${what} ${one ? 'is' : 'are'} being sent, as theirs.`
    : `${what} wait${one ? 's' : ''} here for the network too, and ${one ? 'goes' : 'go'} out as theirs.`;
}

function changes(count: number): string {
  return `${count} change${count === 1 ? '' : 's'}`;
}

function durationWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
