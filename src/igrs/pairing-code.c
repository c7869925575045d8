/* pairing-code.c -- see pairing-code.h */
#include "igrs/pairing-code.h"

#include <string.h>

#define LETTERS 24
#define GROUP 5
#define SHORT_LETTERS 8
#define SHORT_GROUP 4

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
key_of(const char letters[LETTERS + 1], IgrsSecret *key)
{
    g_autofree char *text = g_strconcat("igrs-pairing:", letters, NULL);
    g_autofree char *digits = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    igrs_secret_from_digits(digits, key);
    explicit_bzero(text, strlen(text));
    explicit_bzero(digits, strlen(digits));
}

static char
check_letter(const IgrsSecret *key)
{
    return alphabet[key->octets[0] >> 3];
}

char *
igrs_code_new(void)
{
    IgrsSecret chance, key;
    char letters[LETTERS + 1] = "";
    GString *code = g_string_sized_new(IGRS_CODE_SIZE + 1);

    igrs_secret_random(&chance);
    for (guint i = 0; i < LETTERS; i++)
        letters[i] = alphabet[chance.octets[i] & 31];
    key_of(letters, &key);
    for (guint i = 0; i <= LETTERS; i++) {
        if (i > 0 && i % GROUP == 0)
            g_string_append_c(code, '-');
        g_string_append_c(code, i < LETTERS ? letters[i] : check_letter(&key));
    }
    return g_string_free(code, FALSE);
}

/* The letter of the alphabet that was meant; NUL: none. */
static char
letter_meant(char typed)
{
    char letter = g_ascii_toupper(typed);

    if (letter == 'O')
        letter = '0';
    else if (letter == 'I' || letter == 'L')
        letter = '1';
    return strchr(alphabet, letter) != NULL ? letter : '\0';
}

bool
igrs_code_read(const char *text, IgrsSecret *key)
{
    const char *query = strstr(text, "code=");
    char letters[LETTERS + 1] = "", last = '\0';
    IgrsSecret found;
    guint count = 0;

    if (igrs_secret_from_digits(text, key))
        return true;
    for (const char *at = query != NULL ? query + strlen("code=") : text; *at != '\0'; at++) {
        if (*at == '-' || g_ascii_isspace(*at))
            continue;
        last = letter_meant(*at);
        if (last == '\0' || count > LETTERS)
            return false;
        if (count < LETTERS)
            letters[count] = last;
        count++;
    }
    if (count != LETTERS + 1)
        return false;
    key_of(letters, &found);
    if (check_letter(&found) != last)
        return false;
    *key = found;
    return true;
}

char *
igrs_short_code_new(void)
{
    IgrsSecret chance;
    GString *code = g_string_sized_new(SHORT_LETTERS + 2);

    igrs_secret_random(&chance);
    for (guint i = 0; i < SHORT_LETTERS; i++) {
        if (i == SHORT_GROUP)
            g_string_append_c(code, '-');
        g_string_append_c(code, alphabet[chance.octets[i] & 31]);
    }
    return g_string_free(code, FALSE);
}

char *
igrs_short_code_read(const char *text)
{
    g_autoptr(GString) code = g_string_sized_new(SHORT_LETTERS + 2);

    for (; *text != '\0'; text++) {
        if (*text == '-' || g_ascii_isspace(*text))
            continue;
        char letter = letter_meant(*text);
        if (letter == '\0' || code->len > SHORT_LETTERS)
            return NULL;
        if (code->len == SHORT_GROUP)
            g_string_append_c(code, '-');
        g_string_append_c(code, letter);
    }
    return code->len == SHORT_LETTERS + 1 ? g_strdup(code->str) : NULL;
}

char *
igrs_code_address(const char *code, const char *device_id)
{
    return g_strdup_printf("igrs:%s?code=%s", igrs_device_id_uuid(device_id), code);
}
