using Testing;

namespace Sasl.Credentials.Tests.Pam;

/// <summary>Service files in a directory of the test's own, and a module in C that does what its arguments say.</summary>
sealed class PamStack : IDisposable
{
    static readonly Lazy<Task<string>> _module = new(CompileAsync);
    static readonly TemporaryDirectory _build = new();

    readonly TemporaryDirectory _directory = new();

    public string Directory => _directory.Path;

    public string this[string file] => _directory[file];

    /// <summary>The module's path, for a service file.</summary>
    public static Task<string> ModuleAsync() => _module.Value;

    public void Write(string service, params string[] lines) => File.WriteAllLines(_directory[service], lines);

    public void Dispose() => _directory.Dispose();

    static async Task<string> CompileAsync()
    {
        // Also for a worker that is not root.
        File.SetUnixFileMode(_build.Path, (UnixFileMode)0x1ED);
        var (source, module) = (_build["pam_test.c"], _build["pam_test.so"]);
        await File.WriteAllTextAsync(source, Source);
        var done = await Command.RunAsync("gcc", ["-shared", "-fPIC", "-O1", "-o", module, source, "-l:libpam.so.0"]);
        return done.ExitCode == 0 ? module : throw new InvalidOperationException(done.Error);
    }

    /// <summary>"ask=P" a hidden prompt that must be answered "geheim", "show=P" an open one, "say=T", "many=N" messages, "return=N", "sleep=N", "crash".</summary>
    const string Source = """
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        struct pam_message { int style; const char *text; };
        struct pam_response { char *text; int code; };
        struct pam_conv { int (*talk)(int, const struct pam_message **, struct pam_response **, void *); void *data; };
        int pam_get_item(const void *, int, const void **);
        int pam_set_item(void *, int, const void *);

        static int talk(void *h, int style, const char *text, int count, const char *wanted)
        {
            const struct pam_conv *conv = 0;
            struct pam_message message = { style, text };
            const struct pam_message *messages[100];
            struct pam_response *answer = 0;
            int result = 0;
            for (int i = 0; i < 100; i++)
                messages[i] = &message;
            if (pam_get_item(h, 5, (const void **)&conv) || !conv)
                return 4;
            result = conv->talk(count, messages, &answer, conv->data);
            if (result)
                return result;
            if (wanted && (!answer || !answer[0].text || strcmp(answer[0].text, wanted)))
                result = 7;
            for (int i = 0; answer && i < count; i++)
                free(answer[i].text);
            free(answer);
            return result;
        }

        static int run(void *h, int argc, const char **argv)
        {
            const char *user = "";
            pam_get_item(h, 2, (const void **)&user);
            for (int i = 0, r = 0; i < argc; i++)
            {
                const char *a = argv[i];
                if (!strncmp(a, "ask=", 4)) r = talk(h, 1, a + 4, 1, "geheim");
                if (!strncmp(a, "prompt=", 7)) pam_set_item(h, 9, a + 7);
                if (!strncmp(a, "show=", 5)) r = talk(h, 2, a + 5, 1, user);
                if (!strncmp(a, "say=", 4)) r = talk(h, 3, a + 4, 1, 0);
                if (!strncmp(a, "many=", 5)) r = talk(h, 4, "x", atoi(a + 5), 0);
                if (!strncmp(a, "sleep=", 6)) sleep(atoi(a + 6));
                if (!strncmp(a, "return=", 7)) return atoi(a + 7);
                if (!strcmp(a, "crash")) *(volatile int *)0 = 1;
                if (r) return r;
            }
            return 0;
        }

        int pam_sm_authenticate(void *h, int flags, int argc, const char **argv) { return run(h, argc, argv); }
        int pam_sm_setcred(void *h, int flags, int argc, const char **argv) { return 0; }
        int pam_sm_acct_mgmt(void *h, int flags, int argc, const char **argv) { return run(h, argc, argv); }
        """;
}
