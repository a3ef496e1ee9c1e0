/** Of what a refusal says: what is only a warning, and what a right and a reason overcome. */
import type { Override, RefusalReason } from '@medic/shared/acts/act';
import type { ReasonCode } from '@medic/shared/availability/reason';

function overrideOf(reason: RefusalReason): Override | null {
  if (reason.code === 'same-patient') return 'same-patient';
  if (reason.code === 'slot' && reason.reason.code === 'hold') return 'hold';
  if (reason.code === 'series' && reason.reasons.every(({ code }) => code === 'hold')) return 'hold';
  return null;
}

/** What has to be overridden to go ahead; null where something stands in the way that staff cannot go over. */
export function overridesFor(reasons: readonly RefusalReason[]): Override[] | null {
  const found = new Set<Override>();
  for (const reason of reasons) {
    const override = overrideOf(reason);
    if (override === null) return null;
    found.add(override);
  }
  return found.size === 0 ? null : [...found];
}

/** What no reason overcomes: it is over, or nobody or nothing is there for it. */
const notOverbookable: readonly ReasonCode[] = ['past', 'inactive', 'not-offered', 'no-room'];

/** True where the time alone is the matter, and more than a warning. */
export function canOverbook(reasons: readonly RefusalReason[]): boolean {
  const codes = reasons.flatMap((reason) =>
    reason.code === 'slot'
      ? [reason.reason.code]
      : reason.code === 'series'
        ? reason.reasons.map(({ code }) => code)
        : [],
  );
  return (
    codes.length > 0 &&
    overridesFor(reasons) === null &&
    !codes.some((code) => notOverbookable.includes(code)) &&
    reasons.every(({ code }) => code === 'slot' || code === 'series' || code === 'same-patient')
  );
}
