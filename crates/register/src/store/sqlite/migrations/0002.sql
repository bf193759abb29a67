-- Who may sign in, who is signed in, and who guessed wrong. None of it is of the record: it is neither chained nor in the log.
CREATE TABLE account (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  login BLOB NOT NULL UNIQUE CHECK (length(login) = 16),
  box BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  token BLOB PRIMARY KEY CHECK (length(token) = 16),
  account BLOB NOT NULL CHECK (length(account) = 16),
  stage INTEGER NOT NULL,
  since INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  proof BLOB NOT NULL CHECK (length(proof) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of ON session (account);
CREATE TABLE guess (
  who BLOB PRIMARY KEY CHECK (length(who) = 16),
  since INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
