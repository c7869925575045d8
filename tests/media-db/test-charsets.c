/* test-charsets.c -- names of songs in the charsets of old tags are known again, short ones too */
#include "media-db/charsets.h"

#include <string.h>

/* What a file says: its texts, each with the charset they were written in. */
static const struct {
    Charset charset;
    const char *iconv, *text;
} alone[] = {
    { CHARSET_GB18030, "GBK", "周杰伦" },
    { CHARSET_GB18030, "GBK", "王菲" },
    { CHARSET_GB18030, "GBK", "七里香" },
    { CHARSET_GB18030, "GBK", "晴天" },
    { CHARSET_GB18030, "GBK", "月亮代表我的心" },
    { CHARSET_GB18030, "GBK", "中国民歌 - 茉莉花" },
    { CHARSET_GB18030, "GBK", "五月天《后来的我们》" },
    { CHARSET_BIG5, "BIG5", "周杰倫" },
    { CHARSET_BIG5, "BIG5", "鄧麗君" },
    { CHARSET_BIG5, "BIG5", "月亮代表我的心" },
    { CHARSET_BIG5, "BIG5", "張學友 - 吻別" },
    { CHARSET_BIG5, "BIG5", "陳奕迅" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "さくら" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "宇多田ヒカル" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "世界に一つだけの花" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "スピッツ" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "夢の中へ" },
    { CHARSET_EUC_KR, "EUC-KR", "소녀시대" },
    { CHARSET_EUC_KR, "EUC-KR", "사랑해" },
    { CHARSET_EUC_KR, "EUC-KR", "아이유 - 좋은 날" },
    { CHARSET_EUC_KR, "EUC-KR", "이별 노래" },
    { CHARSET_EUC_KR, "EUC-KR", "강남스타일" },
    { CHARSET_CYRILLIC, "CP1251", "Кино" },
    { CHARSET_CYRILLIC, "CP1251", "Группа крови" },
    { CHARSET_CYRILLIC, "CP1251", "Подмосковные вечера" },
    { CHARSET_CYRILLIC, "CP1251", "Земфира" },
    { CHARSET_CYRILLIC, "CP1251", "ДДТ - Что такое осень" },
    { CHARSET_LATIN, "CP1252", "Für Elise" },
    { CHARSET_LATIN, "CP1252", "Café" },
    { CHARSET_LATIN, "CP1252", "Björk" },
    { CHARSET_LATIN, "CP1252", "Sigur Rós" },
    { CHARSET_LATIN, "CP1252", "Ärzte" },
    { CHARSET_LATIN, "CP1252", "Françoise Hardy - Tous les garçons et les filles" },
    { CHARSET_LATIN, "CP1252", "Motörhead" },
    { CHARSET_LATIN, "CP1252", "Los Niños del Parque" },
    { CHARSET_LATIN, "CP1252", "Jürgen Müller & Söhne" },
    { CHARSET_LATIN, "CP1252", "Ünder & Über" },
    { CHARSET_LATIN, "CP1252", "Déjà vu" },
    { CHARSET_LATIN, "CP1252", "Señorita" },
    { CHARSET_LATIN, "CP1252", "Don’t stop" },
    { CHARSET_GB18030, "GBK", "许巍" },
    { CHARSET_GB18030, "GBK", "朴树" },
    { CHARSET_GB18030, "GBK", "窦唯" },
    { CHARSET_GB18030, "GBK", "萨顶顶" },
    { CHARSET_GB18030, "GBK", "痛仰" },
    { CHARSET_GB18030, "GBK", "莫文蔚 - 阴天" },
    { CHARSET_GB18030, "GBK", "许茹芸" },
    { CHARSET_GB18030, "GBK", "张震岳" },
    { CHARSET_GB18030, "GBK", "甜蜜蜜" },
    { CHARSET_GB18030, "GBK", "倩女幽魂" },
    { CHARSET_BIG5, "BIG5", "蔡依林" },
    { CHARSET_BIG5, "BIG5", "伍佰" },
    { CHARSET_BIG5, "BIG5", "五月天" },
    { CHARSET_BIG5, "BIG5", "羅大佑" },
    { CHARSET_BIG5, "BIG5", "張惠妹" },
    { CHARSET_BIG5, "BIG5", "蘇打綠" },
    { CHARSET_BIG5, "BIG5", "甜蜜蜜" },
    { CHARSET_BIG5, "BIG5", "滾滾紅塵" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "中島美嘉" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "松任谷由実" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "浜崎あゆみ" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "米津玄師" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "千本桜" },
    { CHARSET_SHIFT_JIS, "SHIFT_JIS", "ＬＯＶＥマシーン" },
    { CHARSET_EUC_KR, "EUC-KR", "빅뱅" },
    { CHARSET_EUC_KR, "EUC-KR", "김광석" },
    { CHARSET_EUC_KR, "EUC-KR", "들국화" },
    { CHARSET_EUC_KR, "EUC-KR", "서태지와 아이들" },
    { CHARSET_EUC_KR, "EUC-KR", "벚꽃 엔딩" },
    { CHARSET_EUC_KR, "EUC-KR", "방탄소년단" },
    { CHARSET_CYRILLIC, "CP1251", "Алла Пугачёва" },
    { CHARSET_CYRILLIC, "CP1251", "Любэ" },
    { CHARSET_CYRILLIC, "CP1251", "КИНО" },
    { CHARSET_CYRILLIC, "CP1251", "АРИЯ" },
    { CHARSET_CYRILLIC, "CP1251", "Чиж & Co" },
    { CHARSET_CYRILLIC, "CP1251", "Сплин" },
    { CHARSET_CYRILLIC, "CP1251", "Ляпис Трубецкой" },
    { CHARSET_CYRILLIC, "CP1251", "Мумий Тролль" },
    { CHARSET_LATIN, "CP1252", "Édith Piaf" },
    { CHARSET_LATIN, "CP1252", "Mylène Farmer" },
    { CHARSET_LATIN, "CP1252", "Guðmundsdóttir" },
    { CHARSET_LATIN, "CP1252", "À la folie" },
    { CHARSET_LATIN, "CP1252", "Mañana" },
    { CHARSET_LATIN, "CP1252", "Røyksopp" },
    { CHARSET_LATIN, "CP1252", "Antônio Carlos Jobim" },
    { CHARSET_LATIN, "CP1252", "Beyoncé" },
    { CHARSET_LATIN, "CP1252", "Håkan Hellström" },
    { CHARSET_LATIN, "CP1252", "L’été indien" },
};

/* The octets of text as a text of letters. */
static char *
octets_of(const char *text, const char *iconv)
{
    g_autoptr(GError) error = NULL;
    gsize size;
    g_autofree char *octets = g_convert(text, -1, iconv, "UTF-8", NULL, &size, &error);
    GString *letters = g_string_new(NULL);

    g_assert_no_error(error);
    for (gsize i = 0; i < size; i++)
        g_string_append_unichar(letters, (guint8)octets[i]);
    return g_string_free(letters, FALSE);
}

static void
test_alone(void)
{
    g_autoptr(Charsets) charsets = charsets_new();

    g_assert_nonnull(charsets);
    for (guint i = 0; i < G_N_ELEMENTS(alone); i++) {
        g_autofree char *octets = octets_of(alone[i].text, alone[i].iconv);
        CharsetVotes votes = { { 0 } };

        charsets_vote(charsets, octets, &votes);
        Charset found = charset_elect(&votes);
        g_autofree char *text = charset_decode(charset_name(found), octets);
        if (found != alone[i].charset || strcmp(text, alone[i].text) != 0) {
            g_test_message("%s (%s): %s, %s; %.1f %.1f %.1f %.1f %.1f %.1f", alone[i].text,
                           alone[i].iconv, charset_name(found), text, votes.points[0],
                           votes.points[1], votes.points[2], votes.points[3], votes.points[4],
                           votes.points[5]);
            g_test_fail();
        }
    }
}

static void
test_names(void)
{
    static const char *const known[] = { "GBK", "gb2312", "Big5", "Shift_JIS", "EUC-KR", "KOI8-R",
                                         "windows-1251", "ISO-8859-2", "UTF-8" };

    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_true(charset_is_known(known[i]));
    g_assert_false(charset_is_known("klingon"));
    g_assert_false(charset_is_known(""));
    g_autofree char *octets = octets_of("Кино", "KOI8-R");
    g_autofree char *text = charset_decode("KOI8-R", octets);
    g_assert_cmpstr(text, ==, "Кино");
    g_assert_null(charset_decode("klingon", octets));
}

static void
test_octets(void)
{
    g_assert_true(charset_is_octets("Ünder"));
    g_assert_false(charset_is_octets("Under"));
    g_assert_false(charset_is_octets("歌 é"));
    g_assert_false(charset_is_octets("\xff\xfe"));

    /* cut where the room of an old tag ends, and what is no letter of the charset */
    g_autofree char *whole = octets_of("七里香", "GBK");
    g_autofree char *cut = g_utf8_substring(whole, 0, 5);
    g_autofree char *text = charset_decode("GB18030", cut);
    g_assert_cmpstr(text, ==, "七里");
    g_autofree char *wrong = charset_decode("Shift_JIS", "a\u00fd\u00fe" "b");
    g_assert_true(g_utf8_validate(wrong, -1, NULL));
    g_assert_nonnull(strstr(wrong, "b"));
}

/* Any octets at all are judged and read without harm. */
static void
test_anything(void)
{
    g_autoptr(Charsets) charsets = charsets_new();
    g_autoptr(GRand) random = g_rand_new_with_seed(7);

    for (int round = 0; round < 2000; round++) {
        g_autoptr(GString) letters = g_string_new(NULL);
        int count = g_rand_int_range(random, 1, 700);
        CharsetVotes votes = { { 0 } };

        for (int i = 0; i < count; i++)
            g_string_append_unichar(letters, (gunichar)g_rand_int_range(random, 1, 256));
        charsets_vote(charsets, letters->str, &votes);
        g_autofree char *text = charset_decode(charset_name(charset_elect(&votes)), letters->str);
        g_assert_true(g_utf8_validate(text, -1, NULL));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/charsets/alone", test_alone);
    g_test_add_func("/charsets/names", test_names);
    g_test_add_func("/charsets/octets", test_octets);
    g_test_add_func("/charsets/anything", test_anything);
    return g_test_run();
}
