-- Ids that versions before ids were cleaned took with marks that nobody sees (format characters of Unicode). Such an id still holds the
-- key of the clean one: the index finds it by that. It has the ids that are not plain ASCII, and most ledgers have none of these.
-- LeadKeys has the same list of characters, and its questions must have the same words, else the index is not used. The list is no
-- longer than what the parsers of older SQLite versions can read, which people have as a tool.
CREATE INDEX lead_clean_id ON lead (outbound,
  trim(
    replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(
    replace(replace(replace(replace(
    external_id, char(173), ''), char(1564), ''), char(6158), ''), char(8203), '')
    , char(8204), ''), char(8205), ''), char(8206), ''), char(8207), '')
    , char(8234), ''), char(8235), ''), char(8236), ''), char(8237), '')
    , char(8238), ''), char(8288), ''), char(8294), ''), char(8295), '')
    , char(8296), ''), char(8297), ''), char(65279), '')))
  WHERE state IN ('sending', 'accepted', 'unknown') AND external_id GLOB '*[^ -~]*';
