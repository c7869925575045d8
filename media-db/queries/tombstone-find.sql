-- Was such a file here in the last weeks?
SELECT id, max(removed_s) FROM tombstone
WHERE size_bytes = ?1 AND modified_ns >= ?2 * 1000000000 AND modified_ns < (?2 + 1) * 1000000000
      AND name = ?3
