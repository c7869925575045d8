-- What was in this folder when it was last looked at?
SELECT id, name, kind, size_bytes, modified_ns, inode FROM object
WHERE parent = ?1 AND name IS NOT NULL
