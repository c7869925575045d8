/* charsets.c -- see charsets.h */
#include "media-db/charsets.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#define OCTETS_MAX 512 /* of a text, that are looked at */
#define PLANE 0x10000

/* Letters that names and titles are made of; by far most of a text is among them. */
static const char simplified[] =
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后"
    "小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
    "知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最"
    "间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市"
    "眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计"
    "或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让"
    "认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办"
    "运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持"
    "取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞"
    "观争究包组造落视济喜离虽坏兴举半夜梦歌曲星雨雪春夏秋冬晴晚爱恨泪伤泣孤独寂寞幸福永远朋友陈刘杨赵吴徐"
    "孙胡朱郭何罗郑梁谢宋唐韩冯邓曹彭曾萧田董潘袁蔡蒋余杜叶魏薛苏吕丁沈任姚卢姜崔钟谭陆汪范石廖贾韦傅邹熊"
    "孟秦邱侯江尹薛闫段雷龙陶贺毛郝顾龚邵万钱严覃武戴莫孔向汤杰伦燕姿慧娴学友德华富城黎菲那英孙楠刀郎健民谣"
    "恋舞蹈情缘誓言味道蓝绿红尘玫瑰蝴蝶彩虹阳光月亮世界故事童话传奇专辑精选演唱会现场版钢琴吉他交响乐队合唱"
    "古典流行摇滚民歌粤语国语伴奏原声带电视剧主题曲插片尾第集上下未知艺术家群星"
    "惠妹婷娜丽玲芳娟琪雯静敏怡佳蓉颖莹薇洁倩茜霞萍君丹宁波涛鹏飞龙虎凤鸟鱼花草树木林森山河海江湖岸桥船车"
    "城市街道房门窗灯火烟酒茶杯刀剑魂魔幽鬼神仙妖梅兰竹菊荷柳杨桃樱浪漫温柔甜蜜苦涩痛哭微拥抱吻别再见";
static const char traditional[] =
    "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後"
    "小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長"
    "知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最"
    "間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市"
    "眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計"
    "或司利受光王果親界及今京務制解各任至清物台象記邊共風戰干接它許八特覺望直服毛林題建南度統色字請交愛讓"
    "認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊跟帶花快條院變聯言權往展該領傳近留紅治決周保達辦"
    "運武半候七必城父強步完革深區即求品士轉量空甚眾技輕程告江語英基派滿式李息寫呢識極令黃德收臉錢黨倒未持"
    "取設始版雙歷越史商千片容研像找友孩站廣改議形委早房音火際則首單據導影失拿網香似斯專石若兵弟誰校讀志飛"
    "觀爭究包組造落視濟喜離雖壞興舉夜夢歌曲星雨雪春夏秋冬晴晚恨淚傷泣孤獨寂寞幸福永朋陳劉楊趙吳徐孫胡朱郭"
    "羅鄭梁謝宋唐韓馮鄧曹彭曾蕭田董潘袁蔡蔣余杜葉魏薛蘇呂丁沈姚盧姜崔鐘譚陸汪范廖賈韋傅鄒熊孟秦邱侯尹段雷"
    "龍陶賀郝顧龔邵嚴戴莫孔湯傑倫燕姿慧嫻富城黎菲楠健謠戀舞緣誓味藍綠塵玫瑰蝴蝶彩虹陽亮故童奇輯精選演唱現"
    "鋼琴吉他交響樂隊合古典搖滾粵伴奏原帶劇插尾集未藝術群鄧麗君羅大佑齊豫伍佰任賢齊"
    "惠妹婷娜玲芳娟琪雯靜敏怡佳蓉穎瑩薇潔倩茜霞萍丹寧波濤鵬龍虎鳳鳥魚花草樹木林森山河海江湖岸橋船車城市街"
    "道房門窗燈火煙酒茶杯刀劍魂魔幽鬼神仙妖梅蘭竹菊荷柳桃櫻浪漫溫柔甜蜜苦澀痛哭微擁抱吻別再見打綠奕迅";
static const char kanji[] =
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先"
    "名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨夢恋愛歌曲夜空海風花雪桜星光心君僕私涙恋"
    "未明道音楽世界物語夏春秋冬青赤黒色声想会手目口耳足言葉永遠約束希望自由翼鳥朝夕焼田村藤佐木井松石原野"
    "島林森池橋崎浜坂谷宇多直幸美香子由紀太郎郎一二三浩英和正義信久雄男夫徳永安室奈恵尾崎豊中島浅倉大槻坂本"
    "久石譲椎名林檎宇多田浜崎倉木麻衣平井堅交響組主題集全新旅立走駅町街道窓影時代少年少女戦士機動神話伝説";
static const char hangul[] =
    "이다는의에가을를고한하지사기아리나도시자대인어서로해정은수있그들만일게면원보제스안주상성전과부장라여"
    "없거내오구우동신으마조말너트것세요와김선비방공연드유치생소니음모행용영중회물화경당바때간문미적처발남"
    "두무실계국려호양러던된분집따국산입노명진학더터속단피불하늘난군설번루강르길식달임민종개력년반최박윤조"
    "랑별빛밤꿈눈봄여름가을겨울사랑노래이별눈물추억기억약속바람하늘바다친구마음그대너나우리날알잊싶죽살혼잔"
    "발걸왜못안녕히울웃슬픈행복영원운명천국첫번째마지막거짓말편지거리소녀시대빅뱅동방신기아이유백지영윤도현"
    "밴드가수앨범곡제목노래모음집싱글디지털미니정규라이브콘서트버전반주꽃벚엔딩광석타일좋";

static const struct {
    const char *name, *common; /* ICU's; the letters that are used most */
    bool is_wide;              /* two octets a letter */
    double weight_common;
} charsets_known[CHARSET_N] = {
    [CHARSET_GB18030] = { "GB18030", simplified, true, 2 },
    [CHARSET_BIG5] = { "Big5-HKSCS", traditional, true, 2 },
    [CHARSET_SHIFT_JIS] = { "ibm-943_P15A-2003", kanji, true, 1.7 },
    [CHARSET_EUC_KR] = { "windows-949-2000", hangul, true, 2 },
    [CHARSET_CYRILLIC] = { "windows-1251", "оеаинтсрвлкмдпуяыьгзбчйхОЕАИНТСРВЛКМДП", false, 1.3 },
    [CHARSET_LATIN] = { "windows-1252", "éèäöüßñçàåøáíóúêâôîãõëïÄÖÜÉ’", false, 1.5 },
};

static const char *const shown_names[CHARSET_N] = { "GB18030",   "Big5",         "Shift_JIS",
                                                    "EUC-KR",    "windows-1251", "windows-1252" };

struct Charsets {
    UConverter *converters[CHARSET_N];
    guint8 *common[CHARSET_N]; /* a bit for each letter of the first plane */
};

static guint8 *
set_of(const char *letters)
{
    guint8 *set = g_malloc0(PLANE / 8);

    for (; *letters != '\0'; letters = g_utf8_next_char(letters)) {
        gunichar letter = g_utf8_get_char(letters);
        set[letter / 8] |= (guint8)(1 << letter % 8);
    }
    return set;
}

static bool
set_has(const guint8 *set, UChar32 letter)
{
    return letter < PLANE && (set[letter / 8] & 1 << letter % 8) != 0;
}

Charsets *
charsets_new(void)
{
    g_autoptr(Charsets) charsets = g_new0(Charsets, 1);

    for (int i = 0; i < CHARSET_N; i++) {
        UErrorCode status = U_ZERO_ERROR;
        charsets->common[i] = set_of(charsets_known[i].common);
        charsets->converters[i] = ucnv_open(charsets_known[i].name, &status);
        if (U_FAILURE(status))
            return NULL;
        ucnv_setToUCallBack(charsets->converters[i], UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL,
                            &status);
    }
    return g_steal_pointer(&charsets);
}

void
charsets_free(Charsets *charsets)
{
    if (charsets == NULL)
        return;
    for (int i = 0; i < CHARSET_N; i++) {
        if (charsets->converters[i] != NULL)
            ucnv_close(charsets->converters[i]);
        g_free(charsets->common[i]);
    }
    g_free(charsets);
}

bool
charset_is_known(const char *name)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &status);

    if (U_SUCCESS(status))
        ucnv_close(converter);
    return U_SUCCESS(status) && name[0] != '\0';
}

const char *
charset_name(Charset charset)
{
    return shown_names[charset];
}

bool
charset_is_octets(const char *text)
{
    bool has_high = false;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar letter = g_utf8_get_char_validated(text, -1);
        if (letter > 0xff) /* or not UTF-8 */
            return false;
        has_high = has_high || letter >= 0x80;
    }
    return has_high;
}

static gsize
narrow(const char *text, char *octets, gsize size)
{
    gsize length = 0;

    for (; *text != '\0' && length < size; text = g_utf8_next_char(text))
        octets[length++] = (char)g_utf8_get_char(text);
    return length;
}

/* -- Judging ----------------------------------------------------------------------------------- */

/* A letter of a charset of two octets a letter, for each octet: rows of the table that hold the
 * letters in use come first in all of them. */
static double
judge_wide(Charset charset, UChar32 letter, guint8 lead, int octets)
{
    static const struct {
        guint8 first, last; /* lead octets of the letters in common use */
    } levels[] = { { 0xb0, 0xd7 }, { 0xa4, 0xc6 }, { 0x88, 0x97 }, { 0xb0, 0xc8 } };
    bool is_first = lead >= levels[charset].first && lead <= levels[charset].last;

    if (octets > 2)
        return -2;
    if (octets == 1) /* half-width kana, and what no text has */
        return -1.2;
    if (letter >= 0xe000 && letter < 0xf900)
        return -3;
    if (letter >= 0x3040 && letter < 0x3100) /* kana */
        return charset == CHARSET_SHIFT_JIS ? 2 : -0.3;
    if (letter >= 0x3000 && letter < 0x3040)
        return 0.5;
    if (letter >= 0xff01 && letter < 0xff60)
        return 0.3;
    if (letter >= 0xac00 && letter < 0xd7a4)
        return is_first ? 0.6 : -1;
    if (letter >= 0x4e00 && letter < 0xa000)
        return charset == CHARSET_EUC_KR ? -0.6 : is_first ? 0.6 : -0.5;
    return -1.5;
}

typedef enum { KIND_NONE, KIND_ASCII, KIND_LOWER, KIND_UPPER, KIND_OTHER } LetterKind;

static LetterKind
kind_of(UChar32 letter)
{
    gunichar c = (gunichar)letter;

    if (!g_unichar_isalpha(c))
        return letter < 0x80 ? KIND_NONE : KIND_OTHER;
    if (letter < 0x80)
        return KIND_ASCII;
    return g_unichar_isupper(c) ? KIND_UPPER : KIND_LOWER;
}

/* Cyrillic words are whole, and capitals stand first or all through. */
static double
judge_cyrillic(UChar32 letter, const LetterKind before[2], LetterKind after)
{
    LetterKind kind = kind_of(letter);
    bool is_russian = (letter >= 0x410 && letter < 0x450) || letter == 0x401 || letter == 0x451 ||
                      letter == 0x406 || letter == 0x456 || letter == 0x407 || letter == 0x457 ||
                      letter == 0x404 || letter == 0x454;

    if (kind == KIND_OTHER)
        return letter == 0xab || letter == 0xbb || letter == 0x2116 || letter == 0x2014 ? 0.3
                                                                                        : -1.2;
    if (!is_russian)
        return -1;
    if (before[0] == KIND_ASCII || after == KIND_ASCII)
        return -1.5;
    if (kind == KIND_UPPER && before[0] == KIND_LOWER)
        return -2;
    if (kind == KIND_LOWER && before[0] == KIND_UPPER && before[1] == KIND_UPPER)
        return -2;
    return kind == KIND_UPPER && before[0] == KIND_UPPER ? 0.5 : 0.8;
}

/* Accented letters stand among plain ones. */
static double
judge_latin(UChar32 letter, LetterKind before, LetterKind after)
{
    LetterKind kind = kind_of(letter);

    if (kind == KIND_OTHER)
        return letter >= 0x2018 && letter <= 0x2026 ? 0.3 : letter == 0xfffd ? -3 : -1;
    if (kind == KIND_UPPER && before == KIND_LOWER)
        return -2;
    if (before >= KIND_LOWER || after >= KIND_LOWER)
        return -1.2;
    if (kind == KIND_UPPER && before == KIND_ASCII && after != KIND_ASCII)
        return 0.2; /* at the end of a word in capitals, perhaps */
    return before == KIND_ASCII || after == KIND_ASCII ? 1 : 0.2;
}

typedef struct {
    UChar32 letter;
    guint8 lead;
    int octets; /* that it took; 0: these are no letter */
} Read;

/* Reads octets in a charset; how many letters came out. */
static guint
read_all(UConverter *converter, const char *octets, gsize length, Read *reads)
{
    const char *at = octets, *end = octets + length;
    guint count = 0;

    ucnv_reset(converter);
    while (at < end) {
        const char *begin = at;
        UErrorCode status = U_ZERO_ERROR;
        UChar32 letter = ucnv_getNextUChar(converter, &at, end, &status);
        if (status == U_TRUNCATED_CHAR_FOUND && count > 0)
            break; /* an old tag cuts where its room ends */
        if (at == begin)
            at++;
        reads[count++] = (Read){ letter, (guint8)*begin,
                                 U_FAILURE(status) ? 0 : (int)(at - begin) };
        if (U_FAILURE(status))
            ucnv_reset(converter);
    }
    return count;
}

static double
judge(const Charsets *charsets, Charset charset, const Read *reads, guint count)
{
    double points = 0;
    guint plain = 0, high = 0;

    for (guint i = 0; i < count; i++) {
        plain += kind_of(reads[i].letter) == KIND_ASCII;
        high += reads[i].letter >= 0x80;
    }
    if (charset == CHARSET_CYRILLIC && high < 3 && plain > high)
        points = -2; /* one letter in a Latin text is an accented one */
    for (guint i = 0; i < count; i++) {
        const Read *read = &reads[i];
        LetterKind before[2] = { i > 0 ? kind_of(reads[i - 1].letter) : KIND_NONE,
                                 i > 1 ? kind_of(reads[i - 2].letter) : KIND_NONE };
        LetterKind after = i + 1 < count ? kind_of(reads[i + 1].letter) : KIND_NONE;
        double point;
        if (read->octets == 0) {
            points -= 5;
            continue;
        }
        if (read->letter < 0x80 && read->octets == 1)
            continue;
        if (charsets_known[charset].is_wide)
            point = judge_wide(charset, read->letter, read->lead, read->octets);
        else if (charset == CHARSET_CYRILLIC)
            point = judge_cyrillic(read->letter, before, after);
        else
            point = judge_latin(read->letter, before[0], after);
        if (point > 0 && set_has(charsets->common[charset], read->letter))
            point = charsets_known[charset].weight_common;
        points += point * MAX(read->octets, 1);
    }
    return points;
}

void
charsets_vote(Charsets *charsets, const char *text, CharsetVotes *votes)
{
    char octets[OCTETS_MAX];
    Read reads[OCTETS_MAX];
    gsize length = narrow(text, octets, sizeof octets);

    for (Charset charset = 0; charset < CHARSET_N; charset++) {
        guint count = read_all(charsets->converters[charset], octets, length, reads);
        votes->points[charset] += judge(charsets, charset, reads, count);
    }
}

void
charset_votes_add(CharsetVotes *sum, const CharsetVotes *votes, double weight)
{
    for (int i = 0; i < CHARSET_N; i++)
        sum->points[i] += votes->points[i] * weight;
}

Charset
charset_elect(const CharsetVotes *votes)
{
    Charset best = CHARSET_LATIN;

    for (Charset charset = 0; charset < CHARSET_N; charset++)
        if (votes->points[charset] > votes->points[best])
            best = charset;
    return votes->points[best] > 0 ? best : CHARSET_LATIN;
}

/* -- Reading ----------------------------------------------------------------------------------- */

/* ICU's converter for one of our names or its own. */
static UConverter *
open_converter(const char *name, UErrorCode *status)
{
    for (int i = 0; i < CHARSET_N; i++)
        if (strcmp(shown_names[i], name) == 0)
            name = charsets_known[i].name;
    return ucnv_open(name, status);
}

char *
charset_decode(const char *name, const char *text)
{
    gsize room = strlen(text) + 1;
    g_autofree char *octets = g_malloc(room);
    g_autofree UChar *wide = g_new(UChar, 2 * room);
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = open_converter(name, &status);
    int32_t size = 0;

    if (U_FAILURE(status))
        return NULL;
    const char *from = octets;
    UChar *to = wide;
    gsize length = narrow(text, octets, room);
    /* without a flush: what is cut at the end stays in the converter */
    ucnv_toUnicode(converter, &to, wide + 2 * room, &from, octets + length, NULL, FALSE, &status);
    ucnv_close(converter);
    g_autofree char *decoded = g_malloc(6 * room + 1);
    UErrorCode other = U_ZERO_ERROR;
    u_strToUTF8WithSub(decoded, (int32_t)(6 * room + 1), &size, wide, (int32_t)(to - wide), 0xfffd,
                       NULL, &other);
    return U_SUCCESS(other) ? g_steal_pointer(&decoded) : NULL;
}
