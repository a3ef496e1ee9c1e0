-- Bookings and the patient's side: what replicas have to know of series, merges and offers, what a patient said about
-- a visit, and who is signed in to the portal.
--
-- New columns have a default, for servers of the version before that still write these tables. Rows that were there
-- keep `seq` 0: row-level security binds the owner too, so no statement here could stamp them. They are pulled all the
-- same by a replica that begins from nothing, and none that knows these kinds has begun yet.

ALTER TABLE appointments
  ADD COLUMN confirmed_at timestamptz,
  ADD COLUMN link_version integer NOT NULL DEFAULT 0 CHECK (link_version BETWEEN 0 AND 1000000);

ALTER TABLE appointment_series
  ADD COLUMN seq bigint NOT NULL DEFAULT 0,
  ADD COLUMN deleted boolean NOT NULL DEFAULT false,
  -- No act has made a series yet; the default only has to be a length.
  ADD COLUMN duration_minutes integer NOT NULL DEFAULT 30 CHECK (duration_minutes BETWEEN 5 AND 1440);
CALL follow_clock('appointment_series');

ALTER TABLE patient_merges
  ADD COLUMN seq bigint NOT NULL DEFAULT 0,
  ADD COLUMN deleted boolean NOT NULL DEFAULT false;
CALL follow_clock('patient_merges');
-- A record is merged into one other at a time. Undone, it may be merged again.
CREATE UNIQUE INDEX patient_merges_standing ON patient_merges (clinic_id, merged_id) WHERE undone_at IS NULL AND NOT deleted;

ALTER TABLE waitlist_entries ADD COLUMN close_reason text NOT NULL DEFAULT '';
-- Offers travel in their entry, and are written with it.
CALL travel_in_parent('waitlist_offers', 'waitlist_entries', 'entry_id');
GRANT DELETE ON waitlist_offers TO medic_app;
-- An entry is booked once, and has one offer at a time of the same slot.
CREATE UNIQUE INDEX waitlist_offers_accepted ON waitlist_offers (clinic_id, entry_id) WHERE status = 'accepted';
CREATE UNIQUE INDEX waitlist_offers_same_slot ON waitlist_offers (clinic_id, entry_id, doctor_id, location_id, appointment_type_id, starts_at)
  WHERE status = 'open';
-- The facts of a clinic: who still waits.
CREATE INDEX waitlist_entries_waiting ON waitlist_entries (clinic_id, created_at) WHERE status IN ('waiting', 'offered') AND NOT deleted;

ALTER TABLE attention_items DROP CONSTRAINT attention_items_kind_check;
ALTER TABLE attention_items ADD CONSTRAINT attention_items_kind_check
  CHECK (kind IN ('refused', 'failed', 'conflict', 'google-moved', 'message-failed', 'patient-differs'));

CREATE TABLE portal_codes (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  email_hash text NOT NULL CHECK (email_hash <> ''),
  code_hash text NOT NULL CHECK (code_hash <> ''),
  tries integer NOT NULL CHECK (tries BETWEEN 0 AND 5),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT portal_codes_ends_after_start CHECK (expires_at > created_at)
);
CALL keep_to_clinic('portal_codes');
CREATE INDEX portal_codes_email ON portal_codes (clinic_id, email_hash, expires_at);
CREATE INDEX portal_codes_expires_at ON portal_codes (clinic_id, expires_at);
-- What has expired is deleted.
GRANT SELECT, INSERT, UPDATE, DELETE ON portal_codes TO medic_app;

-- Ids of patients in lists are no foreign keys: a merged record goes on to point to the kept one.
CREATE TABLE portal_sessions (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  token_hash text NOT NULL CHECK (token_hash <> ''),
  kind text NOT NULL CHECK (kind IN ('patient', 'visit')),
  patient_ids uuid[] NOT NULL,
  appointment_id uuid,
  link_version integer CHECK (link_version BETWEEN 0 AND 1000000),
  email_hash text CHECK (email_hash <> ''),
  proven_patient_ids uuid[] NOT NULL,
  birth_date_tries integer NOT NULL CHECK (birth_date_tries BETWEEN 0 AND 5),
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT portal_sessions_token UNIQUE (clinic_id, token_hash),
  CONSTRAINT portal_sessions_visit CHECK ((kind = 'visit') = (appointment_id IS NOT NULL) AND (kind = 'visit') = (link_version IS NOT NULL) AND (kind = 'visit') = (email_hash IS NULL)),
  CONSTRAINT portal_sessions_ends_after_start CHECK (expires_at > created_at),
  FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments (clinic_id, id)
);
CALL keep_to_clinic('portal_sessions');
CREATE INDEX portal_sessions_appointment ON portal_sessions (clinic_id, appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX portal_sessions_expires_at ON portal_sessions (clinic_id, expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON portal_sessions TO medic_app;

-- Which clinics have messages of a channel to send by now, the longest waiting first: ids only, so that the relay knows
-- where to look. Per clinic one step into the index, however many wait. Asked before a clinic is known, so it runs as
-- the owner, who may see these rows, superuser or not.
CREATE INDEX notifications_unsent ON notifications (clinic_id, channel, due_at) WHERE state IN ('due', 'sending');
CREATE POLICY owner_sees_unsent ON notifications FOR SELECT TO CURRENT_USER USING (state IN ('due', 'sending'));
CREATE FUNCTION clinics_with_unsent(wanted_channel text, until timestamptz, lim integer) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT c.id FROM public.clinics c CROSS JOIN LATERAL (
             SELECT min(n.due_at) AS due_at FROM public.notifications n
              WHERE n.clinic_id = c.id AND n.channel = wanted_channel AND n.state IN ('due', 'sending')) AS first
     WHERE first.due_at <= until
     ORDER BY first.due_at LIMIT least(lim, 1000)
  $$;
REVOKE ALL ON FUNCTION clinics_with_unsent(text, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinics_with_unsent(text, timestamptz, integer) TO medic_app;
