-- How many are there of a kind?
SELECT number FROM tally WHERE what = ?1
