-- What devices asked for, and what waits for a person.

CREATE TABLE intents (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  device_id uuid,
  n bigint CHECK (n >= 0),
  user_id uuid,
  act text NOT NULL CHECK (act <> ''),
  act_version integer NOT NULL CHECK (act_version BETWEEN 1 AND 1000),
  args jsonb NOT NULL CHECK (jsonb_typeof(args) = 'object'),
  base_seq bigint NOT NULL CHECK (base_seq >= 0),
  made_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'done', 'refused', 'failed')),
  outcome_seq bigint CHECK (outcome_seq >= 0),
  decided_at timestamptz,
  outcome jsonb NOT NULL CHECK (jsonb_typeof(outcome) = 'object'),
  PRIMARY KEY (clinic_id, id),
  -- Once and for ever.
  CONSTRAINT intents_once UNIQUE (clinic_id, device_id, n),
  CONSTRAINT intents_numbered CHECK ((device_id IS NULL) = (n IS NULL)),
  FOREIGN KEY (clinic_id, device_id) REFERENCES devices (clinic_id, id),
  FOREIGN KEY (clinic_id, user_id) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('intents');
CALL follow_clock('intents');
-- A device pulls its own.
CREATE INDEX intents_device_seq ON intents (clinic_id, device_id, seq, id) WHERE device_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON intents TO medic_app;

CREATE TABLE attention_items (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  kind text NOT NULL CHECK (kind IN ('refused', 'failed', 'conflict', 'google-moved', 'message-failed')),
  status text NOT NULL CHECK (status IN ('open', 'done')),
  intent_id uuid,
  device_id uuid,
  user_id uuid,
  doctor_id uuid,
  patient_id uuid,
  appointment_id uuid,
  data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  settled_by uuid,
  resolution text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  -- The item may be written before the intent whose refusal it tells of.
  FOREIGN KEY (clinic_id, intent_id) REFERENCES intents (clinic_id, id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (clinic_id, device_id) REFERENCES devices (clinic_id, id),
  FOREIGN KEY (clinic_id, user_id) REFERENCES users (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id),
  FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments (clinic_id, id),
  FOREIGN KEY (clinic_id, settled_by) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('attention_items');
CALL follow_clock('attention_items');
CREATE INDEX attention_items_open ON attention_items (clinic_id, created_at) WHERE status = 'open';
CREATE INDEX attention_items_intent ON attention_items (clinic_id, intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX attention_items_device ON attention_items (clinic_id, device_id) WHERE device_id IS NOT NULL;
CREATE INDEX attention_items_doctor ON attention_items (clinic_id, doctor_id) WHERE doctor_id IS NOT NULL;
CREATE INDEX attention_items_patient ON attention_items (clinic_id, patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX attention_items_appointment ON attention_items (clinic_id, appointment_id) WHERE appointment_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON attention_items TO medic_app;

CREATE TABLE day_notes (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  date date NOT NULL,
  location_id uuid,
  text text NOT NULL CHECK (text <> ''),
  author_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, author_id) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('day_notes');
CALL follow_clock('day_notes');
CREATE INDEX day_notes_date ON day_notes (clinic_id, date);
CREATE INDEX day_notes_location ON day_notes (clinic_id, location_id) WHERE location_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON day_notes TO medic_app;
