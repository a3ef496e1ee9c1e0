/** A patient's file as the patient takes it along: readable without Medic, times as ISO 8601 in UTC. */
import type { Facts } from '@medic/shared/acts/facts';
import type { Instant } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';

/** What only tells of our tables, or of other people. */
const ofTables = new Set(['clinicId', 'seq', 'deleted', 'apartFrom']);
const isTime = /(At|From|Until)$/;

export function exportOf(facts: Facts, file: object, now: Instant) {
  const { clinic } = facts;
  return {
    fileName: `${clinic.slug}-${localDate(now, clinic.timeZone)}.json`,
    data: {
      clinic: { name: clinic.name, phone: clinic.phone, email: clinic.email, timeZone: clinic.timeZone },
      exportedAt: iso(now),
      ...(readable(facts, file) as Record<string, unknown>),
    },
  };
}

function readable(facts: Facts, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => readable(facts, entry));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (ofTables.has(name)) continue;
    out[name] = isTime.test(name) && typeof entry === 'number' ? iso(entry) : readable(facts, entry);
    const named = typeof entry === 'string' ? nameOf(facts, name, entry) : undefined;
    if (named !== undefined) out[name.replace(/Id$/, 'Name')] = named;
  }
  return out;
}

function nameOf(facts: Facts, field: string, id: string): string | undefined {
  switch (field) {
    case 'doctorId':
      return facts.doctor(id)?.name;
    case 'locationId':
      return facts.location(id)?.name;
    case 'appointmentTypeId':
      return facts.appointmentType(id)?.name;
    default:
      return undefined;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
