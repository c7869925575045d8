-- How much does a folder show of a kind? Where there is no other kind, it is all.
SELECT iif(f.kinds = 1 << ?2, w.child_count,
    (SELECT count(*) FROM child c JOIN object o ON o.id = c.id LEFT JOIN folder b ON b.id = c.id
     WHERE c.parent = ?1 AND (o.kind = ?2 OR (o.kind = 0 AND b.kinds & (1 << ?2)))))
FROM object w LEFT JOIN folder f ON f.id = w.id WHERE w.id = ?1
