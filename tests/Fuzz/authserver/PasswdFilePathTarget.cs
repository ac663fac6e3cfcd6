using AuthServer.Logins;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;

namespace Fuzz;

/// <summary>User names in the path of a passwd-file: each value is one component, or there is no file. And extra fields: none is taken for another's.</summary>
static class PasswdFilePathTarget
{
    public static readonly string[] Seeds = ["bob@example.org", "bob@../../etc/passwd", "bob@..", "@", "bob@a/b", "bob@\0", "%u@%d", "a=%{user} b=%% c", "home=/h/%1Lu quota=*:bytes=1M"];

    static readonly PasswdFilePath _path = new(new(new("passwd-file", "username_format=%n /users/%d/%Lu.passwd"), new(), HashWorkers.Inline, HashWorkers.Inline, NullLogger.Instance, TimeProvider.System));

    static readonly LoginFacts _bob = new("bob", "bob", new("imap", null, null));

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var login = new LoginFacts(text, text, new("imap", null, null));
        if (_path.PathOf(login) is { } path)
        {
            Check.That(path.Count(c => c == '/') == 3 && path.StartsWith("/users/", StringComparison.Ordinal) && !path.Contains('\0'), "a value that is more than a component");
            Check.Same(path, Path.GetFullPath(path), "a path that leads elsewhere");
        }
        _path.NameOf(login);
        var fields = text.Split(' ').Select(w => w.Split('=', 2)).Select(w => (w[0], w.Length > 1 ? w[1] : "yes")).ToArray();
        // A line of the file has its bound (PasswdFile); a template of percent signs alone costs their square.
        if (text.Length <= 1024 && PasswdFileFields.Read(fields).Fields is { } read)
            Check.That(read.For(_bob).Count == fields.Length, "fields that were lost");
    }
}
