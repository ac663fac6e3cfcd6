using System.IO.MemoryMappedFiles;

namespace Fuzz;

/// <summary>The input of the present run in a mapped file: there also after a stack overflow, which nothing can catch.</summary>
sealed class LastInput : IDisposable
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    public LastInput(string path, int longest)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, longest + 4);
        _view = _file.CreateViewAccessor();
    }

    public void Keep(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(4, input, 0, input.Length);
    }

    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan(4, BitConverter.ToInt32(bytes)).ToArray();
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
