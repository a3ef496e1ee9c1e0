/** Records of patients: made, edited by several at once, merged, and what patients say about themselves. */
import type { Answer, DetailName, Details, Item, PlainClinic, Who } from './clinic';

export function create(
  clinic: PlainClinic,
  who: Who,
  id: number,
  details: Details,
  despiteDuplicates: boolean,
): Answer {
  if (who.kind !== 'staff') return ['not-allowed'];
  if (clinic.patients[id]) return ['exists'];
  const isLikely = clinic.patients.some((other) => other.into === null && looksLike(details, other));
  if (isLikely && !despiteDuplicates) return ['duplicate'];
  clinic.patients.push({ ...details, into: null });
  return 'done';
}

/** Likely enough to be asked about. Names here are the same, or share the given name, or are quite others. */
function looksLike(a: Details, b: Details): boolean {
  const sameBirth = a.birthDate !== null && a.birthDate === b.birthDate;
  const swapped = !sameBirth && a.birthDate !== null && swappedDate(a.birthDate) === b.birthDate;
  const bornApart = a.birthDate !== null && b.birthDate !== null && !sameBirth && !swapped;
  const samePhone = a.phone !== null && a.phone === b.phone;
  const sameEmail = a.email !== null && a.email === b.email;
  const sameGiven = a.givenName === b.givenName;
  if (!sameGiven || !(sameBirth || swapped || samePhone || sameEmail)) return false;
  const score =
    (a.familyName === b.familyName ? 40 : 10) +
    (sameBirth ? 35 : swapped ? 15 : bornApart ? -30 : 0) +
    Math.min(35, (samePhone ? 25 : 0) + (sameEmail ? 20 : 0));
  return score >= 60;
}

function swappedDate(date: string): string | null {
  const [year, month, dayOfMonth] = date.split('-');
  return Number(dayOfMonth) <= 12 && month !== dayOfMonth ? `${year}-${dayOfMonth}-${month}` : null;
}

/** What somebody else changed since it was seen stays, and waits for a person. */
export function edit(
  clinic: PlainClinic,
  who: Who,
  patient: number,
  changes: Partial<Details>,
  seen: Partial<Details>,
): Answer {
  if (who.kind !== 'staff') return ['not-allowed'];
  if (!clinic.patients[patient]) return ['unknown'];
  editRecord(clinic, clinic.survivor(patient), changes, seen);
  return 'done';
}

function editRecord(
  clinic: PlainClinic,
  patient: number,
  changes: Partial<Details>,
  seen: Partial<Details>,
): void {
  const record = clinic.patients[patient] as Details;
  const conflicts: Item = { ...nothing, kind: 'conflict', patient, current: {}, proposed: {} };
  for (const name of Object.keys(changes) as DetailName[]) {
    if (changes[name] === record[name]) continue;
    if (name in seen && seen[name] !== record[name]) {
      Object.assign(conflicts.current, { [name]: record[name] });
      Object.assign(conflicts.proposed, { [name]: changes[name] });
    } else Object.assign(record, { [name]: changes[name] });
  }
  if (Object.keys(conflicts.proposed).length > 0) clinic.items.push(conflicts);
}

const nothing: Pick<Item, 'id' | 'open'> = { id: null, open: true };

export function setConsent(
  clinic: PlainClinic,
  who: Who,
  patient: number,
  consent: Pick<Details, 'consentSms' | 'consentEmail'>,
): Answer {
  if (who.kind !== 'patient' || who.patient !== patient) return ['not-allowed'];
  Object.assign(clinic.patients[clinic.survivor(patient)] as Details, consent);
  return 'done';
}

export const toldByPatients = [
  'givenName',
  'familyName',
  'birthDate',
  'phone',
  'email',
  'language',
] as const satisfies readonly DetailName[];

export function proposeChanges(
  clinic: PlainClinic,
  who: Who,
  patient: number,
  changes: Partial<Details>,
): Answer {
  if (who.kind !== 'patient' || who.patient !== patient) return ['not-allowed'];
  differs(clinic, clinic.survivor(patient), changes, 'portal');
  return 'done';
}

/** What a form says otherwise than the record: one question about a patient, to which more is added. */
export function differs(
  clinic: PlainClinic,
  patient: number,
  typed: Partial<Details>,
  from: 'portal' | 'booking',
): void {
  const record = clinic.patients[patient] as Details;
  const names = toldByPatients.filter((name) => {
    const value = typed[name];
    if (value === undefined || (value === null && from === 'booking')) return false;
    return value !== record[name];
  });
  if (names.length === 0) return;
  let item = clinic.items.find(
    (each) => each.kind === 'patient-differs' && each.open && each.patient === patient,
  );
  if (!item) {
    item = { ...nothing, kind: 'patient-differs', patient, current: {}, proposed: {} };
    clinic.items.push(item);
  }
  item.current = { ...item.current, ...pickFrom(record, names) };
  item.proposed = { ...item.proposed, ...pickFrom(typed, names) };
}

function pickFrom(details: Partial<Details>, names: readonly DetailName[]): Partial<Details> {
  return Object.fromEntries(names.map((name) => [name, details[name]]));
}

/** `item` is its index; nobody's where there is no such. */
export function settle(
  clinic: PlainClinic,
  who: Who,
  item: Item | undefined,
  take: { patient: number; fields: readonly DetailName[] } | null,
): Answer {
  if (who.kind !== 'staff') return ['not-allowed'];
  if (!item) return ['unknown'];
  if (!item.open) return 'done';
  if (take) {
    if (item.kind !== 'patient-differs' || item.patient !== take.patient) return ['invalid'];
    const fields = take.fields.filter((name) => name in item.proposed);
    editRecord(
      clinic,
      clinic.survivor(take.patient),
      pickFrom(item.proposed, fields),
      pickFrom(item.current, fields),
    );
  }
  item.open = false;
  return 'done';
}

/** The kept record's own values, but for those that are taken from the other. */
export function merge(
  clinic: PlainClinic,
  who: Who,
  id: number,
  kept: number,
  merged: number,
  fromMerged: readonly DetailName[],
): Answer {
  if (!who.runs) return ['not-allowed'];
  const [one, other] = [clinic.patients[kept], clinic.patients[merged]];
  if (kept === merged) return ['invalid'];
  if (!one || !other) return ['unknown'];
  if (one.into !== null || other.into !== null) return ['invalid'];
  const { into: _, ...before } = one;
  Object.assign(one, pickFrom(other, fromMerged));
  const { into: __, ...result } = one;
  const visits = clinic.visits.filter((visit) => visit.patient === merged);
  const entries = clinic.entries.filter((entry) => entry.patient === merged);
  const items = clinic.items.filter((item) => item.open && item.patient === merged);
  for (const thing of [...visits, ...entries, ...items]) thing.patient = kept;
  for (const visit of visits) visit.timeline.push('patient.merge');
  other.into = kept;
  const idsOf = (things: readonly { id: number }[]): number[] => things.map((thing) => thing.id);
  clinic.merges.push({
    id,
    kept,
    merged,
    before,
    result,
    visits: idsOf(visits),
    entries: idsOf(entries),
    items,
    undone: false,
  });
  return 'done';
}

export function unmerge(clinic: PlainClinic, who: Who, id: number): Answer {
  if (!who.runs) return ['not-allowed'];
  const known = clinic.merges.find((each) => each.id === id);
  if (!known) return ['unknown'];
  if (known.undone) return 'done';
  const { kept, merged, before, result } = known;
  const record = clinic.patients[kept];
  if (!record || record.into !== null) return ['invalid'];
  for (const name of Object.keys(before) as DetailName[])
    if (record[name] === result[name]) Object.assign(record, { [name]: before[name] });
  for (const visit of clinic.visits) {
    if (visit.patient !== kept || !known.visits.includes(visit.id)) continue;
    visit.patient = merged;
    visit.timeline.push('patient.unmerge');
  }
  for (const entry of clinic.entries)
    if (entry.patient === kept && known.entries.includes(entry.id)) entry.patient = merged;
  for (const item of known.items) if (item.open && item.patient === kept) item.patient = merged;
  (clinic.patients[merged] as { into: number | null }).into = null;
  known.undone = true;
  return 'done';
}
