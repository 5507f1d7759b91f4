using System.Text.Json;
using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Optimization;

/// <summary>The loss scale goes where PyTorch's GradScaler goes, and float16 training with it.</summary>
public sealed class GradScalerTests
{
    public static IEnumerable<TestCaseData> Scales() => Golden.Rows("half/grad_scaler.json", "cases")
        .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("name").GetString()!));

    public static IEnumerable<TestCaseData> Loops() => Golden.Json("half/fp16.json").EnumerateArray()
        .Where(row => row.GetProperty("model").GetString() == "gpt2-tiny")
        .Select((row, i) => new TestCaseData(row).SetArgDisplayNames($"{i}"));

    [TestCaseSource(nameof(Scales))]
    public void Scale_grows_and_backs_off(JsonElement row)
    {
        var scaler = new GradScaler(
            row.GetProperty("init_scale").GetDouble(), row.GetProperty("growth_factor").GetDouble(), row.GetProperty("backoff_factor").GetDouble(),
            row.GetProperty("growth_interval").GetInt32());
        var trace = row.GetProperty("trace").EnumerateArray().ToDictionary(entry => entry[0].GetInt32());
        var step = 0;
        foreach (var entry in row.GetProperty("events").EnumerateArray())
        {
            for (var i = 0; i < entry[1].GetInt32(); i++)
            {
                scaler.Update(foundInf: entry[0].GetString() != "finite");
                if (!trace.TryGetValue(++step, out var expected)) continue;
                Assert.That((double)scaler.CurrentScale, Is.EqualTo(expected[1].GetDouble()), $"scale after step {step}");
                Assert.That(scaler.GrowthTracker, Is.EqualTo(expected[2].GetInt32()), $"count after step {step}");
            }
        }
    }

    [TestCaseSource(nameof(Loops))]
    public void Training_in_float16(JsonElement row)
    {
        var model = Tiny.Model();
        var optimizer = new AdamW([new ParameterGroup([.. model.Parameters()], row.GetProperty("lr").GetDouble(), 0.01)]);
        var scaler = new GradScaler(row.GetProperty("init_scale").GetDouble(), growthInterval: row.GetProperty("growth_interval").GetInt32());
        var spikes = row.GetProperty("loss_times_1e6_at").EnumerateArray().Select(step => step.GetInt32()).ToHashSet();
        var loader = new DataLoader(Tiny.Train, 4, new SequentialSampler(Tiny.Train.Count), new PaddingCollator(0, true).Collate, false);
        using var batches = loader.Batches().GetEnumerator();
        using var pool = new TensorPool();
        foreach (var expected in row.GetProperty("steps").EnumerateArray())
        {
            using var scope = pool.Enter();
            var step = expected.GetProperty("step").GetInt32();
            Assert.That(batches.MoveNext());
            Tensor loss;
            using (Autocast.Enter(DType.Float16)) loss = model.Forward(loader.Load(batches.Current)).Loss!.Value;
            Assert.That((double)loss.Item<float>(), Is.EqualTo(expected.GetProperty("loss").GetDouble()).Within(2e-3), $"loss of step {step}");
            Assert.That((double)scaler.CurrentScale, Is.EqualTo(expected.GetProperty("scale").GetDouble()), $"scale at step {step}");

            scaler.Scale(spikes.Contains(step) ? loss * 1e6 : loss).Backward();
            optimizer.Step(1, scaler.InverseScale);
            scaler.Update(optimizer.LastStepSkipped);
            Assert.That(optimizer.LastStepSkipped, Is.EqualTo(expected.GetProperty("skipped").GetBoolean()), $"skipped at step {step}");
            Assert.That((double)scaler.CurrentScale, Is.EqualTo(expected.GetProperty("scale_after").GetDouble()), $"scale after step {step}");
            if (optimizer.LastStepSkipped) continue;
            Assert.That(optimizer.LastGradientNorm,
                Is.EqualTo(expected.GetProperty("grad_norm").GetDouble()).Within(1).Percent, $"norm of step {step}");
        }
    }
}
