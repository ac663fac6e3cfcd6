namespace MailControl.Auth;

/// <summary>One word behind "mailctl auth": a file of its own and a line in <see cref="AuthCommand"/>.</summary>
/// <param name="Usage">Its arguments, and behind a colon what it does.</param>
/// <param name="RunAsync">Returns the exit status.</param>
sealed record AuthSubcommand(string Name, string Usage, Func<AuthContext, IReadOnlyList<string>, Task<int>> RunAsync);
