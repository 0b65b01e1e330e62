-- The sheet of a workbook whose rows are those of the source, chosen when it was scanned: another configuration must not change it.
ALTER TABLE source ADD COLUMN sheet TEXT;
