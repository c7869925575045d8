-- What is known of one object, where does it lie, and is there a cover for it?
SELECT o.id, o.parent, o.kind, o.class, o.label, o.child_count, o.update_id, o.name, o.size_bytes,
       o.modified_ns, o.inode, o.unreadable, f.path, r.is_online,
       o.kind < 2 AND EXISTS (SELECT 1 FROM sidecar s
           WHERE s.folder = iif(o.kind = 0, o.id, o.parent) AND s.kind = 2),
       u.content, o.file, w.name, @facts@
FROM object o LEFT JOIN folder f ON f.id = o.parent
     LEFT JOIN folder r ON r.id = f.root
     LEFT JOIN content_of u ON u.object = o.id
     LEFT JOIN object w ON w.id = o.file
WHERE o.id = ?1
