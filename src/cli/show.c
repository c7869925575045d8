/* show.c -- how answers are put before people */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

void
cli_complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "duoping: %s\n", text);
}

bool
cli_show_json(const Cli *cli, const json_t *value)
{
    if (!cli->is_json)
        return false;
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    return true;
}

const char *
cli_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

const char *
cli_title(const json_t *object)
{
    bool is_hidden = json_is_true(json_object_get(object, "hidden"));

    return is_hidden ? "(not shared with you)" : cli_text(object, "title");
}

int64_t
cli_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* Control characters of a name must not reach the terminal. */
static guint
put_clean(const char *text)
{
    guint width = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        char bytes[7] = { 0 };
        g_unichar_to_utf8(g_unichar_iscntrl(c) ? '?' : c, bytes);
        fputs(bytes, stdout);
        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

void
cli_row(const CliColumn *columns, guint count)
{
    for (guint i = 0; i < count; i++) {
        guint width = put_clean(columns[i].text);
        for (bool is_last = i + 1 == count; !is_last && width < columns[i].width + 2; width++)
            putchar(' ');
    }
    putchar('\n');
}

char *
cli_time(int64_t ms)
{
    int64_t s = ms / 1000;

    if (ms <= 0)
        return g_strdup("");
    if (s < 3600)
        return g_strdup_printf("%d:%02d", (int)(s / 60), (int)(s % 60));
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d", s / 3600, (int)(s / 60 % 60),
                           (int)(s % 60));
}
