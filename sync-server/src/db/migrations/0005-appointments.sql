-- Visits. What makes a double booking impossible, whoever writes, stands here.

CREATE TABLE appointment_series (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  appointment_type_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  rrule text NOT NULL CHECK (rrule <> ''),
  time_zone text NOT NULL,
  starts_at timestamptz NOT NULL,
  notes text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);
CALL keep_to_clinic('appointment_series');
CREATE TRIGGER check_time_zone BEFORE INSERT OR UPDATE OF time_zone ON appointment_series FOR EACH ROW EXECUTE FUNCTION check_time_zone();
CREATE INDEX appointment_series_doctor ON appointment_series (clinic_id, doctor_id);
CREATE INDEX appointment_series_location ON appointment_series (clinic_id, location_id);
CREATE INDEX appointment_series_type ON appointment_series (clinic_id, appointment_type_id);
CREATE INDEX appointment_series_patient ON appointment_series (clinic_id, patient_id);
GRANT SELECT, INSERT, UPDATE ON appointment_series TO medic_app;

CREATE TABLE appointments (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  doctor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  room_id uuid,
  appointment_type_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  series_id uuid,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  reserved_from timestamptz NOT NULL,
  reserved_until timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error', 'waitlist')),
  status_changed_at timestamptz NOT NULL,
  seat integer NOT NULL CHECK (seat >= 1),
  capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 200),
  overbooked boolean NOT NULL,
  room_overbooked boolean NOT NULL,
  overbook_reason text NOT NULL,
  sequence integer NOT NULL CHECK (sequence BETWEEN 0 AND 1000000),
  source text NOT NULL CHECK (source IN ('desk', 'public', 'google', 'import')),
  notes text NOT NULL,
  cancel_reason text NOT NULL,
  created_at timestamptz NOT NULL,

  reserved tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(reserved_from, reserved_until, '[)')) STORED,
  -- As `holdingStatuses` in the model.
  holds_slot boolean NOT NULL GENERATED ALWAYS AS (
    status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') AND NOT deleted
  ) STORED,
  -- Visits with one key share a slot: those of a group at one start. A visit of one shares with none. The start is
  -- measured from a fixed instant, because the epoch of a timestamptz is not immutable to Postgres.
  group_key uuid NOT NULL GENERATED ALWAYS AS (
    CASE WHEN capacity = 1 THEN id
         ELSE md5(doctor_id::text || appointment_type_id::text || location_id::text
                  || extract(epoch FROM starts_at - timestamptz '2000-01-01 00:00:00+00')::text)::uuid
    END
  ) STORED,

  PRIMARY KEY (clinic_id, id),
  CONSTRAINT appointments_ends_after_start CHECK (ends_at > starts_at),
  -- So it is never empty either.
  CONSTRAINT appointments_reserved_contains_visit CHECK (reserved_from <= starts_at AND reserved_until >= ends_at),
  CONSTRAINT appointments_reserved_bounded CHECK (reserved_until - reserved_from <= interval '40 days'),
  CONSTRAINT appointments_seat_within_capacity CHECK (seat <= capacity),
  CONSTRAINT appointments_doctor_free EXCLUDE USING gist
    (clinic_id WITH =, doctor_id WITH =, reserved WITH &&, group_key WITH <>)
    WHERE (holds_slot AND NOT overbooked),
  CONSTRAINT appointments_room_free EXCLUDE USING gist
    (clinic_id WITH =, room_id WITH =, reserved WITH &&, group_key WITH <>)
    WHERE (holds_slot AND NOT room_overbooked AND room_id IS NOT NULL),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id, room_id) REFERENCES location_rooms (clinic_id, location_id, id),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id),
  FOREIGN KEY (clinic_id, series_id) REFERENCES appointment_series (clinic_id, id)
);
CALL keep_to_clinic('appointments');
CALL follow_clock('appointments');
CREATE UNIQUE INDEX appointments_seat_free ON appointments (clinic_id, group_key, seat) WHERE holds_slot;
CREATE INDEX appointments_doctor ON appointments (clinic_id, doctor_id, starts_at);
CREATE INDEX appointments_patient ON appointments (clinic_id, patient_id, starts_at);
CREATE INDEX appointments_location ON appointments (clinic_id, location_id, starts_at);
CREATE INDEX appointments_room ON appointments (clinic_id, location_id, room_id, starts_at) WHERE room_id IS NOT NULL;
CREATE INDEX appointments_type ON appointments (clinic_id, appointment_type_id, starts_at);
CREATE INDEX appointments_series ON appointments (clinic_id, series_id) WHERE series_id IS NOT NULL;
-- The facts of a clinic: everything that still holds time.
CREATE INDEX appointments_holding ON appointments (clinic_id, reserved_until) WHERE holds_slot;
-- For the trigger below.
CREATE INDEX appointments_overbooked ON appointments (clinic_id, doctor_id) WHERE holds_slot AND overbooked;
CREATE INDEX appointments_room_overbooked ON appointments (clinic_id, room_id) WHERE holds_slot AND room_overbooked;
GRANT SELECT, INSERT, UPDATE ON appointments TO medic_app;

-- The exclusion constraints look away from overbooked visits, and so would let a normal one be put over them. Here it
-- is refused. Only when a visit takes time that it did not have: one that was there when it was overbooked keeps
-- going (arrives, is cut short, gets another note). Writers that bypass the clinic's clock wait for it here, since
-- a check of this kind would not see what another has not yet committed.
CREATE FUNCTION check_overbooking() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  same_time boolean := TG_OP = 'UPDATE' AND OLD.holds_slot AND NEW.reserved <@ OLD.reserved AND NEW.group_key = OLD.group_key;
  other uuid;
BEGIN
  PERFORM FROM clinic_clocks WHERE clinic_id = NEW.clinic_id FOR UPDATE;
  IF NOT NEW.overbooked AND NOT (same_time AND NEW.doctor_id = OLD.doctor_id AND NOT OLD.overbooked) THEN
    SELECT id INTO other FROM appointments a
     WHERE a.clinic_id = NEW.clinic_id AND a.doctor_id = NEW.doctor_id AND a.holds_slot AND a.overbooked
       AND a.group_key <> NEW.group_key AND a.reserved && NEW.reserved
     LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'visit % would lie over the overbooked visit % of the same doctor', NEW.id, other
        USING ERRCODE = 'exclusion_violation', TABLE = 'appointments', CONSTRAINT = 'appointments_doctor_free';
    END IF;
  END IF;
  IF NEW.room_id IS NOT NULL AND NOT NEW.room_overbooked
     AND NOT (same_time AND NEW.room_id IS NOT DISTINCT FROM OLD.room_id AND NOT OLD.room_overbooked) THEN
    SELECT id INTO other FROM appointments a
     WHERE a.clinic_id = NEW.clinic_id AND a.room_id = NEW.room_id AND a.holds_slot AND a.room_overbooked
       AND a.group_key <> NEW.group_key AND a.reserved && NEW.reserved
     LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'visit % would lie over the overbooked visit % of the same room', NEW.id, other
        USING ERRCODE = 'exclusion_violation', TABLE = 'appointments', CONSTRAINT = 'appointments_room_free';
    END IF;
  END IF;
  IF NEW.capacity > 1 THEN
    SELECT id INTO other FROM appointments a
     WHERE a.clinic_id = NEW.clinic_id AND a.group_key = NEW.group_key AND a.holds_slot AND a.capacity <> NEW.capacity
     LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'visit % has another capacity than visit % of its group', NEW.id, other
        USING ERRCODE = 'check_violation', TABLE = 'appointments', CONSTRAINT = 'appointments_one_capacity';
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- After the statement, so that an act may write a whole group at once.
CREATE CONSTRAINT TRIGGER check_overbooking AFTER INSERT OR UPDATE ON appointments
  DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (NEW.holds_slot) EXECUTE FUNCTION check_overbooking();

CREATE TABLE appointment_events (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  appointment_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  act text NOT NULL CHECK (act <> ''),
  actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'patient', 'google', 'system')),
  -- A user or a patient, by kind.
  actor_id uuid,
  actor_name text NOT NULL,
  from_status text CHECK (from_status IN ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error', 'waitlist')),
  to_status text NOT NULL CHECK (to_status IN ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error', 'waitlist')),
  changed jsonb NOT NULL CHECK (jsonb_typeof(changed) = 'object'),
  reason text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments (clinic_id, id)
);
CALL keep_to_clinic('appointment_events');
CALL only_append('appointment_events');
CREATE INDEX appointment_events_appointment ON appointment_events (clinic_id, appointment_id, occurred_at, id);
CALL travel_in_parent('appointment_events', 'appointments', 'appointment_id');
GRANT SELECT, INSERT ON appointment_events TO medic_app;

CREATE TABLE slot_holds (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  doctor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  room_id uuid,
  appointment_type_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  reserved_from timestamptz NOT NULL,
  reserved_until timestamptz NOT NULL,
  capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 200),
  expires_at timestamptz NOT NULL,
  extensions integer NOT NULL CHECK (extensions BETWEEN 0 AND 3),
  holder text NOT NULL CHECK (holder <> ''),
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT slot_holds_ends_after_start CHECK (ends_at > starts_at),
  CONSTRAINT slot_holds_reserved_contains_visit CHECK (reserved_from <= starts_at AND reserved_until >= ends_at),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id, room_id) REFERENCES location_rooms (clinic_id, location_id, id),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id)
);
CALL keep_to_clinic('slot_holds');
CALL follow_clock('slot_holds');
CREATE INDEX slot_holds_expires_at ON slot_holds (clinic_id, expires_at) WHERE NOT deleted;
CREATE INDEX slot_holds_holder ON slot_holds (clinic_id, holder) WHERE NOT deleted;
CREATE INDEX slot_holds_doctor ON slot_holds (clinic_id, doctor_id);
CREATE INDEX slot_holds_room ON slot_holds (clinic_id, location_id, room_id);
CREATE INDEX slot_holds_type ON slot_holds (clinic_id, appointment_type_id);
GRANT SELECT, INSERT, UPDATE ON slot_holds TO medic_app;

CREATE TABLE waitlist_entries (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  patient_id uuid NOT NULL,
  appointment_type_id uuid NOT NULL,
  doctor_ids uuid[] NOT NULL,
  location_ids uuid[] NOT NULL,
  weekdays integer[] NOT NULL CHECK (weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
  parts_of_day text[] NOT NULL CHECK (parts_of_day <@ ARRAY['morning', 'afternoon', 'evening']),
  earliest_on date,
  latest_on date,
  urgency text NOT NULL CHECK (urgency IN ('routine', 'soon', 'urgent')),
  note text NOT NULL,
  status text NOT NULL CHECK (status IN ('waiting', 'offered', 'booked', 'closed')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT waitlist_entries_ends_after_start CHECK (latest_on >= earliest_on),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id)
);
CALL keep_to_clinic('waitlist_entries');
CALL follow_clock('waitlist_entries');
CREATE INDEX waitlist_entries_patient ON waitlist_entries (clinic_id, patient_id);
CREATE INDEX waitlist_entries_type ON waitlist_entries (clinic_id, appointment_type_id, status);
GRANT SELECT, INSERT, UPDATE ON waitlist_entries TO medic_app;

CREATE TABLE waitlist_offers (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  doctor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  appointment_type_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn', 'expired')),
  offered_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  answered_at timestamptz,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT waitlist_offers_ends_after_start CHECK (ends_at > starts_at),
  FOREIGN KEY (clinic_id, entry_id) REFERENCES waitlist_entries (clinic_id, id),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, appointment_type_id) REFERENCES appointment_types (clinic_id, id)
);
CALL keep_to_clinic('waitlist_offers');
CREATE INDEX waitlist_offers_entry ON waitlist_offers (clinic_id, entry_id);
CREATE INDEX waitlist_offers_doctor ON waitlist_offers (clinic_id, doctor_id, starts_at);
CREATE INDEX waitlist_offers_location ON waitlist_offers (clinic_id, location_id);
CREATE INDEX waitlist_offers_type ON waitlist_offers (clinic_id, appointment_type_id);
CREATE INDEX waitlist_offers_open ON waitlist_offers (clinic_id, expires_at) WHERE status = 'open';
GRANT SELECT, INSERT, UPDATE ON waitlist_offers TO medic_app;
