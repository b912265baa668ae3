using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace JobApi.Engine.Storage.Searching;

/// <summary>
/// What a letter is to a search: small, and without its accents. The table covers Latin, Greek and Cyrillic; the runtime's own normalisation is not used,
/// because without the operating system's culture data it does nothing, and a search must mean the same on every machine.
/// </summary>
internal static class Letters
{
    /// <summary>In each group the plain letter and then those that are taken for it.</summary>
    private const string Groups =
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ cçćĉċčḉ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ iìíîïĩīĭįǐȉȋḭḯỉịı nñńņňǹṅṇṉṋ "
        + "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøǿ uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự yýÿŷȳẏẙỳỵỷỹ dďḋḍḏḑḓđ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖħ jĵǰ "
        + "kķǩḱḳḵ lĺļľḷḹḻḽł rŕŗřȑȓṙṛṝṟ sśŝşšſșṡṣṥṧṩẛ tţťțṫṭṯṱẗŧ wŵẁẃẅẇẉẘ zźżžẑẓẕ ʒǯ ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ "
        + "αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ εέϵἐἑἒἓἔἕὲέ ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ υΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ οόὀὁὂὃὄὅὸό "
        + "ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ βϐ θϑ φϕ πϖ κϰ ρϱῤῥ ςϲ ийѝӣӥ еѐёӗ гѓ ії кќ уўӯӱӳ ѵѷ жӂӝ аӑӓ әӛ зӟ оӧ өӫ эӭ чӵ ыӹ bḃḅḇ fḟ mḿṁṃ "
        + "pṕṗ vṽṿ xẋẍ";

    private static readonly FrozenDictionary<char, char> Plain = Groups.Split(' ')
        .SelectMany(group => group.Skip(1).Select(letter => (letter, group[0])))
        .ToFrozenDictionary(pair => pair.letter, pair => pair.Item2);

    /// <summary>Whether words are made of it. A mark that is written over a letter belongs to the word, but is not part of it.</summary>
    public static bool IsPartOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpacingCombiningMark;

    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;

    /// <summary>Chinese characters and kana: written without spaces, so each is a word of its own, and several are found side by side.</summary>
    public static bool StandsAlone(Rune rune) =>
        rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    /// <summary>Writes the letter as searches know it; the number of characters is the answer.</summary>
    public static int Fold(Rune rune, Span<char> to)
    {
        var small = Rune.ToLowerInvariant(rune);

        if (small.Value > char.MaxValue)
        {
            return small.EncodeToUtf16(to);
        }

        (to[0], to[1]) = (char)small.Value switch
        {
            'ß' => ('s', 's'),
            'æ' or 'ǣ' or 'ǽ' => ('a', 'e'),
            'œ' => ('o', 'e'),
            'þ' => ('t', 'h'),
            var letter => (Plain.GetValueOrDefault(letter, letter), '\0'),
        };

        return to[1] == '\0' ? 1 : 2;
    }
}
