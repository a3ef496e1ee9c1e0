/** Settling an item, and saying why something could not be done. */
import type { Refused } from '@medic/shared/acts/act';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Desk } from '../../replica/desk';
import { announce } from '../../ui/announcer';
import type { AttentionEntry } from './attention-words';

export function sayRefused({ reasons }: Refused): void {
  announce(`Not done: ${reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, { tone: 'refused' });
}

export async function settle(desk: Desk, entry: AttentionEntry, resolution: string): Promise<void> {
  if (entry.noticeId !== null) {
    await desk.dismiss(entry.noticeId);
    return announce(`Settled: ${entry.title}`);
  }
  if (entry.itemId === null) return announce('This waits for the server’s answer', { tone: 'refused' });
  const result = await desk.perform('attention.settle', { itemId: entry.itemId, resolution });
  if (result.kind === 'refused') sayRefused(result);
  else announce(`Settled: ${entry.title}`);
}
