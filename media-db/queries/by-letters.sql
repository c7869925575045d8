-- Which objects hold letters that begin so, once for each place?
SELECT doc FROM word_part WHERE term >= ?1 AND term < ?2
