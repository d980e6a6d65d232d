-- How many steps a binary must know to work with these tables: a step that takes away what older ones use raises it to its own number.
CREATE TABLE schema_floor (one INTEGER PRIMARY KEY, steps INTEGER NOT NULL);
INSERT INTO schema_floor VALUES (1, 11);
