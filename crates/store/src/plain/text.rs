//! The statements of the plain way. Its writes end in `log_tag`: one row, if all of it was done, and none otherwise.

/// Where its entries' positions come from, after those of its world.
pub(super) const SEQUENCE: &str = "
CREATE SEQUENCE plain_position MINVALUE 0;
SELECT setval('plain_position', (SELECT next FROM log_head), false)";

pub(super) const REGISTER: &str = "
WITH made AS (
  INSERT INTO person (id, standing, entries, tag_key, reference_last_four, language, registered_ms, notice)
  VALUES ($1, 'registered', 1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id
), found AS (
  INSERT INTO reference_index SELECT $7, id FROM made
), shown AS (
  INSERT INTO card (person, hash) SELECT id, $8 FROM made
), fields AS (
  INSERT INTO sealed SELECT made.id, one.* FROM made, unnest($9::bigint[], $10::bigint[], $11::bytea[], $12::bytea[]) one
), staged AS (
  INSERT INTO log_stage (position, leaf, sealed) SELECT nextval('plain_position'), $13, $14 FROM made RETURNING position
)
INSERT INTO log_tag (tag, position) SELECT $15, position FROM staged";

pub(super) const BOOK: &str = "
WITH held AS MATERIALIZED (
  SELECT p.open FROM place p JOIN session s ON s.id = p.session
  WHERE p.session = $1 AND p.dose = $2 AND p.open >= 1 AND s.cancelled = 0
    AND $3::text = ANY (string_to_array(s.slots, ' ')) FOR UPDATE OF s
), may AS (
  SELECT 1 FROM held, sign_in i WHERE i.token = $4 AND i.phone = $5
    AND COALESCE((SELECT f.version FROM family f WHERE f.phone = $5), 0) = $6
    AND NOT EXISTS (SELECT 1 FROM appointment WHERE person = $7 AND dose = $2 AND status IN ('booked', 'checked-in', 'done'))
), counted AS (
  UPDATE person SET entries = entries + 1 WHERE id = $7 AND entries = $8 AND EXISTS (SELECT 1 FROM may) RETURNING id
), taken AS (
  UPDATE place SET open = open - 1, booked = booked + 1
  WHERE session = $1 AND dose = $2 AND open >= 1 AND EXISTS (SELECT 1 FROM counted) RETURNING session
), booked AS (
  INSERT INTO appointment (id, person, session, slot, dose, place, status, code_version, code_hash, at_ms)
  SELECT $9, $7, session, $3, $2, $2, 'booked', $10, $11, $12 FROM taken
), coded AS (
  INSERT INTO sealed SELECT $7, $13, $10, $14, $15 FROM taken
), told AS (
  INSERT INTO notice (person, cause, appointment, due_ms) SELECT $7, $16, $9, $12 FROM taken
), staged AS (
  INSERT INTO log_stage (position, leaf, sealed) SELECT nextval('plain_position'), $17, $18 FROM taken RETURNING position
)
INSERT INTO log_tag (tag, position) SELECT $19, position FROM staged";

pub(super) const DOSE: &str = "
WITH counted AS (
  UPDATE person SET entries = entries + 1 WHERE id = $2 AND entries = $15 RETURNING id
), drawn AS (
  UPDATE batch SET given = given + 1 WHERE centre = $4 AND vaccine = $5 AND number = $7
    AND expires >= $8 AND stopped = 0 AND given < doses AND EXISTS (SELECT 1 FROM counted) RETURNING centre
), made AS (
  INSERT INTO dose (id, person, session, centre, vaccine, number, batch, day, at_ms, staff, age, gender, factor, early_reason)
  SELECT $1, $2, $3, centre, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM drawn
  RETURNING centre, day, vaccine, number, age / 10 * 10, gender, CASE WHEN factor IS NULL THEN 0 ELSE 1 END
), told AS (
  INSERT INTO tally (centre, day, vaccine, number, age_from, gender, attested, doses) SELECT made.*, 1 FROM made
  ON CONFLICT (centre, day, vaccine, number, age_from, gender, attested) DO UPDATE SET doses = tally.doses + 1
), done AS (
  UPDATE appointment SET status = 'done'
  WHERE person = $2 AND session = $3 AND status IN ('booked', 'checked-in') AND EXISTS (SELECT 1 FROM made)
), staged AS (
  INSERT INTO log_stage (position, leaf, sealed) SELECT nextval('plain_position'), $16, $17 FROM made RETURNING position
)
INSERT INTO log_tag (tag, position) SELECT $18, position FROM staged";

pub(super) const LOOK: &str = "
WITH counted AS (
  UPDATE person SET entries = entries + 1 WHERE id = $1 AND entries = $2 RETURNING id
), staged AS (
  INSERT INTO log_stage (position, leaf, sealed) SELECT nextval('plain_position'), $5, $6 FROM counted RETURNING position
), fact AS (
  INSERT INTO access_fact SELECT position, $1, $3, $4 FROM staged
)
INSERT INTO log_tag (tag, position) SELECT $7, position FROM staged";

pub(super) const LOOKUP: &str = "
WITH staged AS (
  INSERT INTO log_stage (position, leaf, sealed) SELECT nextval('plain_position'), $1, $2 RETURNING position
)
INSERT INTO log_tag (tag, position) SELECT $3, position FROM staged";

pub(super) const REFERENCE: &str = "SELECT person FROM reference_index WHERE reference = $1";
