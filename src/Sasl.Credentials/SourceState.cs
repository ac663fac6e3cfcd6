using Sasl.Hosting.Unix;

namespace Sasl.Credentials;

/// <summary>
/// What a source's answers depend on besides the question: two files, and the day for what expires. While it stays the same, an answer
/// given before is still true.
/// </summary>
public readonly record struct SourceState(FileStatus? First, FileStatus? Second, long Day)
{
    public static SourceState Of(string path, string? secondPath = null, long day = 0) => new(Look(path), secondPath is null ? null : Look(secondPath), day);

    /// <summary>A file that cannot be looked at now is as good as one that is not there: the source will say so itself.</summary>
    static FileStatus? Look(string path)
    {
        try
        {
            return Files.TargetStatus(path);
        }
        catch (UnixException)
        {
            return null;
        }
    }
}
