-- On which disk does this object lie? Groups lie on none.
SELECT f.root FROM object o JOIN folder f ON f.id = iif(o.kind = 0, o.id, o.parent) WHERE o.id = ?1
