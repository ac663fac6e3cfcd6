namespace Testing;

/// <summary>The built programs, as "make build" leaves them; HOUSE_BIN names another directory (a JIT build, while working).</summary>
public static class Binaries
{
    /// <summary>The checkout.</summary>
    public static string Root { get; } = FindRoot();

    public static string Path(string program)
    {
        var directory = Environment.GetEnvironmentVariable("HOUSE_BIN") ?? System.IO.Path.Combine(Root, "artifacts", "bin");
        var path = System.IO.Path.Combine(directory, program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: run \"make build\" first");
    }

    static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Sasl.sln")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException("no checkout above the test's own directory");
    }
}
