namespace LatentSync.Kernels;

/// <summary>
/// The 32-bit Mersenne Twister (Matsumoto and Nishimura, 1998), the engine behind torch's CPU generator.
/// The same seed gives the same sequence as <c>torch.Generator().manual_seed(seed)</c>.
/// </summary>
internal sealed class MersenneTwister
{
    private const int StateSize = 624;
    private const int ShiftSize = 397;
    private const uint UpperBit = 0x80000000, LowerBits = 0x7fffffff, Twist = 0x9908b0df;

    private readonly uint[] _state = new uint[StateSize];
    private int _next = StateSize;

    /// <param name="seed">Only its lower 32 bits count, as in torch.</param>
    public MersenneTwister(ulong seed)
    {
        _state[0] = (uint)seed;
        for (uint i = 1; i < StateSize; i++)
        {
            uint previous = _state[i - 1];
            _state[i] = (1812433253u * (previous ^ (previous >> 30))) + i;
        }
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_next == StateSize)
        {
            Refill();
        }

        uint bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9d2c5680;
        bits ^= (bits << 15) & 0xefc60000;
        return bits ^ (bits >> 18);
    }

    /// <summary>A uniform float in [0,1) from the lower 24 bits of one draw: torch's conversion for float32.</summary>
    public float NextUniform() => (NextUInt32() & 0xffffff) * (1f / (1 << 24));

    private void Refill()
    {
        for (int i = 0; i < StateSize; i++)
        {
            uint mixed = (_state[i] & UpperBit) | (_state[(i + 1) % StateSize] & LowerBits);
            uint twisted = mixed >> 1;
            if ((mixed & 1) != 0)
            {
                twisted ^= Twist;
            }

            _state[i] = _state[(i + ShiftSize) % StateSize] ^ twisted;
        }

        _next = 0;
    }
}
