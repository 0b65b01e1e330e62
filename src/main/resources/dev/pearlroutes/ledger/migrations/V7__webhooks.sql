-- What the same call is known by when a webhook tells of it and when it is read, so that both are one revision.
-- facts is what was recorded of the call last, as JSON in one form for all bodies, without numbers; null: an earlier version recorded it.
-- told_amount is how much of the conversation the newest event of a final call has told; null: unknown, or no event has.
-- pushed_at is when a webhook changed the call last; null: what was read last is what is recorded.
-- unproven is 1 while a webhook alone has told of the call and nothing shows yet that it is one of the outbound.
ALTER TABLE call ADD COLUMN facts TEXT;
ALTER TABLE call ADD COLUMN told_amount TEXT;
ALTER TABLE call ADD COLUMN pushed_at INTEGER;
ALTER TABLE call ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0;
