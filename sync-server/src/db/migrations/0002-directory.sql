-- Clinics, places, doctors, staff and what they offer.

CREATE TABLE clinics (
  id uuid PRIMARY KEY,
  -- The same as `id`, so that what holds for every table holds here.
  clinic_id uuid NOT NULL UNIQUE CHECK (clinic_id = id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  slug text NOT NULL UNIQUE CHECK (is_slug(slug)),
  time_zone text NOT NULL,
  language text NOT NULL CHECK (is_language(language)),
  phone text CHECK (is_phone(phone)),
  email text CHECK (is_email(email)),
  about text NOT NULL,
  rules jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'object')
);
CALL keep_to_clinic('clinics');
CALL follow_clock('clinics');
CREATE TRIGGER check_time_zone BEFORE INSERT OR UPDATE OF time_zone ON clinics FOR EACH ROW EXECUTE FUNCTION check_time_zone();
GRANT SELECT, INSERT, UPDATE ON clinics TO medic_app;

-- The two questions that can be asked before the clinic is known. They run as the owner, who may see all clinics,
-- superuser or not.
CREATE POLICY owner_sees_all ON clinics FOR SELECT TO CURRENT_USER USING (true);

CREATE FUNCTION clinic_id_by_slug(wanted text) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT id FROM public.clinics WHERE slug = wanted AND NOT deleted $$;

-- For jobs that go from clinic to clinic: the next `lim` ids after `after` (null: from the first).
CREATE FUNCTION clinic_ids_page(after uuid, lim integer) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT id FROM public.clinics
     WHERE id > coalesce(after, '00000000-0000-0000-0000-000000000000') AND NOT deleted
     ORDER BY id LIMIT lim
  $$;
REVOKE ALL ON FUNCTION clinic_id_by_slug(text), clinic_ids_page(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinic_id_by_slug(text), clinic_ids_page(uuid, integer) TO medic_app;

-- One narrow row per clinic, updated by every act: a low fill factor keeps its versions on one page.
CREATE TABLE clinic_clocks (
  clinic_id uuid PRIMARY KEY REFERENCES clinics (id),
  seq bigint NOT NULL CHECK (seq >= 0),
  epoch uuid NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
CALL keep_to_clinic('clinic_clocks');
-- The epoch changes at a restore, which the server cannot do.
GRANT SELECT, UPDATE (seq) ON clinic_clocks TO medic_app;

CREATE TABLE locations (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  slug text NOT NULL CHECK (is_slug(slug)),
  street text NOT NULL,
  city text NOT NULL,
  postal_code text NOT NULL,
  directions text NOT NULL,
  phone text CHECK (is_phone(phone)),
  time_zone text NOT NULL,
  active boolean NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CALL keep_to_clinic('locations');
CALL follow_clock('locations');
CREATE TRIGGER check_time_zone BEFORE INSERT OR UPDATE OF time_zone ON locations FOR EACH ROW EXECUTE FUNCTION check_time_zone();
CREATE UNIQUE INDEX locations_slug ON locations (clinic_id, slug) WHERE NOT deleted;
GRANT SELECT, INSERT, UPDATE ON locations TO medic_app;

CREATE TABLE location_rooms (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  location_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  kind text NOT NULL CHECK (kind IN ('room', 'equipment')),
  features text[] NOT NULL,
  active boolean NOT NULL,
  sort_order integer NOT NULL CHECK (sort_order BETWEEN 0 AND 10000),
  PRIMARY KEY (clinic_id, id),
  -- What takes a room names its place too: then the room is of that place.
  UNIQUE (clinic_id, location_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id)
);
CALL keep_to_clinic('location_rooms');
CALL travel_in_parent('location_rooms', 'locations', 'location_id');
GRANT SELECT, INSERT, UPDATE, DELETE ON location_rooms TO medic_app;

CREATE TABLE doctors (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  title text NOT NULL,
  specialty text NOT NULL CHECK (specialty <> ''),
  slug text NOT NULL CHECK (is_slug(slug)),
  bio text NOT NULL,
  photo_url text,
  languages text[] NOT NULL,
  needs_accepting boolean NOT NULL,
  hue integer NOT NULL CHECK (hue BETWEEN 0 AND 359),
  active boolean NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CALL keep_to_clinic('doctors');
CALL follow_clock('doctors');
CREATE UNIQUE INDEX doctors_slug ON doctors (clinic_id, slug) WHERE NOT deleted;
GRANT SELECT, INSERT, UPDATE ON doctors TO medic_app;

CREATE TABLE doctor_locations (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT doctor_locations_once UNIQUE (clinic_id, doctor_id, location_id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id)
);
CALL keep_to_clinic('doctor_locations');
CREATE INDEX doctor_locations_location ON doctor_locations (clinic_id, location_id);
CALL travel_in_parent('doctor_locations', 'doctors', 'doctor_id');
GRANT SELECT, INSERT, UPDATE, DELETE ON doctor_locations TO medic_app;

CREATE TABLE users (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  email text NOT NULL CHECK (is_email(email)),
  -- A column and not an index on lower(email): lower() is not leakproof, so under row-level security the planner
  -- would not use such an index.
  email_key text NOT NULL GENERATED ALWAYS AS (lower(email)) STORED,
  -- Argon2id; null until a password is set. No part of the record: it never leaves the server.
  password_hash text,
  roles text[] NOT NULL CHECK (roles <@ ARRAY['admin', 'reception', 'doctor']),
  rights text[] NOT NULL CHECK (rights <@ ARRAY['overbook']),
  doctor_id uuid,
  location_ids uuid[] NOT NULL,
  language text NOT NULL CHECK (is_language(language)),
  active boolean NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id)
);
CALL keep_to_clinic('users');
CALL follow_clock('users');
CREATE UNIQUE INDEX users_email ON users (clinic_id, email_key) WHERE NOT deleted;
CREATE INDEX users_doctor ON users (clinic_id, doctor_id) WHERE doctor_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON users TO medic_app;

CREATE TABLE devices (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  kind text NOT NULL CHECK (kind IN ('desktop', 'web')),
  last_n bigint NOT NULL CHECK (last_n >= 0),
  registered_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, user_id) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('devices');
CREATE INDEX devices_user ON devices (clinic_id, user_id);
GRANT SELECT, INSERT, UPDATE ON devices TO medic_app;

CREATE TABLE sessions (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  user_id uuid NOT NULL,
  device_id uuid NOT NULL,
  access_hash text NOT NULL,
  access_expires_at timestamptz NOT NULL,
  refresh_hash text NOT NULL,
  previous_refresh_hash text,
  refresh_expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, access_hash),
  UNIQUE (clinic_id, refresh_hash),
  FOREIGN KEY (clinic_id, user_id) REFERENCES users (clinic_id, id),
  FOREIGN KEY (clinic_id, device_id) REFERENCES devices (clinic_id, id)
);
CALL keep_to_clinic('sessions');
CREATE INDEX sessions_previous_refresh_hash ON sessions (clinic_id, previous_refresh_hash) WHERE previous_refresh_hash IS NOT NULL;
CREATE INDEX sessions_device ON sessions (clinic_id, device_id);
CREATE INDEX sessions_user ON sessions (clinic_id, user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO medic_app;

CREATE TABLE appointment_types (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  slug text NOT NULL CHECK (is_slug(slug)),
  description text NOT NULL,
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
  slot_step_minutes integer NOT NULL CHECK (slot_step_minutes BETWEEN 5 AND 1440),
  buffer_before_minutes integer NOT NULL CHECK (buffer_before_minutes BETWEEN 0 AND 480),
  buffer_after_minutes integer NOT NULL CHECK (buffer_after_minutes BETWEEN 0 AND 480),
  min_notice_minutes integer NOT NULL CHECK (min_notice_minutes BETWEEN 0 AND 525600),
  max_future_days integer NOT NULL CHECK (max_future_days BETWEEN 1 AND 730),
  capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 200),
  needs_room boolean NOT NULL,
  room_feature text,
  bookable_by text NOT NULL CHECK (bookable_by IN ('online', 'desk')),
  needs_accepting boolean NOT NULL,
  colour text NOT NULL CHECK (colour IN ('blue', 'teal', 'violet', 'plum', 'olive', 'steel', 'copper')),
  active boolean NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT appointment_types_room_feature CHECK (needs_room OR coalesce(room_feature, '') = '')
);
CALL keep_to_clinic('appointment_types');
CALL follow_clock('appointment_types');
CREATE UNIQUE INDEX appointment_types_slug ON appointment_types (clinic_id, slug) WHERE NOT deleted;
GRANT SELECT, INSERT, UPDATE ON appointment_types TO medic_app;

CREATE TABLE appointment_type_locations (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  appointment_type_id uuid NOT NULL,
  location_id uuid NOT NULL,
  doctor_id uuid,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT appointment_type_locations_once UNIQUE NULLS NOT DISTINCT (clinic_id, appointment_type_id, location_id, doctor_id),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id)
);
CALL keep_to_clinic('appointment_type_locations');
CREATE INDEX appointment_type_locations_location ON appointment_type_locations (clinic_id, location_id);
CREATE INDEX appointment_type_locations_doctor ON appointment_type_locations (clinic_id, doctor_id) WHERE doctor_id IS NOT NULL;
CALL travel_in_parent('appointment_type_locations', 'appointment_types', 'appointment_type_id');
GRANT SELECT, INSERT, UPDATE, DELETE ON appointment_type_locations TO medic_app;
