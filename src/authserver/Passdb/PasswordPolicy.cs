using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Passdb;

/// <summary>What may be stored of a password, and what becomes of it after a login.</summary>
/// <param name="AllowWeak">Passwords stored with a weak scheme are compared, not refused.</param>
/// <param name="Upgrade">After a good login in plain, what is old gets a better hash and SCRAM keys.</param>
/// <param name="Iterations">Rounds of new SCRAM keys.</param>
sealed record PasswordPolicy(bool AllowWeak, bool Upgrade, int Iterations)
{
    public static PasswordPolicy Default { get; } = Of(new());

    public static PasswordPolicy Of(AuthServerSettings settings) => new(
        settings.Values.Boolean(DovecotConf.AuthAllowWeakSchemes), settings.Values.Boolean(DovecotConf.AuthUpgradePasswords), settings.Values.Integer(DovecotConf.AuthScramIterations));
}
