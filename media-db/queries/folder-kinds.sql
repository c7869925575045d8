-- Which kinds of items lie in a folder or below, and in which folder does it lie itself?
SELECT f.kinds, o.parent FROM folder f JOIN object o ON o.id = f.id WHERE f.id = ?1
