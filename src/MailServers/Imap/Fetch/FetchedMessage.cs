using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Fetch;

/// <summary>Writes the FETCH response of one message after the other. Text and structure are opened only when an item needs them.</summary>
sealed class FetchedMessage(ImapSession session, List<FetchItem> items)
{
    readonly ImapWriter _writer = session.Writer;
    readonly SelectedMailbox _selected = session.Selected!;
    readonly bool _needsText = items.Any(i => i.Section is not null);
    readonly bool _needsStructure = items.Any(i => i.Section is { NeedsStructure: true }
        || i.Attribute is FetchAttribute.Envelope or FetchAttribute.Body or FetchAttribute.BodyStructure);
    readonly bool _needsSize = items.Any(i => i.Attribute is FetchAttribute.Size or FetchAttribute.InternalDate);
    readonly bool _hasFlags = items.Any(i => i.Attribute == FetchAttribute.Flags);

    /// <summary>False, and nothing written, when the message has vanished.</summary>
    /// <param name="flagsChanged">\Seen was set just now: the client is told even if it did not ask for flags.</param>
    public async ValueTask<bool> WriteAsync(int position, bool flagsChanged)
    {
        var message = _selected.Messages[position];
        using var text = _needsText ? _selected.View.OpenText(message.Uid) : null;
        var structure = _needsStructure ? _selected.View.Structure(message.Uid) : null;
        if ((_needsText && text is null) || (_needsStructure && structure is null))
            return false;
        // Looked up now: a response that has begun could not be taken back if the file were gone.
        if (_needsSize)
            _ = (message.Size, message.InternalDate);
        var flags = _hasFlags || flagsChanged;
        if (flags && _selected.Learn(message.Keywords))
            _selected.TellFlags(_writer);
        _writer.Begin("* ").Number(position + 1).Text(" FETCH (");
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _writer.Text(" ");
            if (items[i].Section is { } section)
                await WriteSectionAsync(section, structure, text!);
            else
                WriteItem(items[i].Attribute, message, structure);
        }
        if (flagsChanged && !_hasFlags)
            _writer.Text(" FLAGS ").Flags(message.Flags, message.Keywords);
        _writer.Text(")").End();
        await _writer.FlushIfFullAsync();
        return true;
    }

    void WriteItem(FetchAttribute attribute, MessageInfo message, MessageStructure? structure)
    {
        switch (attribute)
        {
            case FetchAttribute.Uid:
                _writer.Text("UID ").Number(message.Uid);
                break;
            case FetchAttribute.Flags:
                _writer.Text("FLAGS ").Flags(message.Flags, message.Keywords);
                break;
            case FetchAttribute.InternalDate:
                _writer.Text("INTERNALDATE ").DateTime(message.InternalDate);
                break;
            case FetchAttribute.Size:
                _writer.Text("RFC822.SIZE ").Number(message.Size);
                break;
            case FetchAttribute.Envelope:
                EnvelopeWriter.Write(_writer.Text("ENVELOPE "), structure!.Envelope);
                break;
            case FetchAttribute.Body:
                BodyStructureWriter.Write(_writer.Text("BODY "), structure!.Root, extended: false);
                break;
            case FetchAttribute.BodyStructure:
                BodyStructureWriter.Write(_writer.Text("BODYSTRUCTURE "), structure!.Root, extended: true);
                break;
        }
    }

    async ValueTask WriteSectionAsync(BodySection section, MessageStructure? structure, Stream text)
    {
        _writer.Text(section.Label).Text(" ");
        if (SectionRange.Find(section, structure, text.Length) is not { } range)
        {
            _writer.Text("NIL");
            return;
        }
        var sent = await SectionWriter.WriteAsync(_writer, section, range, text);
        if (section.Text is SectionText.Header or SectionText.HeaderFields or SectionText.HeaderFieldsNot)
            (session.Counters.HeaderCount, session.Counters.HeaderBytes) = (session.Counters.HeaderCount + 1, session.Counters.HeaderBytes + sent);
        else
            (session.Counters.BodyCount, session.Counters.BodyBytes) = (session.Counters.BodyCount + 1, session.Counters.BodyBytes + sent);
    }
}
