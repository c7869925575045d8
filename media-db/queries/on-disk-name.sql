-- What is known of this name in this folder?
SELECT id, name, kind, size_bytes, modified_ns, inode FROM object
WHERE parent = ?1 AND name = ?2
