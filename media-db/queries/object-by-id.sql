-- What is known of one object, and where does it lie?
SELECT o.id, o.parent, o.kind, o.class, o.label, o.child_count, o.update_id, o.name, o.size_bytes,
       o.modified_ns, o.inode, o.unreadable, f.path, r.is_online, @facts@
FROM object o LEFT JOIN folder f ON f.id = o.parent
     LEFT JOIN folder r ON r.id = f.root
WHERE o.id = ?1
