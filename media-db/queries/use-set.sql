-- Somebody used it: -1 leaves a number as it was.
INSERT INTO use(content, person, position_ms, play_count, last_played_s)
VALUES (?1, ?2, max(?3, 0), max(?4, 0) + ?6, max(?5, 0))
ON CONFLICT (content, person) DO UPDATE SET
    position_ms = iif(?3 < 0, position_ms, ?3), play_count = iif(?4 < 0, play_count, ?4) + ?6,
    last_played_s = iif(?5 < 0, last_played_s, ?5)
