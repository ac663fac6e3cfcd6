namespace Saslauthd.Workers;

/// <summary>
/// Those who wait, each uid in a line of its own: the lines are served in turn, so a program that asks a thousand times makes its own questions wait
/// and nobody else's. Not thread-safe.
/// </summary>
sealed class FairQueue<T> where T : class
{
    readonly Dictionary<uint, LinkedList<T>> _lines = [];
    readonly Queue<uint> _turns = new();

    public int Count { get; private set; }

    public LinkedListNode<T> Enqueue(uint asker, T item)
    {
        if (!_lines.TryGetValue(asker, out var line))
        {
            _lines[asker] = line = [];
            _turns.Enqueue(asker);
        }
        Count++;
        return line.AddLast(item);
    }

    /// <summary>Who gave up waiting. False when its turn had come already.</summary>
    public bool Remove(LinkedListNode<T> node)
    {
        if (node.List is not { } line)
            return false;
        line.Remove(node);
        Count--;
        return true;
    }

    public T? Dequeue()
    {
        while (_turns.TryDequeue(out var asker))
        {
            var line = _lines[asker];
            if (line.First is not { } first)
            {
                _lines.Remove(asker);
                continue;
            }
            line.RemoveFirst();
            Count--;
            _turns.Enqueue(asker);
            return first.Value;
        }
        return null;
    }
}
