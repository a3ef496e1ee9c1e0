-- Weekly plans, what differs on a date, and absences.

CREATE TABLE schedule_templates (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  doctor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  room_id uuid,
  weekday integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens_at time NOT NULL CHECK (opens_at < time '24:00'),
  closes_at time NOT NULL,
  valid_from date NOT NULL,
  valid_until date,
  every_n_weeks integer NOT NULL CHECK (every_n_weeks BETWEEN 1 AND 52),
  anchor_date date NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT schedule_templates_ends_after_start CHECK (valid_until > valid_from),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id, room_id) REFERENCES location_rooms (clinic_id, location_id, id)
);
CALL keep_to_clinic('schedule_templates');
CALL follow_clock('schedule_templates');
CREATE INDEX schedule_templates_doctor ON schedule_templates (clinic_id, doctor_id);
CREATE INDEX schedule_templates_room ON schedule_templates (clinic_id, location_id, room_id);
GRANT SELECT, INSERT, UPDATE ON schedule_templates TO medic_app;

CREATE TABLE schedule_template_breaks (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  template_id uuid NOT NULL,
  starts_at time NOT NULL,
  ends_at time NOT NULL,
  label text NOT NULL CHECK (label <> ''),
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, template_id) REFERENCES schedule_templates (clinic_id, id)
);
CALL keep_to_clinic('schedule_template_breaks');
CREATE INDEX schedule_template_breaks_template ON schedule_template_breaks (clinic_id, template_id);
CALL travel_in_parent('schedule_template_breaks', 'schedule_templates', 'template_id');
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_template_breaks TO medic_app;

-- True when two weekly templates of one doctor both give hours at one moment of some week, by the wall clock.
-- Exact: a pair of dates on which both are valid is looked for. `shared/src/model/checks.ts` may refuse more
-- (it only asks whether their validities meet), never less.
CREATE FUNCTION templates_overlap(a schedule_templates, b schedule_templates) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  WITH spans AS (
    SELECT (a.weekday - 1) * 1440 + wall_minutes(a.opens_at) AS start_a,
           (b.weekday - 1) * 1440 + wall_minutes(b.opens_at) AS start_b,
           span_minutes(a.opens_at, a.closes_at) AS length_a,
           span_minutes(b.opens_at, b.closes_at) AS length_b,
           -- Weeks are numbered by their Mondays; 1970-01-05 was one. Dates minus the weekday are whole weeks.
           floor((a.anchor_date - date '1970-01-05') / 7.0)::integer AS anchor_a,
           floor((b.anchor_date - date '1970-01-05') / 7.0)::integer AS anchor_b,
           ceil((a.valid_from - date '1970-01-05' - (a.weekday - 1)) / 7.0)::integer AS first_a,
           ceil((b.valid_from - date '1970-01-05' - (b.weekday - 1)) / 7.0)::integer AS first_b,
           ceil((a.valid_until - date '1970-01-05' - (a.weekday - 1)) / 7.0)::integer AS until_a,
           ceil((b.valid_until - date '1970-01-05' - (b.weekday - 1)) / 7.0)::integer AS until_b
  ), shifted AS (
    -- The hours of `b` may lie in the week before or after: where a shift crosses from Sunday to Monday.
    SELECT spans.*, later, greatest(first_a, first_b - later) AS first,
           -- After that many weeks both rhythms repeat.
           least(greatest(first_a, first_b - later) + lcm(a.every_n_weeks, b.every_n_weeks), until_a, until_b - later) AS until
      FROM spans, generate_series(-1, 1) AS later
     WHERE start_a < start_b + length_b + later * 10080 AND start_b + later * 10080 < start_a + length_a
  )
  SELECT EXISTS (
    SELECT FROM shifted, generate_series(first, until - 1) AS week
     WHERE (week - anchor_a) % a.every_n_weeks = 0 AND (week + later - anchor_b) % b.every_n_weeks = 0
  )
$$;

-- Deferred to the commit, since a template and its breaks are several statements: what counts is what they end as.
CREATE FUNCTION check_template() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  template schedule_templates;
  -- As text: a break has no doctor, a template no template_id.
  template_id uuid := CASE TG_TABLE_NAME WHEN 'schedule_templates' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'template_id' END;
  other uuid;
  opens integer;
  open_minutes integer;
BEGIN
  SELECT * INTO template FROM schedule_templates WHERE clinic_id = NEW.clinic_id AND id = template_id;
  IF NOT FOUND OR template.deleted THEN
    RETURN NULL;
  END IF;
  opens := wall_minutes(template.opens_at);
  open_minutes := span_minutes(template.opens_at, template.closes_at);
  PERFORM FROM (
    SELECT starts, starts + length AS ends, lag(starts + length) OVER (ORDER BY starts, length) AS previous_ends
      FROM (
        SELECT wall_minutes(b.starts_at) - opens + CASE WHEN wall_minutes(b.starts_at) >= opens THEN 0 ELSE 1440 END AS starts,
               span_minutes(b.starts_at, b.ends_at) AS length
          FROM schedule_template_breaks b
         WHERE b.clinic_id = NEW.clinic_id AND b.template_id = template.id
      ) placed
  ) breaks WHERE ends > open_minutes OR starts < previous_ends;
  IF FOUND THEN
    RAISE EXCEPTION 'the breaks of template % lie outside its hours or overlap', template.id
      USING ERRCODE = 'check_violation', TABLE = 'schedule_template_breaks', CONSTRAINT = 'schedule_template_breaks_inside';
  END IF;
  IF TG_TABLE_NAME = 'schedule_templates' THEN
    SELECT t.id INTO other FROM schedule_templates t
     WHERE t.clinic_id = NEW.clinic_id AND t.doctor_id = template.doctor_id AND t.id <> template.id AND NOT t.deleted
       AND templates_overlap(template, t)
     LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'the hours of template % overlap those of template %', template.id, other
        USING ERRCODE = 'exclusion_violation', TABLE = 'schedule_templates', CONSTRAINT = 'schedule_templates_apart';
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER check_template AFTER INSERT OR UPDATE ON schedule_templates
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_template();
CREATE CONSTRAINT TRIGGER check_template AFTER INSERT OR UPDATE ON schedule_template_breaks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_template();

CREATE TABLE availability_exceptions (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL REFERENCES clinics (id),
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  doctor_id uuid,
  location_id uuid,
  room_id uuid,
  kind text NOT NULL CHECK (kind IN ('replace', 'extra', 'block', 'closure')),
  date date NOT NULL,
  starts_at time,
  ends_at time,
  reason text NOT NULL,
  created_by uuid,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT availability_exceptions_whole_span CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
  CONSTRAINT availability_exceptions_closure CHECK (kind <> 'closure' OR doctor_id IS NULL),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, location_id) REFERENCES locations (clinic_id, id),
  FOREIGN KEY (clinic_id, room_id) REFERENCES location_rooms (clinic_id, id),
  FOREIGN KEY (clinic_id, created_by) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('availability_exceptions');
CALL follow_clock('availability_exceptions');
CREATE INDEX availability_exceptions_date ON availability_exceptions (clinic_id, date);
CREATE INDEX availability_exceptions_doctor ON availability_exceptions (clinic_id, doctor_id, date);
CREATE INDEX availability_exceptions_location ON availability_exceptions (clinic_id, location_id) WHERE location_id IS NOT NULL;
CREATE INDEX availability_exceptions_room ON availability_exceptions (clinic_id, room_id) WHERE room_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON availability_exceptions TO medic_app;

CREATE TABLE time_off_requests (
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  deleted boolean NOT NULL,
  doctor_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('requested', 'approved', 'denied', 'withdrawn')),
  decided_by uuid,
  decided_at timestamptz,
  decision_note text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT time_off_requests_ends_after_start CHECK (ends_at > starts_at),
  FOREIGN KEY (clinic_id, doctor_id) REFERENCES doctors (clinic_id, id),
  FOREIGN KEY (clinic_id, decided_by) REFERENCES users (clinic_id, id)
);
CALL keep_to_clinic('time_off_requests');
CALL follow_clock('time_off_requests');
CREATE INDEX time_off_requests_doctor ON time_off_requests (clinic_id, doctor_id, starts_at);
CREATE INDEX time_off_requests_ends_at ON time_off_requests (clinic_id, ends_at);
GRANT SELECT, INSERT, UPDATE ON time_off_requests TO medic_app;
