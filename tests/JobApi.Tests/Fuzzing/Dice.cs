using CsCheck;

namespace JobApi.Tests.Fuzzing;

/// <summary>Choices, all drawn from CsCheck's generator of numbers, so that a seed repeats every one of them.</summary>
internal sealed class Dice(PCG numbers)
{
    public bool Chance(int percent) => Below(100) < percent;

    public int Below(int limit) => (int)numbers.Next((uint)limit);

    public T Of<T>(params IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Draws from one of CsCheck's own generators.</summary>
    public T Draw<T>(Gen<T> generator) => generator.Generate(numbers, null, out _);
}

/// <summary>A generator that is written down as a play of choices.</summary>
internal sealed class Played<T>(Func<Dice, T> play) : Gen<T>
{
    public override T Generate(PCG pcg, Size? min, out Size size)
    {
        size = new Size(0);
        return play(new Dice(pcg));
    }
}
