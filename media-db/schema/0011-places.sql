-- The eleventh step: a place has a name that people can read. Pictures that know theirs find it when
-- they are read again.
UPDATE object SET modified_ns = 0 WHERE name IS NOT NULL AND kind = 3 AND place IS NOT NULL;
