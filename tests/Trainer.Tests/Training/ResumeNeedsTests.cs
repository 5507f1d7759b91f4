using System.Text.Json;
using System.Text.Json.Nodes;
using NativeTrainer.Autograd;
using NativeTrainer.Checkpoints;
using NativeTrainer.Tensors;
using TorchMap = System.Collections.Generic.OrderedDictionary<object, object?>;

namespace NativeTrainer.Tests.Training;

/// <summary>What a checkpoint must hold: the real Trainer's checkpoint, changed in one thing, is taken or refused as there.</summary>
public sealed class ResumeNeedsTests
{
    private const double Tolerance = 1e-4;

    public static IEnumerable<TestCaseData> Tries() =>
        Golden.Rows("checkpoints/resume-needs.json", "tries")
            .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("try").GetString()!));

    [TestCaseSource(nameof(Tries))]
    public void A_changed_checkpoint_is_taken_or_refused_as_there(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Directory.CreateDirectory(folder["checkpoint-10"]).FullName;
        foreach (var file in Directory.GetFiles(Golden.Path("checkpoint-10")))
        {
            if (Path.GetFileName(file) != "layout.json") File.Copy(file, Path.Combine(checkpoint, Path.GetFileName(file)));
        }
        Change(checkpoint, row.GetProperty("try").GetString()!);
        var run = Golden.Json("checkpoints/hf-gpt2-adamw/run.json");
        var trainer = new WatchedTrainer(
            Tiny.Arguments(folder["out"], [.. Tiny.Given(run.GetProperty("arguments")), ("save_strategy", "no")]), Tiny.Train);
        if (row.GetProperty("outcome").GetString() == "refused")
        {
            Assert.That(
                () => trainer.Train(checkpoint),
                Throws.InstanceOf<IOException>().Or.InstanceOf<InvalidDataException>().With.Message.Contains(checkpoint));
            return;
        }
        trainer.Train(checkpoint);
        Assert.That(trainer.Losses, Has.Count.EqualTo(row.GetProperty("steps").GetInt32()));
        Assert.That(trainer.Rates[0], Is.EqualTo(row.GetProperty("first learning rate used").GetDouble()));
        var whole = run.GetProperty("whole").GetProperty("losses").EnumerateArray().Skip(10).Select(loss => loss.GetDouble());
        var difference = trainer.Losses.Zip(whole, (a, b) => Math.Abs(a - b)).Max();
        var expected = row.GetProperty("largest difference of a loss").GetDouble();
        Assert.That(difference, Is.EqualTo(expected).Within(Math.Max(Tolerance, expected / 100)),
            "largest difference of a loss from the uninterrupted run");
    }

    private static void Change(string folder, string what)
    {
        Action change = what switch
        {
            "as it is" => () => { }
            ,
            "trainer_state.json with an unknown key" => () => State(state => state["stateful_callbacks"] = new JsonObject()),
            "trainer_state.json with nothing but global_step" => () => State(state =>
            {
                foreach (var name in state.Select(entry => entry.Key).Where(name => name != "global_step").ToList()) state.Remove(name);
            }),
            "trainer_state.json with global_step 10.0" => () => State(state => state["global_step"] = JsonNode.Parse("10.0")),
            "optimizer.pt, param_groups with lr, betas, eps, weight_decay, params only" => () => Groups(
                "amsgrad", "maximize", "foreach", "capturable", "differentiable", "fused", "decoupled_weight_decay", "initial_lr"),
            "optimizer.pt, param_groups without betas" => () => Groups("betas"),
            "optimizer.pt, one group" => () => Torch("optimizer.pt", root =>
            {
                var first = (TorchMap)((List<object?>)root["param_groups"]!)[0]!;
                first["params"] = Enumerable.Range(0, 28).Select(number => (object?)(long)number).ToList();
                root["param_groups"] = new List<object?> { first };
            }),
            "optimizer.pt, other numbers for the parameters (100 more)" => () => Torch("optimizer.pt", root =>
            {
                var states = (TorchMap)root["state"]!;
                root["state"] = new TorchMap(states.Select(entry => KeyValuePair.Create((object)((long)entry.Key + 100), entry.Value)));
                foreach (var group in GroupsOf(root))
                {
                    group["params"] = ((List<object?>)group["params"]!).Select(number => (object?)((long)number! + 100)).ToList();
                }
            }),
            "optimizer.pt, step as a Python int" => () => States(state => state["step"] = 10L),
            "optimizer.pt, step as int64" => () => States(state => state["step"] = TorchTensor.Scalar(10L)),
            "optimizer.pt, moments in bfloat16" => () => States(state =>
            {
                foreach (var name in (string[])["exp_avg", "exp_avg_sq"])
                {
                    state[name] = TorchTensor.From(((TorchTensor)state[name]!).ToTensor().To(DType.BFloat16));
                }
            }),
            "optimizer.pt without state" => () => Torch("optimizer.pt", root => root["state"] = new TorchMap()),
            "optimizer.pt, a learning rate of 5" => () => Torch("optimizer.pt", root => GroupsOf(root).ForEach(group => group["lr"] = 5.0)),
            "scheduler.pt, last_epoch alone" => () => Torch("scheduler.pt", root =>
            {
                foreach (var name in root.Keys.Where(name => name is not ("last_epoch" or "lr_lambdas")).ToList()) root.Remove(name);
            }),
            "scheduler.pt without lr_lambdas" => () => Torch("scheduler.pt", root => root.Remove("lr_lambdas")),
            "scheduler.pt, base_lrs doubled" => () => Torch("scheduler.pt", root => root["base_lrs"] = new List<object?> { 2e-3, 2e-3 }),
            "rng_state.pth without numpy" => () => Torch("rng_state.pth", root => root.Remove("numpy")),
            "rng_state.pth, numpy's words as a list" => () => Torch("rng_state.pth", root =>
            {
                var state = NumpyRandomState.FromPickle(root["numpy"])!;
                var pickle = (object?[])state.ToPickle();
                pickle[1] = state.Words.Select(word => (object?)(long)word).ToList();
                root["numpy"] = pickle;
            }),
            "model.safetensors without metadata" => () => Weights(_ => { }, []),
            "model.safetensors with one tensor missing" => () => Weights(weights => weights.Remove("transformer.ln_f.bias")),
            "model.safetensors with one tensor more" => () => Weights(weights => weights["more"] = Tensor.Zeros([1])),
            "model.safetensors in float16" => () => Weights(weights =>
            {
                foreach (var name in weights.Keys.ToList()) weights[name] = weights[name].To(DType.Float16);
            }),
            _ when what.Split(' ') is ["without", var file] => () => File.Delete(Path.Combine(folder, file)),
            _ => throw new InvalidOperationException($"the try '{what}' is new"),
        };
        change();

        void State(Action<JsonObject> edit)
        {
            var path = Path.Combine(folder, "trainer_state.json");
            var state = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            edit(state);
            File.WriteAllText(path, state.ToJsonString());
        }

        void Torch(string name, Action<TorchMap> edit)
        {
            var path = Path.Combine(folder, name);
            using var file = TorchFile.Open(path);
            edit((TorchMap)file.Root!);
            TorchFile.Save(path + ".new", file.Root);
            File.Move(path + ".new", path, overwrite: true);
        }

        void States(Action<TorchMap> edit) => Torch("optimizer.pt", root =>
        {
            foreach (var state in ((TorchMap)root["state"]!).Values) edit((TorchMap)state!);
        });

        void Groups(params string[] removed) => Torch("optimizer.pt", root =>
        {
            foreach (var group in GroupsOf(root))
            {
                foreach (var name in removed) group.Remove(name);
            }
        });

        void Weights(Action<Dictionary<string, Tensor>> edit, Dictionary<string, string>? metadata = null)
        {
            var path = Path.Combine(folder, "model.safetensors");
            var file = SafetensorsFile.Open(path);
            var weights = file.Names.ToDictionary(name => name, name => file[name]);
            edit(weights);
            SafetensorsWriter.Write(path + ".new", weights, metadata);
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    private static List<TorchMap> GroupsOf(TorchMap root) => [.. ((List<object?>)root["param_groups"]!).Cast<TorchMap>()];
}
