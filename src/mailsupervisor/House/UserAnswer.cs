namespace MailSupervisor.House;

enum UserStatus { Found, Unknown, Unavailable }

/// <summary>What the auth server says of a user: the only way for a name to become a uid in this house.</summary>
/// <param name="Mail">The user's own mail location, or null for the configured one.</param>
sealed record UserAnswer(UserStatus Status, string Name, uint Uid, uint Gid, string Home, string? Mail)
{
    public static UserAnswer Unknown { get; } = new(UserStatus.Unknown, "", 0, 0, "", null);

    public static UserAnswer Unavailable { get; } = new(UserStatus.Unavailable, "", 0, 0, "", null);
}
