-- Children stamp their parents once per statement (the triggers of 0001). What 0010 put in its place reads NEW, which such
-- a trigger does not have, and so stamped nothing.
CREATE OR REPLACE FUNCTION stamp_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'UPDATE %1$I parent SET seq = parent.seq FROM (SELECT DISTINCT clinic_id, %2$I AS id FROM changed) child
      WHERE parent.clinic_id = child.clinic_id AND parent.id = child.id
        AND parent.seq IS DISTINCT FROM nullif(current_setting(''medic.seq'', true), '''')::bigint', TG_ARGV[0], TG_ARGV[1]);
  RETURN NULL;
END $$;
