-- The body of a request by HTTP, there until its source is finished, since nobody else keeps it. source.queue is http: then, and
-- dropped_as the request's Idempotency-Key.
CREATE TABLE request (
  source_id INTEGER PRIMARY KEY,
  body      BLOB NOT NULL
);
