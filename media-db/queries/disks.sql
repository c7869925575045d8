-- Which disks are there, and where? Roots, and what is mounted below them.
SELECT f.id, f.path FROM object o JOIN folder f ON f.id = o.id WHERE o.parent = 1 AND o.name IS NOT NULL
UNION SELECT id, path FROM folder WHERE is_mount = 1
