-- Which songs were played most?
SELECT o.id FROM use u CROSS JOIN content_of c CROSS JOIN object o
WHERE c.content = u.content AND o.id = c.object AND u.play_count > 0 AND o.kind = 1 AND o.unreadable IS NULL
GROUP BY o.id ORDER BY sum(u.play_count) DESC, max(u.last_played_s) DESC LIMIT 500
