CREATE TABLE patients (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  given_name text NOT NULL CHECK (given_name <> ''),
  family_name text NOT NULL CHECK (family_name <> ''),
  birth_date date,
  phone text CHECK (is_phone(phone)),
  email text CHECK (is_email(email)),
  -- As in `users`: lower() is not leakproof.
  email_key text GENERATED ALWAYS AS (lower(email)) STORED,
  language text NOT NULL CHECK (is_language(language)),
  consent_sms boolean NOT NULL,
  consent_email boolean NOT NULL,
  notes text NOT NULL,
  source text NOT NULL CHECK (source IN ('desk', 'public', 'import')),
  created_at timestamptz NOT NULL,
  merged_into_id uuid,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT patients_not_merged_into_itself CHECK (merged_into_id <> id),
  FOREIGN KEY (clinic_id, merged_into_id) REFERENCES patients (clinic_id, id)
);
CALL keep_to_clinic('patients');
CALL follow_clock('patients');
-- Names are searched on the desk, in memory. The server looks for people who are here already.
CREATE INDEX patients_email ON patients (clinic_id, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX patients_phone ON patients (clinic_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX patients_birth_date ON patients (clinic_id, birth_date) WHERE birth_date IS NOT NULL;
CREATE INDEX patients_merged_into ON patients (clinic_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON patients TO medic_app;

CREATE TABLE patient_merges (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  kept_id uuid NOT NULL,
  merged_id uuid NOT NULL,
  merged_at timestamptz NOT NULL,
  merged_by uuid NOT NULL,
  snapshot jsonb NOT NULL,
  undone_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT patient_merges_two_records CHECK (kept_id <> merged_id),
  FOREIGN KEY (clinic_id, kept_id) REFERENCES patients (clinic_id, id),
  FOREIGN KEY (clinic_id, merged_id) REFERENCES patients (clinic_id, id),
  FOREIGN KEY (clinic_id, merged_by) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('patient_merges');
CREATE INDEX patient_merges_kept ON patient_merges (clinic_id, kept_id);
CREATE INDEX patient_merges_merged ON patient_merges (clinic_id, merged_id);
GRANT SELECT, INSERT, UPDATE ON patient_merges TO medic_app;
