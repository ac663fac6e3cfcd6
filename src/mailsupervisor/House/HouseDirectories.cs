using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>Makes the directories of the house. An existing directory keeps its content; one that others use too keeps its owner and mode.</summary>
static class HouseDirectories
{
    public static void Prepare(HousePlan plan)
    {
        foreach (var (path, mode, uid, gid, isOurs) in plan.Directories)
        {
            var isNew = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            var status = Files.Status(path) ?? throw new IOException($"{path} vanished");
            if (!status.IsDirectory)
                throw new IOException($"{path} is not a directory (a link, perhaps)");
            if (!isNew && !isOurs)
                continue;
            if (Identity.IsRoot && (status.Uid != (uid ?? 0) || status.Gid != (gid ?? 0)))
                Files.ChangeOwner(path, uid ?? 0, gid ?? 0);
            if (status.Permissions != mode)
                Files.ChangeMode(path, mode);
        }
    }
}
