namespace Sasl.Hosting.Daemon;

/// <summary>The exit codes of sysexits.h that mail programs agree on.</summary>
public static class ExitCode
{
    public const int Ok = 0, Usage = 64, DataError = 65, NoUser = 67, Unavailable = 69, Software = 70, OsError = 71, CantCreate = 73,
        IoError = 74, TemporaryFailure = 75, Protocol = 76, NoPermission = 77, Config = 78;
}
