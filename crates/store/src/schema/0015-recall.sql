-- Over shards: what sign-ins at her phone remember of her is not right any more; the phone's shard is told until it has answered.
CREATE TABLE recall (person BLOB NOT NULL, phone BLOB NOT NULL, PRIMARY KEY (person, phone)) WITHOUT ROWID;
