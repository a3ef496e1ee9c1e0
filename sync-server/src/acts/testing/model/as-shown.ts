/** What stands, in words that the plain clinic and the database can both be put into. */
import type { RefusalReason } from '@medic/shared/acts/act';
import type { Intent } from '@medic/shared/model/intent';
import { minuteMs } from '@medic/shared/time/instant';
import type { Details, Item, Message, PlainClinic, Visit } from './plain/clinic';
import { held } from './plain/statuses';
import { monday, type Request } from './steps/step';

export type ShownVisit = Omit<Visit, 'before' | 'timeline'>;

export function visitInWords(visit: ShownVisit): string {
  const { id, patient, doctor, kind, place, start, end, from, until, capacity, status } = visit;
  // Who holds no seat has none.
  const seat = held.includes(status) ? visit.seat : 0;
  const flags = [
    visit.room !== null && `room ${visit.room}`,
    visit.over && 'over',
    visit.roomOver && 'roomOver',
    visit.confirmed && 'confirmed',
    visit.series !== null && `series ${visit.series}`,
    visit.linkVersion > 0 && `link ${visit.linkVersion}`,
  ].filter(Boolean);
  return `${String(id).padStart(4)} ${status} patient ${patient} doctor ${doctor} kind ${kind} at ${place} ${clockOf(start)}-${clockOf(end)} (${start - from}+${until - end}) seat ${seat}/${capacity} SEQUENCE ${visit.sequence} ${flags.join(' ')}`;
}

export function entriesInWords(clinic: PlainClinic): string[] {
  return clinic.entries.map((entry) => {
    const offers = entry.offers.map(
      (offer) => ` ${offer.id}${offer.status === 'open' && !clinic.isOpen(offer) ? 'expired' : offer.status}`,
    );
    return `${entry.id} of ${entry.patient} kind ${entry.kind} ${entry.urgency} ${clinic.statusOf(entry)}${offers.join('')}`;
  });
}

export function patientInWords({ into, ...details }: Details & { into: number | null }): string {
  const { givenName, familyName, birthDate, phone, email, language, consentSms, consentEmail, notes } =
    details;
  return `${givenName} ${familyName} ${birthDate} ${phone} ${email} ${language} ${consentSms} ${consentEmail} ${notes} ${into}`;
}

export type ShownItem = Pick<Item, 'kind' | 'open' | 'patient'> & {
  data: {
    current?: object;
    proposed?: object;
    conflicts?: { field: string; yours: unknown; theirs: unknown }[];
  };
};

export function itemInWords({ kind, open, patient, data }: ShownItem): string {
  const { conflicts } = data;
  const current = conflicts ? entriesOf(conflicts, 'theirs') : (data.current ?? {});
  const proposed = conflicts ? entriesOf(conflicts, 'yours') : (data.proposed ?? {});
  const about = kind === 'refused' ? '' : ` ${inOrderText(current)} ${inOrderText(proposed)}`;
  return `${kind} ${open ? 'open' : 'done'} patient ${patient}${about}`;
}

function entriesOf(
  conflicts: { field: string; yours: unknown; theirs: unknown }[],
  side: 'yours' | 'theirs',
) {
  return Object.fromEntries(conflicts.map((each) => [each.field, each[side]]));
}

function inOrderText(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function messageInWords({ kind, visit, offer, patient, channel, sequence, due }: Message): string {
  const about = visit === null ? `offer ${offer}` : `visit ${visit} SEQUENCE ${sequence}`;
  return `${kind} ${channel} to ${patient} about ${about} due ${clockOf(due)}`;
}

export function clockOf(minute: number): string {
  const clock = ((minute % 1440) + 1440) % 1440;
  const whole = Math.floor(clock);
  const seconds = Math.round((clock - whole) * 60);
  return `${Math.floor(minute / 1440)}d${Math.floor(clock / 60)}:${String(whole % 60).padStart(2, '0')}${seconds ? `:${seconds}` : ''}`;
}

export function requestInWords({ act, actor, args }: Request, now: number, other: boolean): string {
  const short = JSON.stringify(args)
    .replaceAll(
      /"00000000-0000-7000-8[0-9a-f]{3}-0*([0-9a-f]+)"/g,
      (_, hex: string) => `${Number.parseInt(hex, 16)}`,
    )
    .replaceAll(
      /"(startsAt|expiresAt)":(\d+)/g,
      (_, name: string, at: string) => `"${name}":${clockOf((Number(at) - monday) / minuteMs)}`,
    )
    .replaceAll(/"(\w+)":/g, '$1:');
  const who =
    actor.kind === 'staff' ? actor.name : `patient ${actor.id?.slice(-4) ?? ''}${actor.holder ?? ''}`;
  return `${clockOf(now)} ${other ? 'B' : 'A'} ${who}: ${act} ${short}`;
}

const ofTime = new Set(['slot', 'series']);

/** What stands in the way, by kind: that a time is not free is one of them, whatever it is that takes it. */
export function classesOf({ status, outcome }: Pick<Intent, 'status' | 'outcome'>): string[] {
  if (status === 'done') return [];
  if (status === 'failed') return [`failed ${JSON.stringify(outcome)}`];
  const reasons = outcome.reasons as RefusalReason[];
  return [...new Set(reasons.map(({ code }) => (ofTime.has(code) ? 'time' : code)))].sort();
}

/** Fields by name, in lists too: where a record came from shows in the order of its fields. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, inOrder(field)]),
  );
}

export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found, null, 1), JSON.stringify(expected, null, 1)];
  if (a === b) return;
  if (Array.isArray(found) && Array.isArray(expected)) {
    const only = (of: unknown[], not: unknown[]) => {
      const left = [...not];
      return of.filter((each) => {
        const at = left.indexOf(each);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
    };
    throw new Error(
      `${what}: found ${JSON.stringify(only(found, expected))}, expected ${JSON.stringify(only(expected, found))}`,
    );
  }
  throw new Error(`${what}: found ${a}\nexpected ${b}`);
}
