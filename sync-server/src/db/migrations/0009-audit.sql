-- Who did or read what. It refers to nothing but the clinic: what it tells of may be gone.

CREATE TABLE audit_log (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  position bigint NOT NULL CHECK (position >= 1),
  occurred_at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'patient', 'google', 'system')),
  actor_id uuid,
  device_id uuid,
  action text NOT NULL CHECK (action <> ''),
  subject_kind text NOT NULL,
  subject_id uuid,
  details jsonb NOT NULL CHECK (jsonb_typeof(details) = 'object'),
  previous_hash text NOT NULL,
  hash text NOT NULL CHECK (hash <> ''),
  PRIMARY KEY (clinic_id, id),
  -- Two that follow the same entry cannot both stand.
  UNIQUE (clinic_id, position)
);
CALL keep_to_clinic('audit_log');
CALL only_append('audit_log');
CREATE INDEX audit_log_subject ON audit_log (clinic_id, subject_id, position) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_actor ON audit_log (clinic_id, actor_id, position) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_occurred_at ON audit_log (clinic_id, occurred_at);
GRANT SELECT, INSERT ON audit_log TO medic_app;
