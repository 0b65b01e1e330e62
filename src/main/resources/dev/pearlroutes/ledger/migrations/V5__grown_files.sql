-- How many bytes of its file the scan has read, whose checksum is sha256; null: an earlier version scanned it, or a person was erased from
-- it. Whoever had the file open when it was taken may write on.
ALTER TABLE source ADD COLUMN bytes INTEGER;
-- 1: rows were added to the file after the scan, and were taken up; the limits are judged again.
ALTER TABLE source ADD COLUMN grown INTEGER NOT NULL DEFAULT 0;
