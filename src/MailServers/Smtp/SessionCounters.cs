using System.Text;

namespace MailServers.Smtp;

/// <summary>Successes and attempts by command, for the disconnect line: "ehlo=1 auth=0/1 quit=1 commands=2/3".</summary>
sealed class SessionCounters(IReadOnlyList<string> commands)
{
    readonly int[] _successes = new int[commands.Count + 1], _attempts = new int[commands.Count + 1];

    /// <param name="command">The place in the table, or -1 for a command that is not in it.</param>
    public void Count(int command, bool succeeded)
    {
        var at = command < 0 ? commands.Count : command;
        _attempts[at]++;
        _successes[at] += succeeded ? 1 : 0;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i <= commands.Count; i++)
            Append(text, i == commands.Count ? "unknown" : commands[i].ToLowerInvariant(), _successes[i], _attempts[i]);
        Append(text, "commands", _successes.Sum(), _attempts.Sum(), always: true);
        return text.ToString();
    }

    static void Append(StringBuilder text, string name, int successes, int attempts, bool always = false)
    {
        if (attempts == 0 && !always)
            return;
        text.Append(text.Length == 0 ? "" : " ").Append(name).Append('=').Append(successes);
        if (attempts != successes)
            text.Append('/').Append(attempts);
    }
}
