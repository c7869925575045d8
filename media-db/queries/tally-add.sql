-- There are more or fewer of a kind.
UPDATE tally SET number = number + ?2 WHERE what = ?1
