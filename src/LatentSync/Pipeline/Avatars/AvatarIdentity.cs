using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Everything that an avatar's contents follow from. Two avatars with the same identity hold the same faces.</summary>
/// <param name="Computation">Counts up whenever the same inputs give other contents.</param>
/// <param name="VideoSha256">SHA-256 of the video file, 64 lower-case hexadecimal digits.</param>
/// <param name="VideoSizeInBytes">Its length.</param>
/// <param name="FrameRate">Frames per second that it is read at, such as <c>25</c> or <c>30000/1001</c>.</param>
/// <param name="Start">Where in it the avatar begins.</param>
/// <param name="Duration">How much of it is used at most; null for all.</param>
/// <param name="DetectEvery">Frames from one run of the face detector to the next at most.</param>
/// <param name="Resolution">Side of the aligned faces in pixels.</param>
/// <param name="Detector">Name and hash of the network that finds faces.</param>
/// <param name="Landmarks">Name and hash of the landmark network.</param>
/// <param name="VaeEncoder">Name and hash of the VAE's encoder.</param>
/// <param name="LatentChannels">C of the latents.</param>
/// <param name="VaeScalingFactor">The VAE's <c>scaling_factor</c>.</param>
/// <param name="VaeShiftFactor">The VAE's <c>shift_factor</c>.</param>
/// <param name="MaskSha256">SHA-256 of the mouth mask over the face's pixels.</param>
public sealed record AvatarIdentity(
    int Computation,
    string VideoSha256,
    long VideoSizeInBytes,
    string FrameRate,
    TimeSpan Start,
    TimeSpan? Duration,
    int DetectEvery,
    int Resolution,
    string Detector,
    string Landmarks,
    string VaeEncoder,
    int LatentChannels,
    double VaeScalingFactor,
    double VaeShiftFactor,
    string MaskSha256)
{
    /// <summary>SHA-256 of all of it: the avatar's name by content, 64 lower-case hexadecimal digits.</summary>
    [JsonIgnore]
    public string Key => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, AvatarJsonContext.Default.AvatarIdentity)));
}
