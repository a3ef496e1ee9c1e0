-- What is asked with every act and every page, as one question each: the answer to each comes in a packet of its own,
-- and reading that costs the server as much as asking does.
--
-- Each statement of these functions sees what was committed before it began, so that what follows the clock is as of the
-- clock, however long it was waited for. They run as whoever asks, under row-level security.

-- Takes the clock of the transaction's clinic, and tells whether this request was answered before, under its id or under
-- its device's number, and which audit entry is the last. `seq` is null where there is no such clinic.
CREATE FUNCTION begin_act(
  request uuid, device uuid, device_n bigint,
  OUT seq bigint, OUT epoch uuid, OUT answered boolean, OUT audit_position bigint, OUT audit_hash text
) LANGUAGE plpgsql AS $$
DECLARE
  clinic constant uuid := nullif(current_setting('medic.clinic_id', true), '')::uuid;
BEGIN
  UPDATE clinic_clocks c SET seq = c.seq + 1 WHERE c.clinic_id = clinic
    RETURNING c.seq, c.epoch, set_config('medic.seq', c.seq::text, true) INTO seq, epoch;
  SELECT EXISTS (SELECT FROM intents i WHERE i.clinic_id = clinic AND i.id = request)
           OR (device IS NOT NULL
               AND EXISTS (SELECT FROM intents i WHERE i.clinic_id = clinic AND i.device_id = device AND i.n = device_n)),
         last.position, last.hash
    INTO answered, audit_position, audit_hash
    FROM (SELECT) AS once
    LEFT JOIN LATERAL (
      SELECT l.position, l.hash FROM audit_log l WHERE l.clinic_id = clinic ORDER BY l.position DESC LIMIT 1) AS last ON true;
END $$;

-- Where a clinic's clock stands, outside of any transaction: no row where there is no such clinic.
CREATE FUNCTION clock_of(clinic uuid) RETURNS TABLE (seq bigint, epoch uuid) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('medic.clinic_id', clinic::text, true);
  RETURN QUERY SELECT c.seq, c.epoch FROM clinic_clocks c WHERE c.clinic_id = clinic;
END $$;

-- As `clock_of`, with the patient that somebody surely is: the same names but for case, the same birth date, and the
-- same e-mail or phone; of several the oldest record.
CREATE FUNCTION clock_and_patient(clinic uuid, born date, mail text, telephone text, given text, family text)
  RETURNS TABLE (seq bigint, epoch uuid, patient_id uuid) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('medic.clinic_id', clinic::text, true);
  RETURN QUERY
    SELECT c.seq, c.epoch,
           (SELECT p.id FROM patients p
             WHERE p.clinic_id = clinic AND p.birth_date = born AND (p.email_key = lower(mail) OR p.phone = telephone)
               AND lower(p.given_name) = lower(given) AND lower(p.family_name) = lower(family)
               AND NOT p.deleted AND p.merged_into_id IS NULL
             ORDER BY p.id LIMIT 1)
      FROM clinic_clocks c WHERE c.clinic_id = clinic;
END $$;
