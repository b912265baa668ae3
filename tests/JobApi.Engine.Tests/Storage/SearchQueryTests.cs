using JobApi.Engine.Storage.Searching;

namespace JobApi.Engine.Tests.Storage;

public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("one two", "\"one\" \"two\"")]
    [InlineData("  One\tTWO one ", "\"one\" \"two\"")]
    [InlineData("alice@example.com", "\"alice example com\"")]
    [InlineData("\"one two\" three*", "\"one two\" \"three\"*")]
    [InlineData("\"one tw\"*", "\"one tw\"*")]
    [InlineData("one\"two three", "\"one\" \"two three\"")]
    [InlineData("\"never closed", "\"never closed\"")]
    [InlineData("- one + \"\" *", "\"one\"")]
    [InlineData("O'Brien", "\"o brien\"")]
    [InlineData("Ångström ŁÓDŹ", "\"angstrom\" \"lodz\"")]
    [InlineData("e\u0301te\u0301", "\"ete\"")]
    [InlineData("寿司", "\"寿 司\"")]
    [InlineData("a AND b OR NOT c", "\"a\" \"and\" \"b\" \"or\" \"not\" \"c\"")]
    public void A_text_is_read_as_terms(string text, string expected)
    {
        Assert.Null(SearchQuery.Read(text, out var query));
        Assert.Equal(expected, query!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("*")]
    [InlineData("\"\"")]
    [InlineData("+-()&|!:^~")]
    [InlineData("a*")]
    [InlineData("\"one t\"*")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17")]
    [InlineData("1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16-17")]
    public void A_text_that_says_nothing_or_too_much_is_refused(string text)
    {
        Assert.NotNull(SearchQuery.Read(text, out var query));
        Assert.Null(query);
    }

    [Fact]
    public void A_text_can_be_too_long()
    {
        Assert.Null(SearchQuery.Read(new string('a', SearchQuery.MaxLength), out _));
        Assert.NotNull(SearchQuery.Read(new string('a', SearchQuery.MaxLength + 1), out _));
    }

    [Theory]
    [InlineData("""{"a":"x\ny"}""", " a x y ")]
    [InlineData("""{"a":"x\"y\\z\/w"}""", " a x y z w ")]
    [InlineData("""{"a":"\u00c9t\u00e9"}""", " a ete ")]
    [InlineData("""{"a":"\ud83d\ude00b\ud835\udc00"}""", " a b\ud835\udc00 ")]
    [InlineData("""{"a":-12.5e3,"b":[true,null]}""", " a 12 5e3 b true null ")]
    [InlineData("\"cut\\u00", " cut ")]
    [InlineData("\"cut\\", " cut ")]
    [InlineData("{}", " ")]
    public void Json_is_read_as_it_reads(string json, string expected) =>
        Assert.Equal(expected, SearchText.Of(System.Text.Encoding.UTF8.GetBytes(json), null, null));

    [Fact]
    public void A_character_that_is_cut_in_two_ends_the_words() =>
        Assert.Equal(" ab ", SearchText.Of("ab\u00e9"u8[..3], null, null));

    [Fact]
    public void Long_words_are_cut_in_what_is_asked_for_as_in_what_is_searched()
    {
        var word = new string('x', 60) + "\ud835\udc00\ud835\udc00\ud835\udc00";
        Assert.Null(SearchQuery.Read(word + "tail", out var query));

        Assert.True(query!.Matches(SearchText.Of(System.Text.Encoding.UTF8.GetBytes($"\"{word}other\""), null, null)));
    }
}
