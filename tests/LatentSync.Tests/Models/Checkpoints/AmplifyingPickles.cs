namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Small pickles whose data costs far more than their size: values used again, copied again, nested, or made to collide.</summary>
internal static class AmplifyingPickles
{
    public static IEnumerable<(string Name, string Reason, Func<byte[]> Pickle)> All()
    {
        yield return ("nested without end", "deep", DeepNesting);
        yield return ("a dict inside itself", "deep", () => new PickleBytes().Dict().Put(0).Text("again").Get(0).Op((byte)'s').Stop());
        yield return ("billion laughs", "unfolds", BillionLaughs);
        yield return ("names without end", "names", LongNames);
        yield return ("more tensors than any checkpoint", "more than", ManyTensors);
        yield return ("one list copied again and again", "copies more than", CopiedLists);
        yield return ("one storage again and again", "refers to storages", ManyStorages);
        yield return ("few tensors under a million names", "names", ManyNames);
        yield return ("a large dict wrapped in itself", "unfolds", WrappedInItself);
        yield return ("memo numbers that collide", "remembers more", () => new PickleBytes().Dict().Op((byte)'r').UInt32(uint.MaxValue).Stop());
    }

    private static byte[] DeepNesting()
    {
        PickleBytes pickle = new PickleBytes().Dict();
        for (int i = 0; i < 100_000; i++)
        {
            pickle.Op((byte)'X', 1, 0, 0, 0, (byte)'a').Dict();
        }

        for (int i = 0; i < 100_000; i++)
        {
            pickle.Op((byte)'s');
        }

        return pickle.Stop();
    }

    // Each dict holds the one before twice: 2^30 scalars in a few hundred bytes.
    private static byte[] BillionLaughs()
    {
        PickleBytes pickle = new PickleBytes().Integer(1).Put(0).Op((byte)'0');
        for (byte i = 1; i <= 30; i++)
        {
            pickle.Dict().Mark().Text("a").Get((byte)(i - 1)).Text("b").Get((byte)(i - 1)).SetItems().Put(i).Op((byte)'0');
        }

        return pickle.Get(30).Stop();
    }

    // One long key used again and again, so that dotted names add up.
    private static byte[] LongNames()
    {
        PickleBytes pickle = new PickleBytes().Text(new string('k', 500_000)).Put(0).Op((byte)'0').Integer(1).Put(1).Op((byte)'0');
        for (byte i = 2; i <= 22; i++)
        {
            pickle.Dict().Mark().Get(0).Get((byte)(i - 1)).SetItems().Put(i).Op((byte)'0');
        }

        return pickle.Get(22).Stop();
    }

    // Every part of a tensor comes from the memo: nine bytes a tensor.
    private static byte[] ManyTensors()
    {
        PickleBytes pickle = new PickleBytes().Global("torch._utils", "_rebuild_tensor").Put(0)
            .Mark().Storage("0", 4).Integer(0).Integers(4).Integers(1).Tuple().Put(1);
        for (int i = 0; i < 150_000; i++)
        {
            pickle.Get(0).Get(1).Reduce();
        }

        return pickle.Stop();
    }

    // A list of ten thousand pairs, then six bytes for each dict made of it: 1.2 thousand million pairs in 750 KB.
    private static byte[] CopiedLists()
    {
        PickleBytes pickle = new PickleBytes().Global("collections", "OrderedDict").Put(0).Op((byte)'0')
            .Integer(1).Integer(2).Op(0x86).Put(1).Op((byte)'0')
            .Op((byte)']').Mark();
        for (int i = 0; i < 10_000; i++)
        {
            pickle.Get(1);
        }

        pickle.Op((byte)'e').Op(0x85).Put(2);
        for (int i = 0; i < 120_000; i++)
        {
            pickle.Get(0).Get(2).Reduce().Op((byte)'0');
        }

        return pickle.Stop();
    }

    // Each use of a storage is checked against the file's parts: four bytes a storage.
    private static byte[] ManyStorages()
    {
        PickleBytes pickle = new PickleBytes().Mark().Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(4).Tuple().Put(0);
        for (int i = 0; i < 150_000; i++)
        {
            pickle.Get(0).Op((byte)'Q', (byte)'0');
        }

        return pickle.Stop();
    }

    // A dict of a thousand names for one tensor, under nine hundred names.
    private static byte[] ManyNames()
    {
        PickleBytes pickle = new PickleBytes().Dict().Mark();
        pickle.Text("0").Tensor("0", 4, [4], [1]).Put(0);
        for (int i = 1; i < 1000; i++)
        {
            pickle.Text($"{i}").Get(0);
        }

        pickle.SetItems().Put(1).Op((byte)'0').Dict().Mark();
        for (int i = 0; i < 900; i++)
        {
            pickle.Text($"{i}").Get(1);
        }

        return pickle.SetItems().Stop();
    }

    // The search for the state dict goes through every key at each of its levels.
    private static byte[] WrappedInItself()
    {
        PickleBytes pickle = new PickleBytes().Dict().Put(0).Mark().Text("w").Tensor("0", 4, [4], [1]);
        pickle.Text("state_dict").Get(0);
        for (int i = 0; i < 100_000; i++)
        {
            pickle.Op((byte)'N', (byte)'N');
        }

        return pickle.SetItems().Stop();
    }
}
