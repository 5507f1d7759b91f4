using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace NativeTrainer.Tests.Arguments;

public sealed class ArgumentsConfigurationTests
{
    [Test]
    public void A_section_sets_fields_in_either_spelling()
    {
        var args = Options("""
            {"OutputDir": "out", "learning_rate": 1e-3, "NumTrainEpochs": 2, "bf16": false, "LoggingSteps": 10, "EvaluationStrategy": "steps",
             "LabelNames": ["a", "b"], "LrSchedulerType": "cosine_with_restarts", "LrSchedulerKwargs": {"num_cycles": 2}, "DisableTqdm": true}
            """);
        Assert.Multiple(() =>
        {
            Assert.That(args.OutputDir, Is.EqualTo("out"));
            Assert.That((double)args.LearningRate, Is.EqualTo(1e-3));
            Assert.That((double)args.NumTrainEpochs, Is.EqualTo(2));
            Assert.That((double)args.LoggingSteps, Is.EqualTo(10));
            Assert.That(args.EvaluationStrategy, Is.EqualTo(IntervalStrategy.Steps));
            Assert.That(args.DoEval, Is.True, "completed");
            Assert.That(args.LabelNames, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(args.LrSchedulerKwargs!["num_cycles"], Is.EqualTo(2L));
            Assert.That(args.DisableTqdm, Is.True);
        });
    }

    [TestCase("""{"OutputDir": "out", "LearningRat": 1}""", "Training:LearningRat", "learning_rate")]
    [TestCase("""{"OutputDir": "out", "LearningRate": "much"}""", "Training:LearningRate", "a number")]
    [TestCase("""{"OutputDir": "out", "EvaluationStrategy": "often"}""", "Training:EvaluationStrategy", "no, steps, epoch")]
    public void What_is_wrong_is_named_with_its_path(string json, string path, string expected)
    {
        var error = Assert.Throws<InvalidArgumentException>(() => Options(json));
        Assert.That(error!.Message, Does.Contain(path).And.Contain(expected));
    }

    private static TrainingArguments Options(string json)
    {
        var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Training": {{json}}}"""));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        using var services = new ServiceCollection().AddTrainingArguments(configuration.GetSection("Training")).BuildServiceProvider();
        return services.GetRequiredService<IOptions<TrainingArguments>>().Value;
    }
}
