using System.Buffers.Binary;
using System.Text;

namespace NativeTrainer.Tensors.Tests;

/// <summary>Whatever the format forbids is an error that names the file and, where one is to blame, the tensor.</summary>
public class BrokenSafetensorsTests
{
    private const string Good =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1,3],"data_offsets":[8,11]}}""";

    [Test]
    public void TheGoodOneIsRead() => Assert.That(Open(Whole(Good, 11)).Names, Is.EqualTo(new[] { "a", "b" }));

    [Test]
    public void SpacesAfterTheHeaderAreAllowed() => Assert.That(Open(Whole(Good + "   ", 11)).Names, Has.Exactly(2).Items);

    [Test]
    public void UnknownPropertiesArePassedOver() =>
        Assert.That(
            Open(Whole("""{"a":{"more":[{}],"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}""", 1)).Entry("a").Shape,
            Is.EqualTo(new Shape()));

    [Test]
    public void NoFile() => Assert.That(
        () => SafetensorsFile.Open("nowhere.safetensors"),
        Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("nowhere"));

    [Test]
    public void LengthsBeyondTheFileOrTheLimit()
    {
        Refused([], null, "is empty");
        Refused([1, 2, 3], null, "has 3 bytes");
        Refused(Length(0), null, "empty header");
        Refused(Length(1000), null, "header has 1000 bytes, but only 0 follow");
        Refused(Length(100_000_001), null, "header has 100000001 bytes, expected at most 100000000");
        Refused(Length(ulong.MaxValue), null, "expected at most");
        Refused(Encoding.ASCII.GetBytes("<html>not a model</html>"), null, "not a safetensors file");
        Refused(Whole(Good, 10), "b", "ends at byte 11 of the data, but the file has only 10");
        Refused(Whole(Good, 12), null, "has 12 bytes of data, but its tensors end at byte 11");
    }

    [TestCase("[]", "begins with byte 0x5B")]
    [TestCase(" {}", "begins with byte 0x20")]
    [TestCase("{", "no JSON")]
    [TestCase("{}}", "no JSON")]
    [TestCase("{\"a\":}", "no JSON")]
    [TestCase("{\"__metadata__\":{\"a\":1}}", "has 1 for 'a' in its __metadata__, expected a text")]
    [TestCase("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "has 'a' twice")]
    [TestCase("{\"\\uD800\":{}}", "no JSON")]
    public void BadJson(string header, string message) => Refused(Whole(header, 0), null, message);

    [Test]
    public void BadUtf8() => Refused([.. Length(5), (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], null, "not UTF-8");

    [TestCase("[]", "is described by a list")]
    [TestCase("{}", "has no dtype")]
    [TestCase("{\"dtype\":\"F32\",\"data_offsets\":[0,8]}", "has no shape")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[2]}", "has 0 data_offsets, expected 2")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}", "has 3 data_offsets, expected 2")]
    [TestCase("{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}", "has the dtype 'F31', expected one of I64, F64, F32")]
    [TestCase("{\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]}", "has the dtype 32, expected a text")]
    [TestCase("{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}", "has 'dtype' twice")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}", "has 2 for shape, expected a list")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}", "has -2 in its shape")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}", "has 2.5 in its shape")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}", "has \"2\" in its shape")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}", "has 99999999999999999999 in its shape")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}", "a shape that is refused")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}", "at most 8 axes")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}", "has 8 bytes, but F32 [3] needs 12")]
    [TestCase("{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}", "has 8 bytes, but F64 [2] needs 16")]
    [TestCase("{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}", "ends before it begins")]
    [TestCase("{\"dtype\":\"U8\",\"shape\":[7],\"data_offsets\":[1,8]}", "leaves a hole after byte 0")]
    [TestCase("{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}", "has only 8")]
    public void BadTensors(string entry, string message) => Refused(Whole($$"""{"weight":{{entry}}}""", 8), "weight", message);

    [Test]
    public void TensorsThatDoNotFollowOneAnother()
    {
        const string template =
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[SIZE],"data_offsets":[FROM,8]}}""";
        Refused(Whole(template.Replace("SIZE", "5").Replace("FROM", "3"), 8), "b", "begins at byte 3 and overlaps 'a', which ends at 4");
        Refused(Whole(template.Replace("SIZE", "3").Replace("FROM", "5"), 8), "b", "begins at byte 5, which leaves a hole after byte 4");
        Refused(Whole(template.Replace("SIZE", "8").Replace("FROM", "0"), 8), "b", "overlaps 'a'");
        Refused(Whole(template.Replace("\"b\"", "\"a\"").Replace("SIZE", "4").Replace("FROM", "4"), 8), "a", "is named twice");
        Refused(Whole(template.Replace("\"b\"", "\"\\u0061\"").Replace("SIZE", "4").Replace("FROM", "4"), 8), "a", "is named twice");
    }

    [Test]
    public void ChangedBytesGiveNothingButAnErrorThatNamesTheFile()
    {
        var good = Whole(Good, 11);
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var changed = good[..random.Next(good.Length * 3 / 4, good.Length + 1)];
            for (var k = random.Next(4); k >= 0; k--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                SafetensorsHeader.Read("broken.safetensors", changed, changed.Length);
            }
            catch (SafetensorsException broken)
            {
                Assert.That(broken.Message, Does.StartWith("broken.safetensors: "));
            }
            catch (Exception other)
            {
                Assert.Fail($"{Convert.ToHexString(changed)}: {other}");
            }
        }
    }

    private static byte[] Length(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] Whole(string header, int data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. Length((ulong)json.Length), .. json, .. new byte[data]];
    }

    private static SafetensorsFile Open(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["broken.safetensors"], content);
        return SafetensorsFile.Open(folder["broken.safetensors"]);
    }

    private static void Refused(byte[] content, string? tensor, string message)
    {
        var error = Assert.Throws<SafetensorsException>(() => Open(content))!;
        Assert.That(error.Message, Does.Contain("broken.safetensors: ").And.Contain(message));
        Assert.That(error.Tensor, Is.EqualTo(tensor));
    }
}
