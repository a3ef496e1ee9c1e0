-- What every later migration builds on: the wall between clinics, the clock's stamp, and the forms of values that
-- `shared/src/model/fields.ts` has too.

GRANT USAGE ON SCHEMA public TO medic_app;

-- The forms of values.

CREATE FUNCTION is_slug(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN value ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(value) <= 60;

-- E.164: a plus and 8 to 15 digits, the first not 0.
CREATE FUNCTION is_phone(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN value ~ '^\+[1-9][0-9]{7,14}$';

-- Only what is an address at all: the strict check is the form's.
CREATE FUNCTION is_email(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN value ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(value) <= 254;

CREATE FUNCTION is_language(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN value ~ '^[a-z]{2,3}(-[A-Z]{2})?$';

CREATE FUNCTION wall_minutes(at time) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(hour FROM at) * 60 + extract(minute FROM at))::integer;

-- Minutes of a wall-clock span; an end at or before the start lies on the next day.
CREATE FUNCTION span_minutes(starts_at time, ends_at time) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN wall_minutes(ends_at) - wall_minutes(starts_at)
       + CASE WHEN wall_minutes(ends_at) > wall_minutes(starts_at) THEN 0 ELSE 1440 END;

-- Zones change with Postgres' own data, so this is no CHECK but a trigger. AT TIME ZONE also takes POSIX forms
-- ("Nowhere3"): those are kept out by the pattern, and what has no slash is looked up in the view, which reads
-- 600 files and takes 40 ms.
CREATE FUNCTION is_time_zone(zone text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF zone = 'UTC' THEN
    RETURN true;
  END IF;
  IF zone !~ '^[A-Za-z]+(/[A-Za-z_-]+){1,2}$' THEN
    RETURN EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower(zone));
  END IF;
  PERFORM now() AT TIME ZONE zone;
  RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END $$;

CREATE FUNCTION check_time_zone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT is_time_zone(NEW.time_zone) THEN
    RAISE EXCEPTION '% is no time zone', quote_literal(NEW.time_zone)
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, COLUMN = 'time_zone', CONSTRAINT = TG_TABLE_NAME || '_time_zone';
  END IF;
  RETURN NEW;
END $$;

-- The clock.

-- `medic.seq` is set by whoever took the clinic's clock, for that transaction. Afterwards the setting is the empty
-- string, not absent.
CREATE FUNCTION stamp_seq() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seq := nullif(current_setting('medic.seq', true), '')::bigint;
  IF NEW.seq IS NULL THEN
    RAISE EXCEPTION 'a write to % without the clinic''s clock', TG_TABLE_NAME
      USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = TG_TABLE_NAME,
            HINT = 'Take the clock in the same transaction: UPDATE clinic_clocks SET seq = seq + 1 ..., then set medic.seq.';
  END IF;
  RETURN NEW;
END $$;

-- A child's write stamps its parent, in which it travels to the replicas. Arguments: the parent's table, and the
-- child's column that names the parent. Once per statement, for all its rows: per row it took longer than all else.
-- Where the parent was written by the same act, as is usual, nothing is left to do.
CREATE FUNCTION stamp_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'UPDATE %1$I parent SET seq = parent.seq FROM (SELECT DISTINCT clinic_id, %2$I AS id FROM changed) child
      WHERE parent.clinic_id = child.clinic_id AND parent.id = child.id
        AND parent.seq IS DISTINCT FROM nullif(current_setting(''medic.seq'', true), '''')::bigint', TG_ARGV[0], TG_ARGV[1]);
  RETURN NULL;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = TG_TABLE_NAME;
END $$;

-- What each table gets. Called by migrations only.

-- The sub-select makes it one look at the setting per statement, not per row. FORCE: it holds against the owner too,
-- unless that is a superuser.
CREATE PROCEDURE keep_to_clinic(target regclass) LANGUAGE plpgsql AS $$
DECLARE
  own constant text := $q$clinic_id = (SELECT nullif(current_setting('medic.clinic_id', true), '')::uuid)$q$;
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY own_clinic ON %s USING (%s) WITH CHECK (%s)', target, own, own);
END $$;

-- Replicated: every write is stamped, and replicas read in the order (seq, id). Rows are never deleted, only marked.
CREATE PROCEDURE follow_clock(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER stamp_seq BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION stamp_seq()', target);
  EXECUTE format('CREATE INDEX %I ON %s (clinic_id, seq, id)', target || '_seq', target);
END $$;

CREATE PROCEDURE only_append(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER only_append BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_change()', target);
  EXECUTE format('CREATE TRIGGER only_append_all BEFORE TRUNCATE ON %s EXECUTE FUNCTION refuse_change()', target);
END $$;

-- A child that moves to another parent stamps both.
CREATE PROCEDURE travel_in_parent(child regclass, parent regclass, parent_column name) LANGUAGE plpgsql AS $$
DECLARE
  event text;
BEGIN
  FOREACH event IN ARRAY ARRAY['INSERT NEW', 'UPDATE NEW', 'UPDATE OLD', 'DELETE OLD'] LOOP
    EXECUTE format(
      'CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stamp_parent(%L, %L)',
      'stamp_parent_' || lower(replace(event, ' ', '_')), split_part(event, ' ', 1), child, split_part(event, ' ', 2), parent, parent_column);
  END LOOP;
END $$;

REVOKE ALL ON PROCEDURE keep_to_clinic(regclass), follow_clock(regclass), only_append(regclass),
  travel_in_parent(regclass, regclass, name) FROM PUBLIC;
