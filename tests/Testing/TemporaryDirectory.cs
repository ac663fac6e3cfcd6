namespace Testing;

/// <summary>A directory of the test's own, gone afterwards.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    const int MostAttempts = 100;

    public TemporaryDirectory() => Path = Directory.CreateTempSubdirectory("sasl-test-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (attempt < MostAttempts && Directory.Exists(Path))
            {
                // A server that was told to end writes down what it keeps.
                Thread.Sleep(10);
            }
        }
    }
}
