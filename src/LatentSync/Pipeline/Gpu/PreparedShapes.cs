using LatentSync.Denoising;
using LatentSync.Models.Rewrites;

namespace LatentSync.Pipeline.Gpu;

/// <summary>All that prepared networks, their buffers and captured graphs depend on: jobs that agree in it can use the same ones.</summary>
/// <param name="Resolution">Side of the faces in pixels.</param>
/// <param name="Frames">Frames of a whole chunk.</param>
/// <param name="AudioTokens">Rows of a frame's audio window.</param>
/// <param name="AudioState">Width of a row.</param>
/// <param name="IsGuided">Whether every chunk is doubled.</param>
/// <param name="Form">The UNet's networks.</param>
/// <param name="Table">What the sampler needs.</param>
internal sealed record PreparedShapes(int Resolution, int Frames, int AudioTokens, int AudioState, bool IsGuided, UNetProgramOptions Form, StepTableShape Table);
