/* language.h -- languages as films, file names and people call them
 *
 * ISO 639-1, 639-2 (both of its codes) and the words of subtitle makers ("chs", "big5"), with or
 * without a script or a country behind them (RFC 5646): "zh-Hant", "zh_TW", "chi". */
#pragma once

typedef enum {
    LANGUAGE_OTHER,   /* another one, or one of both is NULL */
    LANGUAGE_SCRIPT,  /* the same, perhaps in another script */
    LANGUAGE_SAME,
} LanguageMatch;

/* Is what somebody wants what something is told to be in? */
LanguageMatch language_match(const char *wanted, const char *told);
