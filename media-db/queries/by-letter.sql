-- Which objects hold this one letter?
SELECT rowid FROM letters WHERE letters MATCH ?1
