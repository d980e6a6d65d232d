-- How much of a budget was spent, by all nodes together; what it is of only a hash says.
CREATE TABLE budget (
  id BLOB PRIMARY KEY, spent INTEGER NOT NULL, until_ms INTEGER NOT NULL
) WITHOUT ROWID;
