using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Hosting.Tests.Unix;

/// <summary>Packets that a taken-over child might send to a process that receives descriptors.</summary>
public sealed class DescriptorAttackTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Descriptor_confusion_a_packet_with_several_descriptors_is_an_error_and_all_are_closed(int count)
    {
        var (sender, receiver) = Descriptors.Pair(SocketType.Seqpacket);
        using (sender)
        using (receiver)
        {
            var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
            Send(sender, [.. Enumerable.Repeat((int)theirs.Handle, count)]);
            theirs.Dispose();
            await Assert.ThrowsAsync<InvalidDataException>(() => Descriptors.ReceiveAsync(receiver, new byte[100], default).AsTask());
            // With the last copy closed the other end reads the end.
            using (ours)
                Assert.Equal(0, await ours.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public async Task A_truncated_packet_is_an_error_and_its_descriptor_is_closed()
    {
        var (sender, receiver) = Descriptors.Pair(SocketType.Seqpacket);
        using (sender)
        using (receiver)
        {
            var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
            await Descriptors.SendAsync(sender, new byte[200], theirs.SafeHandle, default);
            theirs.Dispose();
            await Assert.ThrowsAsync<InvalidDataException>(() => Descriptors.ReceiveAsync(receiver, new byte[100], default).AsTask());
            using (ours)
                Assert.Equal(0, await ours.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public async Task A_received_descriptor_is_not_inherited_by_programs()
    {
        var (sender, receiver) = Descriptors.Pair(SocketType.Seqpacket);
        using (sender)
        using (receiver)
        {
            await Descriptors.SendAsync(sender, new byte[1], sender.SafeHandle, default);
            var (_, descriptor) = await Descriptors.ReceiveAsync(receiver, new byte[1], default);
            using (descriptor)
                Assert.Contains("flags:\t02", await File.ReadAllTextAsync($"/proc/self/fdinfo/{descriptor!.DangerousGetHandle()}"));
        }
    }

    /// <summary>sendmsg(2) as the product never calls it.</summary>
    static void Send(Socket socket, int[] descriptors)
    {
        var data = Marshal.AllocHGlobal(1);
        var vector = Marshal.AllocHGlobal(16);
        var length = 16 + (4 * descriptors.Length);
        var control = Marshal.AllocHGlobal(16 + 8 * descriptors.Length);
        var message = Marshal.AllocHGlobal(56);
        try
        {
            Marshal.WriteIntPtr(vector, data);
            Marshal.WriteIntPtr(vector, 8, 1);
            Marshal.WriteIntPtr(control, length);
            Marshal.WriteInt32(control, 8, 1);
            Marshal.WriteInt32(control, 12, 1);
            Marshal.Copy(descriptors, 0, control + 16, descriptors.Length);
            nint[] header = [0, 0, vector, 1, control, (length + 7) / 8 * 8, 0];
            Marshal.Copy(header, 0, message, header.Length);
            Assert.Equal(1, sendmsg((int)socket.Handle, message, 0));
        }
        finally
        {
            foreach (var block in (nint[])[data, vector, control, message])
                Marshal.FreeHGlobal(block);
        }
    }

#pragma warning disable SYSLIB1054 // No unsafe code in a test project for one call.
    [DllImport("libc", SetLastError = true)]
    static extern nint sendmsg(int socket, nint message, int flags);
#pragma warning restore SYSLIB1054
}
