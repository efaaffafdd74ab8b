#include "case_file.hpp"

#include <bit>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "formula.hpp"

namespace gpu_check {

namespace {

constexpr std::size_t largest_buffer = std::size_t{1} << 30;

void require(bool condition, const char* what) {
    if (!condition) {
        throw std::runtime_error(what);
    }
}

template <typename T>
T read(std::istream& line, const char* what) {
    T value{};
    require(static_cast<bool>(line >> value), what);
    return value;
}

std::uint32_t read_bits(std::istream& line, const char* what) {
    std::uint32_t bits = 0;
    require(static_cast<bool>(line >> std::hex >> bits >> std::dec), what);
    return bits;
}

unsigned digit(char character) {
    if (character >= '0' && character <= '9') {
        return static_cast<unsigned>(character - '0');
    }

    require(character >= 'a' && character <= 'f', "a character that is no hexadecimal digit");
    return static_cast<unsigned>(character - 'a') + 10;
}

std::vector<std::byte> read_hex(std::istream& line) {
    const auto text = read<std::string>(line, "bytes are missing");
    require(text.size() % 2 == 0, "half a byte");
    std::vector<std::byte> bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::byte>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
    }

    return bytes;
}

Element read_element(std::istream& line) {
    const auto name = read<std::string>(line, "the element type is missing");
    if (name == "uint8") {
        return Element::uint8;
    }
    if (name == "int16") {
        return Element::int16;
    }
    if (name == "int32") {
        return Element::int32;
    }

    require(name == "float32", "an unknown element type");
    return Element::float32;
}

/// Writes what `value` gives for each index.
template <typename Value>
void generate(std::vector<std::byte>& bytes, Value value) {
    using T = decltype(value(0U));
    for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) {
        const T element = value(static_cast<std::uint32_t>(i));
        std::memcpy(bytes.data() + sizeof(T) * i, &element, sizeof element);
    }
}

/// By formula, from a seed: bytes SEED | ints SEED BITS | floats SEED SCALE | fractions SEED
void generate(CaseBuffer& buffer, const std::string& kind, std::istream& line) {
    const std::uint32_t seed = read_bits(line, "the seed is missing");
    if (kind == "bytes") {
        require(buffer.element == Element::uint8, "bytes in a buffer of another type");
        generate(buffer.initial, [=](std::uint32_t i) { return mixed_byte(i, seed); });
    } else if (kind == "ints") {
        require(buffer.element == Element::int32, "integers in a buffer of another type");
        const auto bits = read<unsigned>(line, "the number of bits is missing");
        require(bits >= 1 && bits <= 31, "an impossible number of bits");
        generate(buffer.initial, [=](std::uint32_t i) { return mixed_integer(i, seed, bits); });
    } else {
        require(buffer.element == Element::float32, "floats in a buffer of another type");
        if (kind == "fractions") {
            generate(buffer.initial, [=](std::uint32_t i) { return mixed_fraction(i, seed); });
        } else {
            require(kind == "floats", "an unknown kind of content");
            const auto scale = std::bit_cast<float>(read_bits(line, "the scale is missing"));
            generate(buffer.initial, [=](std::uint32_t i) { return mixed_float(i, seed, scale); });
        }
    }
}

/// buffer ELEMENT COUNT (fill BYTE | data HEX | a formula)
CaseBuffer read_buffer(std::istream& line) {
    CaseBuffer buffer{read_element(line), {}};
    const auto count = read<std::size_t>(line, "the number of elements is missing");
    require(count > 0 && count <= largest_buffer / size_of(buffer.element), "a buffer of an impossible size");
    const std::size_t size = count * size_of(buffer.element);
    const auto kind = read<std::string>(line, "the buffer's content is missing");
    if (kind == "data") {
        buffer.initial = read_hex(line);
        require(buffer.initial.size() == size, "data of another size than the buffer");
    } else if (kind == "fill") {
        buffer.initial.assign(size, static_cast<std::byte>(read_bits(line, "the byte is missing")));
    } else {
        buffer.initial.resize(size);
        generate(buffer, kind, line);
    }

    return buffer;
}

/// launch KERNEL EXTENT HEX [PARAMETER:BUFFER:OFFSET]...
CaseLaunch read_launch(std::istream& line, const std::vector<CaseBuffer>& buffers) {
    CaseLaunch launch;
    launch.kernel = read<std::string>(line, "the kernel's name is missing");
    launch.extent = read<std::uint32_t>(line, "the extent is missing");
    require(launch.extent > 0, "an extent of 0");
    launch.parameters = read_hex(line);
    while (line >> std::ws && !line.eof()) {
        CasePointer pointer{};
        char first = 0;
        char second = 0;
        require(static_cast<bool>(line >> pointer.parameter >> first >> pointer.buffer >> second >> pointer.offset) &&
                    first == ':' && second == ':',
                "a damaged pointer");
        require(pointer.parameter + sizeof(std::uint64_t) <= launch.parameters.size(),
                "a pointer outside the parameters");
        require(pointer.buffer < buffers.size() && pointer.offset < buffers[pointer.buffer].initial.size(),
                "a pointer into no buffer");
        launch.pointers.push_back(pointer);
    }

    return launch;
}

/// expect BUFFER STEP TOLERANCE HEX
CaseExpectation read_expectation(std::istream& line, const std::vector<CaseBuffer>& buffers) {
    CaseExpectation expectation{};
    expectation.buffer = read<std::size_t>(line, "the buffer's index is missing");
    expectation.step = read<std::size_t>(line, "the step is missing");
    expectation.tolerance = std::bit_cast<float>(read_bits(line, "the tolerance is missing"));
    expectation.values = read_hex(line);
    require(expectation.buffer < buffers.size() && expectation.step > 0, "an expectation of no buffer");
    const CaseBuffer& buffer = buffers[expectation.buffer];
    const std::size_t samples = (buffer.count() + expectation.step - 1) / expectation.step;
    require(expectation.values.size() == samples * size_of(buffer.element), "another number of samples than expected");
    return expectation;
}

/// False at the line `end`.
bool read_line(std::istream& line, Case& result) {
    const auto keyword = read<std::string>(line, "an empty line");
    if (keyword == "name") {
        result.name = read<std::string>(line, "the name is missing");
    } else if (keyword == "repeats") {
        result.repeats = read<int>(line, "the number of repeats is missing");
        require(result.repeats > 0, "no repeats");
    } else if (keyword == "buffer") {
        result.buffers.push_back(read_buffer(line));
    } else if (keyword == "launch") {
        result.launches.push_back(read_launch(line, result.buffers));
    } else if (keyword == "expect") {
        result.expectations.push_back(read_expectation(line, result.buffers));
    } else {
        require(keyword == "end", "an unknown keyword");
        return false;
    }

    return true;
}

}  // namespace

std::size_t size_of(Element element) { return element == Element::uint8 ? 1 : element == Element::int16 ? 2 : 4; }

Case read_case(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string text;
    int number = 1;
    try {
        require(std::getline(stream, text) && text == "latentsync-gpu-case 1", "no case, or one of another version");
        Case result;
        for (bool is_open = true; is_open;) {
            ++number;
            require(static_cast<bool>(std::getline(stream, text)), "the file is cut off");
            std::istringstream line(text);
            is_open = read_line(line, result);
        }

        require(!result.name.empty() && !result.launches.empty() && !result.expectations.empty(),
                "a case without name, launches or expectations");
        return result;
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(path.string() + ", line " + std::to_string(number) + ": " + error.what());
    }
}

}  // namespace gpu_check
