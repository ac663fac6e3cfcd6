using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class DovecotWordListTests
{
    static readonly Gen<string> _word = Gen.Char["abc=%{}|'\" \t.@"].Array[1, 12].Select(c => new string(c)).Where(w => w.Trim().Length > 0);

    [Fact]
    public void What_is_joined_splits_into_as_many_words() => _word.List[1, 5].Sample(words => DovecotWordList.Split(DovecotWordList.Join(words)).Length == words.Count);

    [Fact]
    public void Words_without_variables_come_back_as_they_were() =>
        _word.Where(w => !w.Contains("%{")).List[1, 5].Sample(words => words.SequenceEqual(DovecotWordList.Split(DovecotWordList.Join(words))));

    [Theory]
    [InlineData("home=%{user | lower}", "home=%{user|lower}")]
    [InlineData("home=%{user | default('a b')}/x", "home=%{user|default('a b')}/x")]
    [InlineData("home={a b}", "home={a b}")]
    public void Blanks_within_a_variable_mean_nothing(string word, string compact) => Assert.Equal([compact], DovecotWordList.Split(DovecotWordList.Join([word])));
}
