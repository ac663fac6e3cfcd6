namespace MailControl;

/// <summary>One command: a file of its own and a line in <see cref="CommandTable"/>.</summary>
/// <param name="Links">Classic names under which the program may be called instead.</param>
/// <param name="RunAsync">Returns the exit status.</param>
sealed record Command(string Name, string Help, IReadOnlyList<string> Links, Func<CommandContext, IReadOnlyList<string>, Task<int>> RunAsync);
