-- The outbox and what is written in it.

CREATE TABLE notifications (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  appointment_id uuid,
  patient_id uuid,
  user_id uuid,
  kind text NOT NULL CHECK (kind IN ('requested', 'confirmed', 'declined', 'moved', 'cancelled', 'reminder', 'waitlist-offer', 'time-off-move', 'series-summary', 'staff-digest')),
  offset_minutes integer NOT NULL CHECK (offset_minutes BETWEEN 0 AND 100000),
  channel text NOT NULL CHECK (channel IN ('email', 'sms')),
  sequence integer NOT NULL CHECK (sequence BETWEEN 0 AND 1000000),
  due_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'delivered', 'failed', 'dropped', 'in-doubt')),
  attempts integer NOT NULL CHECK (attempts BETWEEN 0 AND 1000),
  provider_id text,
  detail text NOT NULL,
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments (clinic_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id),
  FOREIGN KEY (clinic_id, user_id) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('notifications');
-- One message per visit, kind and offset, channel and SEQUENCE. A visit has one patient; among users, one each.
CREATE UNIQUE INDEX notifications_once ON notifications (clinic_id, appointment_id, kind, offset_minutes, channel, sequence, user_id)
  NULLS NOT DISTINCT WHERE appointment_id IS NOT NULL;
CREATE INDEX notifications_open ON notifications (clinic_id, due_at) WHERE state IN ('due', 'sending', 'in-doubt');
CREATE INDEX notifications_patient ON notifications (clinic_id, patient_id, created_at) WHERE patient_id IS NOT NULL;
CREATE INDEX notifications_user ON notifications (clinic_id, user_id, created_at) WHERE user_id IS NOT NULL;
CREATE INDEX notifications_provider ON notifications (clinic_id, provider_id) WHERE provider_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON notifications TO medic_app;

CREATE TABLE message_templates (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  kind text NOT NULL CHECK (kind IN ('requested', 'confirmed', 'declined', 'moved', 'cancelled', 'reminder', 'waitlist-offer', 'time-off-move', 'series-summary', 'staff-digest')),
  channel text NOT NULL CHECK (channel IN ('email', 'sms')),
  language text NOT NULL CHECK (is_language(language)),
  subject text NOT NULL,
  body text NOT NULL CHECK (body <> ''),
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT message_templates_once UNIQUE (clinic_id, kind, channel, language)
);
CALL keep_to_clinic('message_templates');
GRANT SELECT, INSERT, UPDATE, DELETE ON message_templates TO medic_app;

CREATE TABLE message_plans (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  appointment_type_id uuid,
  kind text NOT NULL CHECK (kind IN ('requested', 'confirmed', 'declined', 'moved', 'cancelled', 'reminder', 'waitlist-offer', 'time-off-move', 'series-summary', 'staff-digest')),
  channel text NOT NULL CHECK (channel IN ('email', 'sms')),
  offset_minutes integer NOT NULL CHECK (offset_minutes BETWEEN 0 AND 100000),
  active boolean NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT message_plans_once UNIQUE NULLS NOT DISTINCT (clinic_id, appointment_type_id, kind, channel, offset_minutes),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id)
);
CALL keep_to_clinic('message_plans');
GRANT SELECT, INSERT, UPDATE, DELETE ON message_plans TO medic_app;
