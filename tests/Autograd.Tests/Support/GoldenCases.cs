using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>The source of test cases from goldens: every case of an operation in float64 and in float32.</summary>
/// <example><code>
/// [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["sub"])]
/// public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Sub(golden["y"], golden.Double("alpha", 1)));
/// </code></example>
public static class GoldenCases
{
    public static IEnumerable<TestCaseData<GoldenCase>> Of(string operation)
    {
        foreach (var description in GoldenFile.Of(operation).Cases.EnumerateArray())
        {
            foreach (var dtype in new[] { DType.Float64, DType.Float32 })
            {
                var golden = new GoldenCase(operation, description, dtype);
                yield return new TestCaseData<GoldenCase>(golden).SetArgDisplayNames(golden.Name, dtype.TorchName);
            }
        }
    }
}
