namespace NativeTrainer.Tensors.Tests;

public sealed class DeviceTests
{
    [TestCase("cpu", DeviceType.Cpu, 0)]
    [TestCase("cuda", DeviceType.Cuda, 0)]
    [TestCase("cuda:3", DeviceType.Cuda, 3)]
    public void Torchs_names_are_read(string text, DeviceType type, int index) => Assert.That(Device.Parse(text), Is.EqualTo(new Device(type, index)));

    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("gpu")]
    [TestCase("")]
    public void Others_are_refused(string text) => Assert.That(() => Device.Parse(text), Throws.InstanceOf<FormatException>().With.Message.Contains($"'{text}'"));

    [Test]
    public void Names_come_back() => Assert.That((Device.Cpu.ToString(), Device.Cuda(1).ToString(), default(Device)), Is.EqualTo(("cpu", "cuda:1", Device.Cpu)));
}
