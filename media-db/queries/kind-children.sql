-- What does a folder show of a kind? Folders are marked with it, and have its items below.
SELECT iif(o.kind = 0, c.id | (?2 << 56), c.id) FROM child c JOIN object o ON o.id = c.id
     LEFT JOIN folder f ON f.id = c.id
WHERE c.parent = ?1 AND (o.kind = ?2 OR (o.kind = 0 AND f.kinds & (1 << ?2)))
ORDER BY c.position, c.id
