-- Where is this object shown?
SELECT parent, position FROM child WHERE id = ?1
