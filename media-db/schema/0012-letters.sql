-- The twelfth step: single letters.

-- Each letter that an object's words hold, once: what one letter finds is most of a library, and the
-- trigrams that begin with it are many times as many. To the tokenizer every letter beyond ASCII is
-- one, and there are blanks between them.
CREATE VIRTUAL TABLE letters USING fts5(text, content='', columnsize=0, detail=none,
                                        tokenize='ascii');
