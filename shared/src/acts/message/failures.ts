import type { AttentionItem } from '../../model/attention-item';
import type { Facts } from '../facts';

/** The open item that says that messages to this patient fail, of those in the facts. */
export function openFailuresOf(facts: Facts, patientId: string): AttentionItem | undefined {
  for (const item of facts.all('attentionItem')) {
    if (item.kind === 'message-failed' && item.status === 'open' && item.patientId === patientId) return item;
  }
  return undefined;
}
