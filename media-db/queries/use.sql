-- What did one, or everybody, do with this content? The latest position, all plays.
SELECT position_ms, (SELECT sum(play_count) FROM use WHERE content = ?1
                     AND (?2 IS NULL OR person = ?2)), last_played_s
FROM use WHERE content = ?1 AND (?2 IS NULL OR person = ?2) ORDER BY last_played_s DESC LIMIT 1
