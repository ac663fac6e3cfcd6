namespace Sasl.Hosting.Configuration;

/// <summary>
/// The passdb and userdb blocks of a tree: what each sets itself, what the file says that its args name, and what of 2.4's global settings holds for it,
/// all under the names of 2.3. The files are read here, by whoever may read them; the auth server gets what is in them.
/// </summary>
static class DovecotDatabaseReader
{
    /// <summary>In the order in which they are asked.</summary>
    public static IReadOnlyList<DovecotDatabase> Read(string kind, DovecotSection root, List<Problem> problems)
    {
        var global = new DovecotModernScope(problems);
        foreach (var unknown in global.Read(root.Children.Where(IsModern), [""]).OfType<DovecotAssignment>())
        {
            if (kind == "passdb")
                problems.Add(new(unknown.File, unknown.Line, $"Unknown setting: oauth2 {{ {unknown.Name} }}", NearMiss.Find($"oauth2_{unknown.Name}", DovecotModernNames.All)?[7..]));
        }
        return [.. Blocks(kind, root).Select(section => new DovecotDatabaseBlock(section, global, problems).Read())];
    }

    /// <summary>Whether a node outside of all blocks belongs to databases.</summary>
    public static bool IsModern(DovecotNode node) => node switch
    {
        DovecotAssignment assignment => DovecotModernNames.IsGlobal(assignment.Name.Split('/')[0]),
        DovecotSection section => DovecotModernNames.Sections.Contains(section.Name) || (section.Argument.Length == 0 && DovecotModernNames.IsGlobal(section.Name)),
        _ => false,
    };

    /// <summary>Two blocks of one name are one block.</summary>
    static List<DovecotSection> Blocks(string kind, DovecotSection root)
    {
        var blocks = new List<DovecotSection>();
        foreach (var section in root.Sections(kind))
        {
            var before = section.Argument.Length == 0 ? -1 : blocks.FindIndex(b => b.Argument == section.Argument);
            if (before < 0)
                blocks.Add(section);
            else
                blocks[before] = blocks[before] with { Children = [.. blocks[before].Children, .. section.Children] };
        }
        return blocks;
    }
}
