using System.Globalization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

// Reading, writing and overriding.
public abstract partial class PretrainedConfig
{
    /// <summary>Writes <c>config.json</c> into a folder.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), ToJsonString());

    /// <summary>
    /// The text of <c>config.json</c>: the model's own fields, and of those that all models have the ones that differ from the default (of
    /// all models or of this one); keys sorted, two blanks a level, numbers as Python writes them.
    /// </summary>
    public string ToJsonString()
    {
        var written = new Dictionary<string, object?> { ["model_type"] = ModelType, ["transformers_version"] = TransformersVersion };
        foreach (var (name, value) in _values)
        {
            var isCommon = CommonDefaults.TryGetValue(name, out var common) && PythonValue.AreEqual(value, common);
            if (!isCommon || !PythonValue.AreEqual(value, _fields[name].Default)) written[name] = value;
        }
        return PlainJson.Write(written, indented: true) + "\n";
    }

    /// <summary>All fields by name, as plain values.</summary>
    public IReadOnlyDictionary<string, object?> ToDictionary() =>
        new SortedDictionary<string, object?>(_values, StringComparer.Ordinal) { ["model_type"] = ModelType };

    /// <summary>Changes fields as <c>vocab_size=512,n_layer=1</c> says; the type of each is that of its old value.</summary>
    /// <exception cref="ConfigurationException">An item is no <c>field=value</c>, the field is unknown, has no type to go by, or its new
    /// value does not hold; nothing is changed.</exception>
    public void UpdateFromString(string overrides, string origin = "config_overrides")
    {
        var before = new Dictionary<string, object?>(_values);
        var named = _origin;
        _origin = origin;
        try
        {
            Validate(); // fields that follow from others have their values before one of these changes
            foreach (var item in overrides.Split(','))
            {
                var parts = item.Split('=');
                if (parts.Length != 2)
                {
                    throw new ConfigurationException(
                        origin, $"found \"{item}\", expected field=value, several of them with commas between");
                }
                if (parts[0] == "num_labels") SetLabelCount(long.TryParse(parts[1], out var count) ? count : parts[1]);
                else this[parts[0]] = Converted(parts[0], parts[1]);
            }
            Validate();
        }
        catch
        {
            _values.Clear();
            foreach (var (name, value) in before) _values[name] = value;
            throw;
        }
        finally
        {
            _origin = named;
        }
    }

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    protected static T Open<T>(string path)
        where T : PretrainedConfig, new()
    {
        var config = new T();
        config.Read(path);
        return config;
    }

    /// <summary>Reads a folder's <c>config.json</c>, or such a file, over the defaults.</summary>
    internal void Read(string path)
    {
        var file = FileOf(path);
        var values = PlainJson.ReadFile(file);
        if (values.TryGetValue("model_type", out var type) && type as string != ModelType)
        {
            throw new ConfigurationException(file, $"model_type is {PlainJson.Write(type)}, expected {ModelType}");
        }
        Read(values, file);
        NameOrPath = path;
    }

    /// <summary>The file that a path means: the path itself, or <c>config.json</c> in the folder that it names.</summary>
    internal static string FileOf(string path)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path)) throw new ConfigurationException(path, $"no such file or folder, expected a folder with {FileName}");
        return Path.Combine(path, FileName);
    }

    /// <summary>Reads the fields of a configuration file over the defaults.</summary>
    internal void Read(IReadOnlyDictionary<string, object?> values, string origin)
    {
        _origin = origin;
        foreach (var (name, value) in values)
        {
            switch (name)
            {
                case "model_type" or "transformers_version" or "xla_device" or "_commit_hash":
                    break; // the first two are written anew
                case "_attn_implementation" or "attn_implementation":
                    AttnImplementation = value as string;
                    break;
                case "_attn_implementation_internal" or "_attn_implementation_autoset":
                    break; // how another program chose
                case "dtype":
                    this["torch_dtype"] = value; // what newer versions call it
                    break;
                case "num_labels":
                    SetLabelCount(value);
                    break;
                default:
                    this[name] = value;
                    break;
            }
        }
        Validate();
    }

    private void SetLabelCount(object? value)
    {
        if (value is not (long and > 0 and <= int.MaxValue))
        {
            throw new ConfigurationException(_origin, $"num_labels is {PlainJson.Write(value)}, expected a whole number from 1 on");
        }
        var count = (int)(long)value;
        if (this["id2label"] is IReadOnlyDictionary<string, object?> labels && labels.Count == count) return;
        (this["id2label"], this["label2id"]) = (CommonFields.DefaultLabels(count), CommonFields.DefaultLabelIds(count));
    }

    private object Converted(string name, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (this[name])
        {
            case bool:
                return text.ToLowerInvariant() switch
                {
                    "true" or "1" or "y" or "yes" => true,
                    "false" or "0" or "n" or "no" => false,
                    _ => throw NotRead("true or false"),
                };
            case long:
                return long.TryParse(text, NumberStyles.Integer, culture, out var whole) ? whole : throw NotRead("a whole number");
            case double:
                return double.TryParse(text, NumberStyles.Float, culture, out var real) ? real : throw NotRead("a number");
            case string:
                return text;
            case var old:
                throw NotRead($"another field: only numbers, true, false and text can be overridden, and it is {PlainJson.Write(old)}");
        }

        ConfigurationException NotRead(string expected) => new(_origin, $"{name}={text}: found \"{text}\", expected {expected}");
    }
}
