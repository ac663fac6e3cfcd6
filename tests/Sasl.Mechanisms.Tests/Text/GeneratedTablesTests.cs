using Sasl.Mechanisms.Text;
using Testing;
using UnicodeTables;

namespace Sasl.Mechanisms.Tests.Text;

public sealed class GeneratedTablesTests
{
    /// <summary>Where the system has another version of Unicode there is nothing to compare with; the version that is checked in is named here.</summary>
    [RequiresFact(program: UnicodeDatabase.DebianDirectory + "/UnicodeData.txt")]
    public void The_tables_are_what_the_generator_writes()
    {
        var database = new UnicodeDatabase(UnicodeDatabase.DebianDirectory);
        Assert.Equal("15.0.0", NormalizationTable.UnicodeVersion);
        if (database.Version != NormalizationTable.UnicodeVersion)
            return;
        foreach (var (name, text) in GeneratedFiles.All(database))
            Assert.Equal(File.ReadAllText(Path.Combine(Binaries.Root, "src/Sasl.Mechanisms/Text", name)), text);
    }
}
