/** Why something is not there that a change rests on: an earlier change of this desk was not possible itself. */
import type { RefusalReason } from '@medic/shared/acts/act';
import type { Facts } from '@medic/shared/acts/facts';
import type { Intent } from '@medic/shared/model/intent';

/**
 * In words, for reasons that name a record which an earlier intent was to make. `refusedHere` are pending ones that
 * the desk refuses before the server has said so.
 */
export function causesOf(
  reasons: readonly RefusalReason[],
  facts: Facts,
  ownId: string | null,
  refusedHere: ReadonlySet<string>,
): string[] {
  return reasons.flatMap((reason) => {
    if (reason.code !== 'unknown') return [];
    for (const intent of facts.all('intent')) {
      const didNotHappen =
        intent.status === 'refused' || intent.status === 'failed' || refusedHere.has(intent.id);
      if (intent.id === ownId || !didNotHappen) continue;
      if (Object.values(intent.args).includes(reason.id))
        return [
          `It rests on ${whatWas(intent)}, and that was not possible. Settle that first, then do this again`,
        ];
    }
    return [];
  });
}

function whatWas(intent: Intent): string {
  const text = (key: string) => (typeof intent.args[key] === 'string' ? (intent.args[key] as string) : '');
  switch (intent.act) {
    case 'patient.create':
      return `the new patient ${text('familyName')} ${text('givenName')}`.trim();
    case 'appointment.book':
    case 'appointment.overbook':
    case 'series.book':
      return 'a booking made before it';
    case 'waitlist.add':
      return 'an entry on the waitlist made before it';
    case 'time.block':
      return 'a block made before it';
    default:
      return 'a change made before it';
  }
}
