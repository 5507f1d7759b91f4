using NativeTrainer.Cli.Tasks;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Tests;

/// <summary>Predictions as JSON Lines.</summary>
public class PredictionsFileTests
{
    [Test]
    public void Rows_are_nested_as_the_logits_are()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, Path.GetRandomFileName());
        Write(path, Tensor.From([1f, 0.1f, -2e-8f, float.NaN, float.PositiveInfinity, 6f, 7f, 8f], [2, 2, 2]));
        Assert.That(File.ReadAllText(path), Is.EqualTo("{\"logits\":[[1,0.1],[-2E-08,NaN]]}\n{\"logits\":[[Infinity,6],[7,8]]}\n"));
        Write(path, Tensor.From([1f, 2f], [2, 1]));
        Assert.That(File.ReadAllText(path), Is.EqualTo("{\"logits\":[1]}\n{\"logits\":[2]}\n"));
        File.Delete(path);
    }

    private static void Write(string path, Tensor logits) => PredictionsFile.WriteLogits(path, new PredictionOutput([logits], [], []));
}
