-- Entries go from here into the log's files; by which tag an entry is found stays.
CREATE TABLE log_tag (tag BLOB PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO log_tag SELECT subject_tag, position FROM log_stage;
DROP INDEX log_stage_tag;
ALTER TABLE log_stage DROP COLUMN subject_tag;

CREATE TABLE log_index (
  first_day INTEGER NOT NULL, log2_days INTEGER NOT NULL, from_position INTEGER NOT NULL, to_position INTEGER NOT NULL,
  size INTEGER NOT NULL, root BLOB NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (first_day, log2_days)
) WITHOUT ROWID;
