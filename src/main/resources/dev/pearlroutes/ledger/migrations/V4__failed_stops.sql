-- Accepted leads that must not be called any more and that could not be stopped so far: each is tried again until that is done or
-- a person takes note. cause is the operation of the source that was to stop it; since is when that failed first, tries how
-- often it has failed, try_at when it is tried next. reason has the API's words, without a number.
CREATE TABLE failed_stop (
  outbound TEXT NOT NULL,
  lead_id  TEXT NOT NULL,
  cause    TEXT NOT NULL CHECK (cause IN ('suppress', 'recall')),
  reason   TEXT NOT NULL,
  since    INTEGER NOT NULL,
  tries    INTEGER NOT NULL,
  try_at   INTEGER NOT NULL,
  PRIMARY KEY (outbound, lead_id)
) WITHOUT ROWID;
CREATE INDEX failed_stop_due ON failed_stop (outbound, try_at);

-- What an earlier version has given up after one try.
INSERT INTO failed_stop (outbound, lead_id, cause, reason, since, tries, try_at)
SELECT u.outbound, u.lead_id, min(s.operation), coalesce(max(u.reason), ''), max(u.at), 1, max(u.at)
FROM source s JOIN lead u ON u.source_id = s.id
WHERE s.operation IN ('suppress', 'recall') AND u.state = 'rejected' AND u.lead_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM lead l WHERE l.outbound = u.outbound AND l.lead_id = u.lead_id
    AND l.state = 'accepted' AND l.stop_refused = 1)
GROUP BY u.outbound, u.lead_id;
