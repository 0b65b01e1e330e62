-- The ledger is the only state of pearl-routes. Times are milliseconds since 1970 (UTC).

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- A lead file or message that was taken. The name of a file is the one it has in done/ or failed/, so no two of one folder share
-- it. operation is what is done with its rows, and decides the folder; a check has no rows here.
-- queue is where a message was taken from, null for a file. A message's name is made from its queue, id and content, so that a
-- redelivered one is known again; dropped_as is its JMSMessageID.
-- An id is never given again, also when its source was purged. purged: it and its rows are being forgotten.
-- changed_at is when a row of a finished source changed after its receipt was written last; null: the receipt is true.
-- suppression is what the receipt says of the suppression lists, as JSON.
-- cancelled is what a person asked for: to send no more of it, or to stop what was sent as well.
-- approval is whether a person is asked, or has agreed, to send what is above a limit. reserved is how many leads it was let in
-- with that have no intent yet, or would be; null: it was not judged. rests_until is when the next wave of leads is released.
-- outcomes_at is when something changed that its outcomes file may lack; null: that is true.
CREATE TABLE source (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  outbound    TEXT NOT NULL,
  operation   TEXT NOT NULL CHECK (operation IN ('add', 'update', 'lookup', 'check', 'suppress', 'recall')),
  name        TEXT NOT NULL,
  dropped_as  TEXT NOT NULL,
  queue       TEXT,
  state       TEXT NOT NULL CHECK (state IN ('claimed', 'sending', 'finished', 'failed', 'purged')),
  sha256      TEXT,
  row_count   INTEGER,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  reason      TEXT,
  changed_at  INTEGER,
  outcomes_at INTEGER,
  suppression TEXT,
  cancelled   TEXT CHECK (cancelled IN ('cancel', 'recall')),
  approval    TEXT CHECK (approval IN ('needed', 'given')),
  reserved    INTEGER,
  rests_until INTEGER,
  UNIQUE (outbound, operation, name)
);
CREATE INDEX source_unfinished ON source (id) WHERE state IN ('claimed', 'sending') AND queue IS NULL;
CREATE INDEX source_changed ON source (changed_at) WHERE changed_at IS NOT NULL;
CREATE INDEX source_outcomes ON source (outcomes_at) WHERE outcomes_at IS NOT NULL;

-- What became of each row of a source: its intent while it is sent, its outcome afterwards.
-- look_up_at is when an unknown lead is looked up next; null: not again before a person or a restart asks for it.
-- released is 1 when a person lets an unknown lead be sent again, proven absent or not.
-- A lead that is sending and has one is sent again by its look-up.
-- found_at is when a look-up found an accepted lead; null: its own answer told.
-- silent_at is when it was told that no call to an accepted lead is known; null: not told.
-- body is there only while the intent is open; numbers are there only as keyed hashes.
-- Rows of updates and look-ups have no intent: both may be made again, so a row without an outcome is simply worked on again.
-- stopped_at is when an accepted lead was stopped by an update, or the API refused that, which stop_refused tells; 0: an update
-- let it be called again; null: it was never stopped.
-- found is what a look-up found, as JSON: the columns that its result file adds.
-- turn is how many leads had the externalId when the intent was made: 0, unless it was no key or could be sent again by then.
CREATE TABLE lead (
  source_id   INTEGER NOT NULL,
  row_no      INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  outbound    TEXT NOT NULL,
  external_id TEXT,
  state       TEXT NOT NULL CHECK (state IN
                ('sending', 'accepted', 'unknown', 'duplicate', 'rejected', 'suppressed', 'cancelled',
                 'updated', 'found', 'missing')),
  lead_id     TEXT,
  reason      TEXT,
  content     BLOB,
  phone       BLOB,
  body        TEXT,
  at          INTEGER NOT NULL,
  look_up_at  INTEGER,
  found_at    INTEGER,
  found       TEXT,
  stopped_at  INTEGER,
  stop_refused INTEGER NOT NULL DEFAULT 0,
  released    INTEGER NOT NULL DEFAULT 0,
  silent_at   INTEGER,
  turn        INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source_id, row_no)
) WITHOUT ROWID;
-- Sending, accepted and unknown hold the key; the other outcomes release it.
CREATE UNIQUE INDEX lead_key ON lead (outbound, external_id, turn) WHERE state IN ('sending', 'accepted', 'unknown');
-- One state each: a condition on one does not use an index on several, and would scan the table.
CREATE INDEX lead_sending ON lead (source_id) WHERE state = 'sending';
CREATE INDEX lead_unknown ON lead (outbound, look_up_at) WHERE state = 'unknown';
-- Hashes lie all over an index: with a condition on the state each outcome would rewrite a page of it.
CREATE INDEX lead_phone ON lead (outbound, phone) WHERE phone IS NOT NULL;
-- Stopped leads are over when the calls were read for a while afterwards.
CREATE INDEX lead_stopped ON lead (outbound, stopped_at) WHERE stopped_at > 0;
-- An update names its lead by the API's id.
CREATE INDEX lead_id ON lead (outbound, lead_id) WHERE state = 'accepted';
-- In the order in which they were accepted they are watched for silence; the newest that was accepted by its own answer is the
-- control of a look-up.
CREATE INDEX lead_accepted ON lead (outbound, at, found_at) WHERE state = 'accepted';

-- Calls as last seen. fingerprint tells a changed call from one seen before; revision counts the events that told of it.
-- told tells what the newest event said from what another one would say; null: the call has changed since.
-- source_id and row_no name the row it belongs to; null while none is known.
-- join_at is when its lead is asked for what the event still lacks, tries how often that failed; null: nothing is awaited.
-- seen is what Get Calls said of it, numbers in the clear among it, and is there only while join_at is.
-- read_at is when a call that is not final is read by itself, absent how often in a row the API did not know it then;
-- null: it is final, or forgotten by the API.
CREATE TABLE call (
  outbound    TEXT NOT NULL,
  call_id     TEXT NOT NULL,
  revision    INTEGER NOT NULL,
  final       INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  told        BLOB,
  started_at  INTEGER,
  source_id   INTEGER,
  row_no      INTEGER,
  seen        TEXT,
  join_at     INTEGER,
  tries       INTEGER NOT NULL DEFAULT 0,
  read_at     INTEGER,
  absent      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (outbound, call_id)
) WITHOUT ROWID;
CREATE INDEX call_waiting ON call (join_at) WHERE join_at IS NOT NULL;
CREATE INDEX call_open ON call (outbound, read_at) WHERE read_at IS NOT NULL;
CREATE INDEX call_row ON call (source_id, row_no) WHERE source_id IS NOT NULL;
-- The calls that may be forgotten when they are old enough.
CREATE INDEX call_over ON call (started_at) WHERE read_at IS NULL AND join_at IS NULL;

-- What came of each accepted row that was called: its newest call. Personal data: summary and collected.
-- status is the lead's where Get Lead told it, else the call's conversationStatus; final says whether the platform is done
-- with the lead. attempts counts its calls. duration is in seconds, collected a JSON object by the id of the variable.
CREATE TABLE call_outcome (
  source_id INTEGER NOT NULL,
  row_no    INTEGER NOT NULL,
  call_id   TEXT NOT NULL,
  status    INTEGER,
  final     INTEGER NOT NULL,
  attempts  INTEGER NOT NULL,
  called_at INTEGER,
  duration  INTEGER,
  summary   TEXT,
  collected TEXT,
  PRIMARY KEY (source_id, row_no)
) WITHOUT ROWID;

-- The last wave of leads that an outbound's files were released in: when it began, and how many leads it has released.
CREATE TABLE wave (
  outbound TEXT PRIMARY KEY,
  began_at INTEGER NOT NULL,
  leads    INTEGER NOT NULL
);

-- Until when the leads that were accepted have been watched for silence.
CREATE TABLE silence (
  outbound TEXT PRIMARY KEY,
  position INTEGER NOT NULL
);

-- When the clock went ahead of the time that had passed, and by how much. Leads accepted before seem older than they are.
CREATE TABLE clock_jump (
  at     INTEGER NOT NULL,
  millis INTEGER NOT NULL
);

-- The end of the last window of which every call was recorded.
CREATE TABLE cursor (
  outbound TEXT PRIMARY KEY,
  position INTEGER NOT NULL
);

-- Transactional outbox: an event is written with the outcome it tells of and kept until every sink has it, and a while
-- longer to be replayed.
-- sink is the only one that gets a copy which goes again; null: every sink gets it. at is when it was recorded.
CREATE TABLE event (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  outbound TEXT NOT NULL,
  stream   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  sink     TEXT,
  -- The last, so that the others are read without its pages.
  json     TEXT NOT NULL
);
-- What goes to every sink and what goes to one apart, so that no sink reads over another's copies.
CREATE INDEX event_outbound ON event (outbound, seq, at, sink) WHERE sink IS NULL;
CREATE INDEX event_age ON event (outbound, at) WHERE sink IS NULL;
CREATE INDEX event_again ON event (outbound, sink, seq, at) WHERE sink IS NOT NULL;

CREATE TABLE sink_position (
  outbound TEXT NOT NULL,
  sink     TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  PRIMARY KEY (outbound, sink)
);

-- How long the files of a file sink are when every delivered event is in them once.
CREATE TABLE sink_file (
  outbound TEXT NOT NULL,
  name     TEXT NOT NULL,
  length   INTEGER NOT NULL,
  PRIMARY KEY (outbound, name)
);
