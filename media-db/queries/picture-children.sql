-- What does a container show first, and does each of these have a picture to lend it?
SELECT o.id, o.kind, CASE o.kind
       WHEN 0 THEN EXISTS (SELECT 1 FROM sidecar s WHERE s.folder = o.id AND s.kind = 2)
       WHEN 1 THEN coalesce(o.has_art, 0) OR
                   EXISTS (SELECT 1 FROM sidecar s WHERE s.folder = o.parent AND s.kind = 2)
       ELSE 1 END
FROM child c JOIN object o ON o.id = c.id
WHERE c.parent = ?1 AND o.unreadable IS NULL ORDER BY c.position, c.id LIMIT 3
