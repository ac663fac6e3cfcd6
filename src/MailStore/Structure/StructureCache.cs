namespace MailStore.Structure;

/// <summary>The structures read last: a client asks for structure, then for parts, of the same message.</summary>
sealed class StructureCache
{
    const int Most = 32;

    readonly Lock _gate = new();
    readonly Dictionary<uint, MessageStructure> _kept = [];
    readonly Queue<uint> _order = new();

    public MessageStructure? Find(uint uid)
    {
        lock (_gate)
            return _kept.GetValueOrDefault(uid);
    }

    public void Keep(uint uid, MessageStructure structure)
    {
        lock (_gate)
        {
            if (!_kept.TryAdd(uid, structure))
                return;
            _order.Enqueue(uid);
            if (_order.Count > Most)
                _kept.Remove(_order.Dequeue());
        }
    }
}
