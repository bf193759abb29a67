-- Every clear column is explained in docs/register.md. Whatever is not a keyed pseudonym, an instant, a small code, a size or a hash is a box.
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  pseudonym BLOB NOT NULL UNIQUE CHECK (length(pseudonym) = 16),
  kind INTEGER NOT NULL,
  domain INTEGER NOT NULL,
  tag BLOB NOT NULL UNIQUE CHECK (length(tag) = 16),
  length INTEGER NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
-- Few files are of the law, and every fold asks for them.
CREATE INDEX file_of_law ON file (kind) WHERE kind = 5;
CREATE TABLE act (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  file INTEGER NOT NULL REFERENCES file (id),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
  file INTEGER NOT NULL REFERENCES file (id),
  n INTEGER NOT NULL CHECK (n > 0),
  recorded INTEGER NOT NULL,
  prev BLOB NOT NULL CHECK (length(prev) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  act BLOB NOT NULL CHECK (length(act) = 16),
  PRIMARY KEY (file, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE part (
  file INTEGER NOT NULL,
  n INTEGER NOT NULL,
  i INTEGER NOT NULL CHECK (i >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  box BLOB NOT NULL,
  PRIMARY KEY (file, n, i)
) STRICT, WITHOUT ROWID;
CREATE TABLE waiting (at INTEGER PRIMARY KEY, file INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE log (place INTEGER PRIMARY KEY, file INTEGER NOT NULL, n INTEGER NOT NULL, UNIQUE (file, n)) STRICT;
CREATE TABLE tile (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 256),
  bytes BLOB NOT NULL,
  PRIMARY KEY (level, place, width)
) STRICT, WITHOUT ROWID;
CREATE TABLE names (place INTEGER PRIMARY KEY, width INTEGER NOT NULL, box BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT;
CREATE TABLE lease (name TEXT PRIMARY KEY, holder BLOB NOT NULL CHECK (length(holder) = 16), until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE forecast (
  file INTEGER NOT NULL REFERENCES file (id),
  law TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  length INTEGER NOT NULL,
  context BLOB NOT NULL CHECK (length(context) = 32),
  next_change INTEGER,
  box BLOB NOT NULL,
  PRIMARY KEY (file, law)
) STRICT, WITHOUT ROWID;
CREATE INDEX forecast_by_change ON forecast (next_change) WHERE next_change IS NOT NULL;
CREATE TABLE span (
  file INTEGER NOT NULL,
  law TEXT NOT NULL,
  i INTEGER NOT NULL,
  held INTEGER NOT NULL,
  authority INTEGER NOT NULL,
  begins INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (file, law, i)
) STRICT, WITHOUT ROWID;
CREATE TABLE owed (
  file INTEGER NOT NULL,
  law TEXT NOT NULL,
  i INTEGER NOT NULL,
  state INTEGER NOT NULL,
  since INTEGER NOT NULL,
  due INTEGER,
  PRIMARY KEY (file, law, i)
) STRICT, WITHOUT ROWID;
CREATE INDEX owed_by_due ON owed (due) WHERE due IS NOT NULL;
CREATE TABLE relies_on (
  file INTEGER NOT NULL REFERENCES file (id),
  other BLOB NOT NULL CHECK (length(other) = 16),
  PRIMARY KEY (file, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX relied_upon ON relies_on (other);
-- One row for each file that changed, however many rely on it: those after `done` are yet to be looked at. Sixteen zeros: it concerns all.
CREATE TABLE mark (other BLOB PRIMARY KEY CHECK (length(other) = 16), done INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tie (
  file INTEGER NOT NULL REFERENCES file (id),
  who BLOB NOT NULL CHECK (length(who) = 16),
  tie INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (file, who, tie, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_of ON tie (who, file);
CREATE TABLE outbox (
  file INTEGER NOT NULL REFERENCES file (id),
  n INTEGER NOT NULL,
  i INTEGER NOT NULL,
  due INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 1)),
  box BLOB NOT NULL,
  PRIMARY KEY (file, n, i)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (due) WHERE state = 0;
CREATE TABLE draft (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  who BLOB NOT NULL CHECK (length(who) = 16),
  until INTEGER NOT NULL,
  box BLOB NOT NULL
) STRICT, WITHOUT ROWID;
