using System.Diagnostics;
using RelayServer.IntegrationTests.Support;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>Another implementation of MessagePack, run as a program that answers each line with a line.</summary>
internal sealed class MessagePackPeer
{
    private const string Folder = "tests/integration/Conformance/peers";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly string _program;
    private readonly string _script;

    private MessagePackPeer(string program, string script)
    {
        _program = program;
        _script = ProtocolFolder.PathOf(Path.Combine(Folder, script));
    }

    /// <summary>Debian's python3-msgpack, or @msgpack/msgpack of npm; skips or fails the test without it.</summary>
    public static MessagePackPeer Of(string name)
    {
        if (name == "python")
        {
            // The system's own interpreter: another one on the path does not see Debian's packages.
            RequiredProgram.FindFile("/usr/lib/python3/dist-packages/msgpack/__init__.py", "python3-msgpack");
            return new MessagePackPeer(RequiredProgram.FindFile("/usr/bin/python3", "python3"), "peer.py");
        }

        RequiredProgram.FindFile(
            ProtocolFolder.PathOf(Path.Combine(Folder, "node_modules/@msgpack/msgpack/package.json")), "@msgpack/msgpack");
        return new MessagePackPeer(RequiredProgram.Find("node"), "peer.mjs");
    }

    /// <summary>Sends every line and gives the answers, one for each.</summary>
    public async Task<string[]> AskAsync(string verb, IReadOnlyList<string> lines)
    {
        (int exitCode, string output, string errors) = await RunAsync(_program, [_script, verb], lines);
        Assert.True(exitCode == 0, $"{_program} {verb}: {errors}");
        string[] answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Count, answers.Length);
        return answers;
    }

    /// <summary>Runs a program to its end with the given lines as its input.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyList<string> lines)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        process.Start();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await WriteAsync(process.StandardInput, lines);
            string[] texts = await Task.WhenAll(output, errors);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, texts[0], texts[1]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task WriteAsync(StreamWriter input, IReadOnlyList<string> lines)
    {
        try
        {
            foreach (string line in lines)
            {
                await input.WriteLineAsync(line);
            }

            input.Close();
        }
        catch (IOException)
        {
            // The program ended early; its exit code and error text say why.
        }
    }
}
