using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>Makes the directories of the house. An existing directory keeps its content; owner and mode are set when they differ.</summary>
static class HouseDirectories
{
    public static void Prepare(HousePlan plan)
    {
        foreach (var (path, mode, uid, gid) in plan.Directories)
        {
            Directory.CreateDirectory(path);
            var status = Files.Status(path) ?? throw new IOException($"{path} vanished");
            if (!status.IsDirectory)
                throw new IOException($"{path} is not a directory (a link, perhaps)");
            if (Identity.IsRoot && (status.Uid != (uid ?? 0) || status.Gid != (gid ?? 0)))
                Files.ChangeOwner(path, uid ?? 0, gid ?? 0);
            if (status.Permissions != mode)
                Files.ChangeMode(path, mode);
        }
    }
}
