-- Adds a file.
INSERT INTO object(id, parent, kind, class, label, sort_key, name, size_bytes, modified_ns, inode,
                   unreadable, artist_group, album_group, @names@)
VALUES (?13, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, @values@)
