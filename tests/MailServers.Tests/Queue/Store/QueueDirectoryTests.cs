using System.Text;
using CsCheck;
using MailServers.Queue.Store;
using Testing;

namespace MailServers.Tests.Queue.Store;

public sealed class QueueDirectoryTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    QueueDirectory _queue;

    public QueueDirectoryTests() => _queue = Open();

    QueueDirectory Open() => QueueDirectory.Open(_directory["spool"], TimeProvider.System);

    public void Dispose()
    {
        _queue.Dispose();
        _directory.Dispose();
    }

    void Restart()
    {
        _queue.Dispose();
        _queue = Open();
    }

    async Task<QueuedMessage> AddAsync(params string[] recipients)
    {
        using var message = _queue.Create(new("s@example.org", DateTimeOffset.UtcNow) { Recipients = [.. recipients.Select(r => new Recipient(r))] });
        message.Write("Subject: x\r\n\r\nbody\r\n"u8);
        return await message.CommitAsync();
    }

    [Fact]
    public async Task A_message_and_its_state_are_found_after_a_restart()
    {
        var message = await AddAsync("a@x", "b@x", "c\t\n@x");
        await _queue.RecordAsync(message, new([1], [new("d@y") { Parent = 1, Sender = "owner@x", MailboxOnly = true }]));
        await _queue.RecordAsync(message, new([0], [], Warned: true));
        Restart();
        var found = _queue.Load(message.Id, out _)!;
        Assert.Equal(["a@x", "b@x", "c\t\n@x", "d@y"], found.Recipients.Select(r => r.Address));
        Assert.Equal([true, true, false, false], found.Recipients.Select(r => r.IsDone));
        Assert.Equal((1, "owner@x", true, true), (found.Recipients[3].Parent, found.Recipients[3].Sender, found.Recipients[3].MailboxOnly, found.IsWarned));
        Assert.Equal("Subject: x\r\n\r\nbody\r\n", new StreamReader(_queue.OpenText(found)).ReadToEnd());
    }

    [Fact]
    public async Task A_journal_line_torn_at_any_byte_is_as_if_it_had_not_been_written()
    {
        var message = await AddAsync("a@x", "b@x");
        await _queue.RecordAsync(message, new([0], []));
        var path = _directory[$"spool/queue/{message.Id}.j"];
        var whole = File.ReadAllBytes(path);
        await _queue.RecordAsync(message, new([1], [new("c@x") { Parent = 1 }]));
        var both = File.ReadAllBytes(path);
        for (var length = whole.Length; length < both.Length; length++)
        {
            File.WriteAllBytes(path, both[..length]);
            var found = _queue.Load(message.Id, out _)!;
            Assert.Equal([true, false], found.Recipients.Select(r => r.IsDone));
            // A new line goes where the torn one began.
            await _queue.RecordAsync(found, new([], [], Warned: true));
            Assert.True(_queue.Load(message.Id, out _)!.IsWarned);
        }
    }

    [Fact]
    public async Task What_was_being_written_at_a_crash_is_gone_and_nothing_else()
    {
        var kept = await AddAsync("a@x");
        File.WriteAllText(_directory["spool/incoming/0123456789Babcz"], "mail\t1\nhalf");
        File.WriteAllText(_directory["spool/queue/orphan12345678.j"], "x");
        Restart();
        Assert.Equal([kept.Id], _queue.Scan().Select(m => m.Id));
        Assert.Empty(Directory.GetFiles(_directory["spool/incoming"]));
        Assert.False(File.Exists(_directory["spool/queue/orphan12345678.j"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mail\t1\n")]
    [InlineData("mail\t1\nfrom\ta@b\t1\nrcpt\tx@y\n")]
    [InlineData("mail\t2\nfrom\ta@b\t1\nrcpt\tx@y\n\ntext")]
    public void A_damaged_file_is_set_aside_for_a_person_to_look_at(string content)
    {
        const string id = "BCDFGHJKLMNPzQ";
        File.WriteAllText(_directory[$"spool/queue/{id}"], content);
        Assert.Null(_queue.Load(id, out var damaged));
        Assert.True(damaged);
        Assert.True(File.Exists(_directory[$"spool/corrupt/{id}"]));
    }

    [Fact]
    public void A_second_process_is_told_that_the_queue_is_taken() => Assert.Throws<IOException>(Open);

    [Fact]
    public async Task Syncs_are_shared_by_messages_that_come_together()
    {
        var before = _queue.Commits.RoundCount;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => AddAsync("a@x"))));
        Assert.Equal(200, _queue.Scan().Count());
        Assert.InRange(_queue.Commits.RoundCount - before, 1, 100);
    }

    [Fact]
    public void Ids_are_new_ones_also_when_the_clock_stands_still()
    {
        var ids = new QueueId(new ManualTime());
        var all = Enumerable.Range(0, 10000).Select(_ => ids.Next()).ToArray();
        Assert.Equal(10000, all.Distinct().Count());
        Assert.Equal(all, all.Order(StringComparer.Ordinal));
        Assert.All(all, id => Assert.True(QueueId.IsOne(id)));
    }

    [Fact]
    public void An_envelope_reads_back_whatever_its_texts_are() => Gen.String.Select(s => s).Array[0, 5].Sample(texts =>
    {
        var envelope = new Envelope("s" + string.Concat(texts), DateTimeOffset.FromUnixTimeMilliseconds(12345)) { Recipients = [.. texts.Select(t => new Recipient("r" + t) { Notify = t })], EnvelopeId = texts.FirstOrDefault() };
        var bytes = EnvelopeFormat.Write(envelope);
        var file = new MemoryStream([.. bytes, .. "\n\ntext"u8]);
        var (read, offset) = EnvelopeFormat.Read(file)!.Value;
        // Lone surrogates do not survive UTF-8, in any mail system.
        static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return offset == bytes.Length && read.Sender == Clean(envelope.Sender) && read.Recipients.Select(r => r.Address).SequenceEqual(texts.Select(t => Clean("r" + t)));
    }, iter: 500);
}
