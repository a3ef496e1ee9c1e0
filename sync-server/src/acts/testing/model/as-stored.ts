/** What stands in the database, read without any code of the acts or the engine. */
import { minuteMs } from '@medic/shared/time/instant';
import type { Pool } from '../../../db/pool';
import {
  itemInWords,
  messageInWords,
  patientInWords,
  type ShownItem,
  type ShownVisit,
  visitInWords,
} from './as-shown';
import type { Details, Item, Message } from './plain/clinic';
import { monday } from './steps/step';

export class Stored {
  readonly #pool: Pool;
  readonly #clinicId: string;

  constructor(pool: Pool, clinicId: string) {
    this.#pool = pool;
    this.#clinicId = clinicId;
  }

  async #rows<T>(sql: string): Promise<T[]> {
    const { rows } = await this.#pool.query<{ row: T }>(`SELECT to_jsonb(r) AS row FROM (${sql}) r`, [
      this.#clinicId,
    ]);
    return rows.map(({ row }) => row);
  }

  async visits(): Promise<string[]> {
    const rows = await this.#rows<ShownVisit>(
      `SELECT ${number('id')} AS id, ${number('patient_id')} - 1 AS patient, ${number('doctor_id')} - 1 AS doctor,
              ${number('location_id')} - 1 AS place, ${number('appointment_type_id')} - 1 AS kind,
              ${minute('starts_at')} AS start, ${minute('ends_at')} AS end,
              ${minute('reserved_from')} AS from, ${minute('reserved_until')} AS until, ${number('room_id')} - 1 AS room,
              capacity, overbooked AS over, room_overbooked AS "roomOver", status, seat, sequence,
              link_version AS "linkVersion", confirmed_at IS NOT NULL AS confirmed, ${number('series_id')} AS series
         FROM appointments WHERE clinic_id = $1 AND NOT deleted`,
    );
    return rows.map(visitInWords).sort();
  }

  /** The acts of each visit, in the order of its timeline. */
  async timelines(): Promise<string[]> {
    const rows = await this.#rows<{ id: number; acts: string }>(
      `SELECT ${number('appointment_id')} AS id, string_agg(act, ' ' ORDER BY occurred_at, id) AS acts
         FROM appointment_events WHERE clinic_id = $1 GROUP BY appointment_id`,
    );
    return rows.map(({ id, acts }) => `${id}: ${acts}`).sort();
  }

  async holds(now: number): Promise<number[]> {
    const rows = await this.#rows<{ id: number }>(
      `SELECT ${number('id')} AS id FROM slot_holds WHERE clinic_id = $1 AND NOT deleted
          AND expires_at > to_timestamp(${now / 1000}) ORDER BY 1`,
    );
    return rows.map(({ id }) => id);
  }

  async series(): Promise<string[]> {
    const rows = await this.#rows<{ words: string }>(
      `SELECT ${number('id')} || ' from ' || ${minute('starts_at')} || ' ' || coalesce(substring(rrule FROM 'COUNT=([0-9]+)'), rrule) AS words
         FROM appointment_series WHERE clinic_id = $1 AND NOT deleted`,
    );
    return rows.map(({ words }) => words).sort();
  }

  /** What is over counts as such wherever it is read, though nobody has written it down yet. */
  async entries(now: number): Promise<string[]> {
    const isOver = `o.status = 'open' AND o.expires_at <= to_timestamp(${now / 1000})`;
    const rows = await this.#rows<{ words: string }>(
      `SELECT ${number('e.id')} || ' of ' || (${number('e.patient_id')} - 1) || ' kind ' || (${number('e.appointment_type_id')} - 1) || ' ' || e.urgency || ' ' ||
              CASE WHEN e.status = 'offered' AND NOT EXISTS (SELECT FROM waitlist_offers o
                WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id AND o.status = 'open' AND NOT (${isOver}))
              THEN 'waiting' ELSE e.status END || coalesce((
                SELECT string_agg(' ' || ${number('o.id')} || (CASE WHEN ${isOver} THEN 'expired' ELSE o.status END), '' ORDER BY o.id)
                  FROM waitlist_offers o WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id), '') AS words
         FROM waitlist_entries e WHERE e.clinic_id = $1 ORDER BY e.id`,
    );
    return rows.map(({ words }) => words);
  }

  async patients(): Promise<string[]> {
    const rows = await this.#rows<Details & { into: number | null }>(
      `SELECT given_name AS "givenName", family_name AS "familyName", birth_date AS "birthDate", phone, email, language,
              consent_sms AS "consentSms", consent_email AS "consentEmail", notes, ${number('merged_into_id')} - 1 AS into
         FROM patients WHERE clinic_id = $1 AND NOT deleted ORDER BY id`,
    );
    return rows.map(patientInWords);
  }

  async items(): Promise<{ id: string; kind: Item['kind']; words: string }[]> {
    const rows = await this.#rows<ShownItem & { id: string }>(
      `SELECT id, kind, status = 'open' AS open, ${number('patient_id')} - 1 AS patient, data
         FROM attention_items WHERE clinic_id = $1 AND NOT deleted`,
    );
    return rows.map((row) => ({ id: row.id, kind: row.kind, words: itemInWords(row) }));
  }

  async messages(): Promise<string[]> {
    const rows = await this.#rows<Message>(
      `SELECT CASE WHEN kind = 'waitlist-offer' THEN CASE WHEN payload ? 'withdrawn' THEN 'offer-withdrawn' ELSE 'offer' END
                   ELSE kind END AS kind,
              ${number('appointment_id')} AS visit, ${number("(payload ->> 'offerId')")} AS offer,
              ${number('patient_id')} - 1 AS patient, channel, sequence, ${minute('due_at', 'float8')} AS due
         FROM notifications WHERE clinic_id = $1`,
    );
    return rows.map(messageInWords).sort();
  }
}

/** The number that a test's id ends with. */
function number(column: string): string {
  return `('x' || right(${column}::text, 8))::bit(32)::int`;
}

function minute(column: string, type: 'int' | 'float8' = 'int'): string {
  return `((extract(epoch FROM ${column}) * 1000 - ${monday}) / ${minuteMs})::${type}`;
}
