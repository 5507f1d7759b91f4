using System.Buffers.Binary;
using NativeTrainer.Cli.Commands;
using NativeTrainer.Cli.Terminal;
using Spectre.Console;

namespace NativeTrainer.Cli.Tests;

/// <summary>What is drawn and printed for people.</summary>
public class TerminalTests
{
    private static readonly LossHistory Falling = new([(1, 4.0), (2, 3.0), (3, 2.0), (4, 1.0)], []);

    [Test]
    public void A_curve_falls_from_corner_to_corner()
    {
        var lines = LossCurve.Draw(Falling, width: 4, height: 2).Select(Markup.Remove).ToList();
        Assert.That(lines, Is.EqualTo(new[]
        {
            "       4 │⠑⢄  ", // dots on a line from the upper left to the lower right
            "       1 │  ⠑⢄",
            "         └────",
            "    step  1  4",
            "          loss",
        }));
    }

    [Test]
    public void A_curve_shows_evaluations_in_another_colour()
    {
        var history = Falling with { Evaluation = [(2, 4.0), (4, 4.0)] };
        var lines = LossCurve.Draw(history, 4, 2).ToList();
        Assert.That(lines[0], Does.Contain("[yellow]").And.Contain("[aqua]"));
        Assert.That(lines[^1], Does.Contain("eval_loss"));
    }

    [Test]
    public void One_point_and_equal_values_are_drawn()
    {
        Assert.That(LossCurve.Draw(new([(5, 2.0)], []), 4, 2).Count(), Is.EqualTo(5));
        Assert.That(LossCurve.Draw(new([(5, 2.0), (6, 2.0)], []), 4, 2).Count(), Is.EqualTo(5));
        Assert.That(LossCurve.Draw(new([], []), 4, 2), Is.Empty);
    }

    [Test]
    public void The_picture_is_a_png_with_the_font_of_the_program()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, Path.GetRandomFileName() + ".png");
        LossPicture.Save(path, Falling with { Evaluation = [(4, 1.5)] });
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        Assert.That(bytes[..4], Is.EqualTo(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }));
        Assert.That((BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))),
            Is.EqualTo((960, 540)));
        Assert.That(ScottPlot.Fonts.GetTypeface(ScottPlot.Fonts.Default, false, false).FamilyName, Is.EqualTo("DejaVu Sans"));
    }

    [Test]
    public void Progress_shows_loss_and_steps()
    {
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 120;
        var display = new TerminalDisplay(console);
        var (args, state, control) = (new TrainingArguments("out"), new TrainerState { MaxSteps = 10 }, new TrainerControl());
        var callback = display.Callbacks.Single();
        var seven = display.Watch(() =>
        {
            callback.OnTrainBegin(args, state, control, new CallbackContext());
            state.GlobalStep = 7;
            callback.OnStepEnd(args, state, control, new CallbackContext());
            callback.OnLog(args, state, control, new CallbackContext { Logs = new Metrics { ["loss"] = 2.5 } });
            callback.OnLog(args, state, control, new CallbackContext { Logs = new Metrics { ["eval_loss"] = 2.25 } });
            return 7;
        });
        Assert.That(seven, Is.EqualTo(7));
        Assert.That(writer.ToString(),
            Does.Contain("loss 2.5").And.Contain("7/10").And.Contain("70%").And.Contain("step 7: eval_loss").And.Contain("2.2500"));
    }

    [TestCase("plain-1.2/x", "plain-1.2/x")]
    [TestCase("two words", "'two words'")]
    [TestCase("it's", "'it'\\''s'")]
    [TestCase("", "''")]
    [TestCase("{\"a\": 1}", "'{\"a\": 1}'")]
    public void Words_are_quoted_for_a_shell(string word, string expected) => Assert.That(Shell.Quote(word), Is.EqualTo(expected));

    [Test]
    public void Help_lists_every_flag_with_its_default()
    {
        var (exitCode, help, _) = Command.Run(Command.Goldens, "--help");
        Assert.That(exitCode, Is.Zero);
        foreach (var field in new TrainingArguments("").Fields.Where(f => f.IsSettable)) Assert.That(help,
            Does.Contain($"\n  {field.Flag}"));
        Assert.That(help, Does.Contain("--train_file: ").And.Contain("--config_overrides: ").And.Contain("--prompt: ")
            .And.Contain("(default 5e-05)"));
    }

    [Test]
    public void Env_and_version_tell_where_they_run()
    {
        var (exitCode, output, _) = Command.Run(Command.Goldens, "env");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain(".NET 10").And.Contain("instructions").And.Contain("GPU"));
        Assert.That(Command.Run(Command.Goldens, "--version").Output, Does.Match(@"^nativetrainer \d+\.\d+\.\d+\s*$"));
    }
}
