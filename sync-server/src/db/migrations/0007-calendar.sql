-- Calendars elsewhere.

CREATE TABLE calendar_connections (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  provider text NOT NULL CHECK (provider IN ('google')),
  account_email text NOT NULL,
  grant_encrypted text NOT NULL,
  read_calendar_ids text[] NOT NULL,
  write_calendar_id text,
  cursors jsonb NOT NULL CHECK (jsonb_typeof(cursors) = 'object'),
  status text NOT NULL CHECK (status IN ('active', 'broken', 'disconnected')),
  last_error text NOT NULL,
  connected_at timestamptz NOT NULL,
  synced_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id)
);
CALL keep_to_clinic('calendar_connections');
CREATE INDEX calendar_connections_doctor ON calendar_connections (clinic_id, doctor_id);
GRANT SELECT, INSERT, UPDATE ON calendar_connections TO medic_app;

CREATE TABLE external_busy_times (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  connection_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  calendar_id text NOT NULL CHECK (calendar_id <> ''),
  external_id text NOT NULL CHECK (external_id <> ''),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  all_day boolean NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT external_busy_times_ends_after_start CHECK (ends_at > starts_at),
  FOREIGN KEY (clinic_id, connection_id) REFERENCES calendar_connections (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id)
);
CALL keep_to_clinic('external_busy_times');
CALL follow_clock('external_busy_times');
CREATE UNIQUE INDEX external_busy_times_event ON external_busy_times (clinic_id, connection_id, calendar_id, external_id) WHERE NOT deleted;
CREATE INDEX external_busy_times_connection ON external_busy_times (clinic_id, connection_id);
CREATE INDEX external_busy_times_doctor ON external_busy_times (clinic_id, doctor_id, ends_at);
CREATE INDEX external_busy_times_ends_at ON external_busy_times (clinic_id, ends_at) WHERE NOT deleted;
GRANT SELECT, INSERT, UPDATE ON external_busy_times TO medic_app;
