-- Which objects hold this text, of three letters or more?
SELECT rowid FROM words WHERE words MATCH ?1
