-- What lies on a disk? Folders, files, and what is a part of a file.
SELECT id FROM folder WHERE root = ?1
UNION ALL SELECT o.id FROM folder f JOIN object o ON o.parent = f.id AND o.name IS NOT NULL WHERE f.root = ?1 AND o.kind <> 0
UNION ALL SELECT o.id FROM folder f JOIN object o ON o.parent = f.id AND o.name IS NULL WHERE f.root = ?1
