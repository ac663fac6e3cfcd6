using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials;

/// <summary>What a mechanism of saslauthd is made from.</summary>
/// <param name="Option">-O as it stands, or null: a host for rimap, a path for sasldb and passwdfile. Mechanisms that have their settings in
/// saslauthd.conf need not look at it: it is that file's path.</param>
/// <param name="Settings">saslauthd.conf, checked: the declarations are in <see cref="SaslauthdConf"/>.</param>
/// <param name="Files">The contents of files that only root can read (keys, a keytab), by path as it stands in the setting.</param>
/// <param name="Hashing">Where hashes are computed and blocking calls are made.</param>
/// <param name="Log">For details; refusals are logged by saslauthd itself from the verdict's reason. Never a secret.</param>
public sealed record MechanismContext(string? Option, Settings Settings, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files, HashWorkers Hashing, ILogger Log);
