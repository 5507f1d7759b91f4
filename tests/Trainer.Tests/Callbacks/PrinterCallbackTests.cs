namespace NativeTrainer.Tests.Callbacks;

public sealed class PrinterCallbackTests
{
    [Test]
    public void Logs_are_printed_as_Python_prints_them()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var handler = new CallbackHandler([new DefaultFlowCallback(), new PrinterCallback(writer)], new CallbackContext());
        var printed = Golden.Text("callbacks/printer.txt");
        foreach (var line in printed.TrimEnd('\n').Split('\n'))
        {
            // The lines are JSON but for their quotes. The real logs of the end have total_flos, which the printer takes out.
            var logs = new Metrics();
            foreach (var (key, value) in (IReadOnlyDictionary<string, object?>)PythonJson.Read(line.Replace('\'', '"'))!)
            {
                if (key == "train_loss") logs["total_flos"] = 614989824.0;
                logs[key] = PythonValue.ToNumber(value);
            }
            handler.OnLog(new TrainingArguments("out"), new TrainerState(), new TrainerControl(), logs);
            Assert.That(logs.ContainsKey("total_flos"), Is.False);
        }
        Assert.That(writer.ToString(), Is.EqualTo(printed));
    }

    [Test]
    public void Other_processes_of_a_machine_are_silent()
    {
        var writer = new StringWriter();
        var state = new TrainerState { IsLocalProcessZero = false };
        var context = new CallbackContext { Logs = new Metrics { ["loss"] = 1 } };
        new PrinterCallback(writer).OnLog(new TrainingArguments("out"), state, new TrainerControl(), context);
        Assert.That(writer.ToString(), Is.Empty);
    }
}
