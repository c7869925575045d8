/* rules-files.c -- section 7: FileAccess, where the device has it
 *
 * Asked as an open device, which may look and not touch: nothing of the device's is changed. */
#include "validate/rules.h"

#include <string.h>

static const TestedService service = { 5, (char *)IGRS_URN_SERVICE_TYPE "FileAccess:1" };

#define PATH(text) "<Path>" text "</Path>"
#define PAGE(index, count) \
    "<StartingIndex>" index "</StartingIndex><RequestedCount>" count "</RequestedCount>"
#define TO "<NewPath>/igrs-validate</NewPath>"

static bool
enter(Tester *t)
{
    return open_pipe(t) && open_session(t, &service);
}

/* text: the operation, more: its arguments; code: what comes back. */
static void
operation(Tester *t, const Rule *rule)
{
    if (enter(t))
        expect_code(t, invoke(t, &service, rule->text, rule->more), rule->code);
}

/* The outputs in their order: text is "operation output output ...". */
static void
outputs(Tester *t, const Rule *rule)
{
    g_auto(GStrv) words = g_strsplit(rule->text, " ", -1);
    g_autofree char *name = g_strconcat(words[0], "Response", NULL);

    if (!enter(t))
        return;
    const Heard *reply = invoke(t, &service, words[0], rule->more);
    const XmlNode *response = find_element(payload(reply), name);
    const XmlNode *output = response != NULL ? xml_first(response, NULL) : NULL;
    expect_code(t, reply, 200);
    expect(t, response != NULL, "no %s", name);
    for (guint i = 1; words[i] != NULL; i++) {
        expect(t, output != NULL && strcmp(xml_name(output), words[i]) == 0,
               "%s is not in its place", words[i]);
        output = output != NULL ? xml_next(output, NULL) : NULL;
    }
    expect(t, output == NULL, "an output too many");
}

static void
check_entry(Tester *t, const XmlNode *entry)
{
    static const char *const order[] = { "Name", "Type", "Size", "Modified" };
    const XmlNode *child = xml_first(entry, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        expect(t, child != NULL && strcmp(xml_name(child), order[i]) == 0,
               "%s of an Entry is not in its place", order[i]);
        child = child != NULL ? xml_next(child, NULL) : NULL;
    }
    const char *type = xml_child_text(entry, "Type");
    expect(t, g_strcmp0(type, "folder") == 0, "a root of the type \"%s\"",
           type != NULL ? type : "");
}

/* The top lists the roots, which are folders. */
static void
entries(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *reply =
        enter(t) ? invoke(t, &service, "List", PATH("/") PAGE("0", "0")) : NULL;
    const XmlNode *list = reply != NULL ? find_element(payload(reply), "Entries") : NULL;
    const char *returned = reply != NULL ? payload_text(reply, "NumberReturned") : NULL;
    guint count = 0;

    if (reply == NULL || !expect_code(t, reply, 200) || !expect(t, list != NULL, "no Entries"))
        return;
    for (const XmlNode *entry = xml_first(list, NULL); entry != NULL;
         entry = xml_next(entry, NULL)) {
        expect(t, strcmp(xml_name(entry), "Entry") == 0, "%s among the entries", xml_name(entry));
        check_entry(t, entry);
        count++;
    }
    expect(t, returned != NULL && strtoul(returned, NULL, 10) == count,
           "NumberReturned is not %u", count);
    expect(t, g_strcmp0(payload_text(reply, "TotalMatches"), returned) == 0,
           "all were asked for, and TotalMatches says otherwise");
}

/* A way out that begins in a root of the device's: text goes after its name. */
static void
way_out(Tester *t, const Rule *rule)
{
    const Heard *top = enter(t) ? invoke(t, &service, "List", PATH("/") PAGE("0", "1")) : NULL;
    const char *root = top != NULL ? payload_text(top, "Name") : NULL;

    if (!expect(t, root != NULL, "the top lists no root"))
        return;
    g_autofree char *escaped = g_markup_escape_text(root, -1);
    g_autofree char *path = g_strdup_printf(PATH("/%s%s"), escaped, rule->text);
    expect_code(t, invoke(t, &service, "GetInfo", path), rule->code);
}

#define FILES .needs = NEED_FILES

const Rule file_rules[] = {
    { "files-list", "7", "List of the top", outputs, FILES,
      .text = "List Entries NumberReturned TotalMatches", .more = PATH("/") PAGE("0", "0") },
    { "files-entries", "7", "its Entries are the roots, counted", entries, FILES },
    { "files-info", "7", "GetInfo of the top", outputs, FILES,
      .text = "GetInfo Name Type Size Modified", .more = PATH("/") },
    { "files-relative", "7", "a path that is not absolute: 400", operation, FILES,
      .text = "GetInfo", .more = PATH("etc/passwd"), .code = 400 },
    { "files-empty", "7", "an empty path: 400", operation, FILES, .text = "GetInfo",
      .more = PATH(""), .code = 400 },
    { "files-unknown", "7", "nothing there: 404", operation, FILES, .text = "GetInfo",
      .more = PATH("/igrs-validate: no such root/x"), .code = 404 },
    { "files-open-unknown", "7", "Open of nothing: 404", operation, FILES, .text = "Open",
      .more = PATH("/igrs-validate: no such root/x") "<Mode>read</Mode>", .code = 404 },
    { "files-dots-top", "7", ".. above the top: 403", operation, FILES, .text = "GetInfo",
      .more = PATH("/../etc/passwd"), .code = 403 },
    { "files-dots", "7", ".. out of a root: 403", way_out, FILES, .text = "/../../../etc/passwd",
      .code = 403 },
    { "files-dots-open", "7", "Open by .. out of a root: 403", operation, FILES, .text = "Open",
      .more = PATH("/../etc/passwd") "<Mode>read</Mode>", .code = 403 },
    { "files-encoded", "7", "%2e%2e is a plain name: 404", way_out, FILES,
      .text = "/%2e%2e/%2e%2e/etc/passwd", .code = 404 },
    { "files-backslash", "7", "a backslash is a plain character: 404", way_out, FILES,
      .text = "/..\\..\\etc\\passwd", .code = 404 },
    { "files-argument-missing", "2, 7", "a missing argument: 402", operation, FILES,
      .text = "List", .more = PATH("/"), .code = 402 },
    { "files-argument-letters", "2, 7", "an index of letters: 402", operation, FILES,
      .text = "List", .more = PATH("/") PAGE("first", "0"), .code = 402 },
    { "files-open-write", "4, 7", "Open to write by an open pipe: 401", operation, FILES,
      .text = "Open", .more = PATH("/x/y") "<Mode>write</Mode>", .code = 401 },
    { "files-open-create", "4, 7", "Create by an open pipe: 401", operation, FILES,
      .text = "Create", .more = PATH("/x/y"), .code = 401 },
    { "files-open-folder", "4, 7", "CreateDirectory by an open pipe: 401", operation, FILES,
      .text = "CreateDirectory", .more = PATH("/x/y"), .code = 401 },
    { "files-open-delete", "4, 7", "Delete by an open pipe: 401", operation, FILES,
      .text = "Delete", .more = PATH("/x/y"), .code = 401 },
    { "files-open-rename", "4, 7", "Rename by an open pipe: 401", operation, FILES,
      .text = "Rename", .more = PATH("/x/y") "<NewName>z</NewName>", .code = 401 },
    { "files-open-move", "4, 7", "Move by an open pipe: 401", operation, FILES, .text = "Move",
      .more = PATH("/x/y") TO, .code = 401 },
    { "files-open-copy", "4, 7", "Copy by an open pipe: 401", operation, FILES, .text = "Copy",
      .more = PATH("/x/y") TO, .code = 401 },
    { NULL },
};
