namespace Sasl.Hosting.Configuration;

/// <summary>Whether a PEM file can be read and has what is wanted in it. Its content goes nowhere.</summary>
static class PemFile
{
    /// <param name="what">"CERTIFICATE" or "PRIVATE KEY".</param>
    public static string? Complaint(string path, string what)
    {
        try
        {
            if (Directory.Exists(path))
                return $"{path} is a directory";
            var text = File.ReadAllText(path);
            return text.Contains($"{what}-----", StringComparison.Ordinal) && text.Contains("-----BEGIN ", StringComparison.Ordinal) ? null
                : $"{path} holds no {what} in PEM form";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"Can't open file {path}: {(failure is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : failure.Message)}";
        }
    }
}
