-- Which kinds of items are in a folder, or below one in it?
SELECT DISTINCT iif(o.kind = 0, f.kinds, 1 << o.kind) FROM object o LEFT JOIN folder f ON f.id = o.id
WHERE o.parent = ?1 AND o.name IS NOT NULL
