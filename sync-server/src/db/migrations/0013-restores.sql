-- Backups and restores, as desks have to hear of them.

-- Which database this is: the server it was made by, the timeline it is on, and the table itself. Restored from a dump
-- the table is another one, elsewhere the server too; recovered to a point in time it is on another timeline. Of what a
-- host does not let us see, nothing is part of the mark.
CREATE FUNCTION database_mark() RETURNS bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  told text := 'public.clinic_clocks'::regclass::oid::text;
BEGIN
  BEGIN
    told := told || ' ' || (SELECT system_identifier FROM pg_control_system());
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  BEGIN
    told := told || ' ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  RETURN hashtextextended(told, 0);
END $$;

-- Up to where a clinic is in a backup, and which database gave it its epoch.
ALTER TABLE clinic_clocks
  ADD COLUMN backed_up_seq bigint CHECK (backed_up_seq >= 0),
  ADD COLUMN database_mark bigint NOT NULL DEFAULT database_mark();

-- Every clinic whose epoch another database gave gets a new one; answers with those. Clinic by clinic, since row-level
-- security binds the owner too.
CREATE FUNCTION renew_epochs() RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  here constant bigint := public.database_mark();
  clinic uuid;
BEGIN
  FOR clinic IN SELECT id FROM public.clinics ORDER BY id LOOP
    PERFORM set_config('medic.clinic_id', clinic::text, true);
    UPDATE public.clinic_clocks SET epoch = gen_random_uuid(), database_mark = here
     WHERE clinic_id = clinic AND database_mark <> here;
    IF FOUND THEN
      RETURN NEXT clinic;
    END IF;
  END LOOP;
  PERFORM set_config('medic.clinic_id', '', true);
END $$;

-- For a restore that leaves no mark, such as a copy of the files put back: the transaction's clinic gets a new epoch,
-- unless somebody was quicker.
CREATE FUNCTION renew_epoch(seen uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  UPDATE public.clinic_clocks SET epoch = gen_random_uuid()
   WHERE clinic_id = nullif(current_setting('medic.clinic_id', true), '')::uuid AND epoch = seen;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION database_mark(), renew_epochs(), renew_epoch(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION renew_epochs(), renew_epoch(uuid) TO medic_app;
