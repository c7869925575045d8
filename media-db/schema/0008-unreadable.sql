-- The eighth step: what could not be read is a view; it is in no other, and asked for by its name.
CREATE INDEX object_unreadable ON object(id) WHERE unreadable IS NOT NULL;
INSERT INTO object(id, parent, kind, class, label, child_count, update_id) VALUES
    (24, 0, 0, 0, 'Unreadable files',
     (SELECT count(*) FROM (SELECT 1 FROM object WHERE unreadable IS NOT NULL LIMIT 500)), 1);
UPDATE tally SET number = number + 1 WHERE what = 0;
