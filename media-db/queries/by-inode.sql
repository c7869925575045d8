-- Which object was this file or folder, wherever it lay?
SELECT id, name, kind, size_bytes, modified_ns, inode, parent FROM object
WHERE inode = ?1 AND name IS NOT NULL
