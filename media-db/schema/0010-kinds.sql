-- The tenth step: the folders of music, of videos and of pictures are views of their own.

-- Which kinds of items lie in a folder or below: a bit each, 1 << MediaKind.
ALTER TABLE folder ADD COLUMN kinds INTEGER NOT NULL DEFAULT 0;
CREATE TABLE folder_kind AS WITH RECURSIVE lies(folder, kind) AS (
    SELECT DISTINCT parent, kind FROM object WHERE name IS NOT NULL AND kind <> 0
    UNION SELECT o.parent, l.kind FROM lies l JOIN object o ON o.id = l.folder
          WHERE o.name IS NOT NULL AND o.parent <> 1)
    SELECT folder, sum(1 << kind) AS kinds FROM lies GROUP BY folder;
UPDATE folder SET kinds = k.kinds FROM folder_kind k WHERE k.folder = folder.id;
DROP TABLE folder_kind;

-- They show what the folders of everything show, as far as it is of their kind (folder-kinds.h).
INSERT INTO object(id, parent, kind, class, label, child_count, update_id) VALUES
    (25, 2, 0, 1, 'Folders', 0, 1), (26, 7, 0, 1, 'Folders', 0, 1), (27, 8, 0, 1, 'Folders', 0, 1);
UPDATE child SET id = 25 WHERE parent = 2 AND id = 1;
UPDATE child SET id = 26 WHERE parent = 7 AND id = 1;
UPDATE child SET id = 27 WHERE parent = 8 AND id = 1;
UPDATE object SET update_id = update_id + 1 WHERE id IN (2, 7, 8);
UPDATE tally SET number = number + 3 WHERE what = 0;
UPDATE tally SET number = number + 1 WHERE what = 5;
