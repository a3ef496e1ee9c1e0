-- A suggested time has a message of its own, and two records that look alike can be told apart. New columns have a
-- default, for servers of the version before that still write these tables.

ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check
  CHECK (kind IN ('requested', 'proposed', 'confirmed', 'declined', 'moved', 'cancelled', 'reminder', 'waitlist-offer', 'time-off-move', 'series-summary', 'staff-digest'));
ALTER TABLE message_templates DROP CONSTRAINT message_templates_kind_check;
ALTER TABLE message_templates ADD CONSTRAINT message_templates_kind_check
  CHECK (kind IN ('requested', 'proposed', 'confirmed', 'declined', 'moved', 'cancelled', 'reminder', 'waitlist-offer', 'time-off-move', 'series-summary', 'staff-digest'));
ALTER TABLE message_plans DROP CONSTRAINT message_plans_kind_check;
ALTER TABLE message_plans ADD CONSTRAINT message_plans_kind_check
  CHECK (kind IN ('requested', 'proposed', 'confirmed', 'declined', 'moved', 'cancelled', 'reminder', 'waitlist-offer', 'time-off-move', 'series-summary', 'staff-digest'));

-- Ids of patients in lists are no foreign keys: a merged record goes on to point to the kept one.
ALTER TABLE patients ADD COLUMN apart_from uuid[] NOT NULL DEFAULT '{}';
