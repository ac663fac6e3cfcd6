using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;

namespace MailControl.Users;

/// <summary>
/// mailctl user import --from sasldb2|passwd-file [--dry-run] [--replace] [--hash] [--drop-realm REALM] [--scheme SCHEME] FILE|-: users of a Cyrus sasldb2
/// (what db_dump prints of it) or of a passwd-file into the secrets database. What cannot be taken over is told.
/// </summary>
static class ImportCommand
{
    const string Usage = "usage: mailctl user [-f DB] import --from sasldb2|passwd-file [--dry-run] [--replace] [--hash] [--drop-realm REALM] [--scheme SCHEME] FILE|-";
    const int LargestInput = 256 << 20;

    static readonly string[] _kinds = ["sasldb2", "passwd-file"];

    public static int Run(CommandContext context, Sasldb database, IReadOnlyList<string> arguments)
    {
        Identity.ForbidCoreDumps();
        var (from, file, isDry, replaces, hashes, realm, scheme) = ((string?)null, (string?)null, false, false, false, "", PasswordScheme.Bare);
        for (var i = 0; i < arguments.Count; i++)
        {
            string? Value() => i + 1 < arguments.Count ? arguments[++i] : null;
            switch (arguments[i])
            {
                case "--from":
                    from = Value();
                    break;
                case "--dry-run" or "-n":
                    isDry = true;
                    break;
                case "--replace":
                    replaces = true;
                    break;
                case "--hash":
                    hashes = true;
                    break;
                case "--drop-realm" when Value() is { } dropped:
                    realm = dropped;
                    break;
                case "--scheme" when Value() is { } bare:
                    scheme = bare.ToUpperInvariant();
                    break;
                case var word when file is null && (word == "-" || !word.StartsWith('-')):
                    file = word;
                    break;
                default:
                    return context.Fail(Usage, ExitCode.Usage);
            }
        }
        if (file is null || from is null)
            return context.Fail(Usage, ExitCode.Usage);
        if (!_kinds.Contains(from))
            return context.Fail($"--from {from}: not sasldb2 or passwd-file{(NearMiss.Find(from, _kinds) is { } meant ? $" (did you mean {meant}?)" : "")}", ExitCode.Usage);
        try
        {
            return Take(context, database, from, file, new(hashes, realm), scheme, isDry, replaces);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnixException)
        {
            return context.Fail(failure.Message, ExitCode.IoError);
        }
    }

    static int Take(CommandContext context, Sasldb database, string from, string file, SasldbImport import, string scheme, bool isDry, bool replaces)
    {
        var name = file == "-" ? "standard input" : file;
        var text = Read(context, file);
        var problems = new List<Problem>();
        var users = from == "sasldb2" ? import.From(name, Sasldb2Dump.Parse(name, text, problems), problems) : import.From(name, text, scheme, problems);
        IReadOnlyList<ImportedUser> left = [];
        if (isDry)
            left = !replaces && File.Exists(database.Path) ? [.. users.Where(u => database.Contains(u.User, u.Realm))] : [];
        else if (users.Count > 0)
        {
            database.Create();
            left = database.Import(users, replaces);
        }
        foreach (var problem in problems)
            context.Warn(problem.ToString());
        foreach (var user in left)
            context.Warn($"{user.Name} is there already and was left alone (--replace takes the new secrets)");
        var taken = users.Except(left).ToList();
        foreach (var user in taken)
            context.Output.WriteLine($"{user.Name}: {string.Join(", ", user.Secrets.Select(s => s.Kind))}");
        context.Output.WriteLine($"{taken.Count} users {(isDry ? "would be " : "")}taken over{(problems.Count + left.Count > 0 ? $"; {problems.Count + left.Count} remarks" : "")}");
        return problems.Count + left.Count > 0 ? ExitCode.DataError : ExitCode.Ok;
    }

    static string Read(CommandContext context, string file)
    {
        if (file != "-")
            return new FileInfo(file).Length <= LargestInput ? Encoding.UTF8.GetString(File.ReadAllBytes(file)) : throw new IOException($"{file} is larger than {LargestInput} bytes");
        var (text, buffer) = (new StringBuilder(), new char[64 * 1024]);
        while (context.Input.Read(buffer) is > 0 and var count)
        {
            if (text.Append(buffer, 0, count).Length > LargestInput)
                throw new IOException($"the input is larger than {LargestInput} characters");
        }
        return text.ToString();
    }
}
