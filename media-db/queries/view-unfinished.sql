-- Which videos did somebody (?1; NULL: anybody) begin, and not see to the end? The latest first.
SELECT o.id FROM use u CROSS JOIN content_of c CROSS JOIN object o
WHERE c.content = u.content AND o.id = c.object AND u.position_ms > 0 AND o.kind = 2 AND o.unreadable IS NULL
      AND (?1 IS NULL OR u.person = ?1)
GROUP BY o.id ORDER BY max(u.last_played_s) DESC LIMIT 500
