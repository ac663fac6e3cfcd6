// UnicodeTables [UNICODE-DIRECTORY [SOURCE-DIRECTORY]]: writes the generated tables of src/Sasl.Mechanisms/Text from the files of the Unicode
// Character Database (Debian's package unicode-data). A test regenerates them and compares.
using UnicodeTables;

var database = new UnicodeDatabase(args.Length > 0 ? args[0] : UnicodeDatabase.DebianDirectory);
var target = args.Length > 1 ? args[1] : "src/Sasl.Mechanisms/Text";
foreach (var (name, text) in GeneratedFiles.All(database))
{
    File.WriteAllText(Path.Combine(target, name), text);
    Console.WriteLine($"{name}: {text.Length} characters, Unicode {database.Version}");
}
