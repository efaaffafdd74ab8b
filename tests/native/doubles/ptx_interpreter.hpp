#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace ptx {

struct Program;

/// One parameter of an entry: where it lies in the parameter block, in bytes.
struct Parameter {
    std::size_t offset;
    std::size_t size;
};

/// PTX text that runs on the CPU, one thread of the grid after another, so that the very kernels that are shipped are
/// exercised, with their real parameter blocks, on machines without a GPU. Device addresses are host addresses. The
/// arithmetic is that of the PTX ISA, bit for bit, except for the .approx functions, which are computed in double
/// precision and rounded (a GPU may differ in their last bits). Parsing refuses what it does not know: nothing is
/// skipped. A module is immutable after it is parsed, so it may be launched from several threads at a time.
class Module {
  public:
    /// Throws std::runtime_error, with the number of the line, when the text is not the subset of PTX that is known.
    static Module parse(std::string_view text);

    Module(Module&& other) noexcept;
    Module& operator=(Module&& other) noexcept;
    ~Module();

    bool has_entry(std::string_view name) const;

    /// Bytes of the parameter block of an entry: the end of its last parameter. Throws std::runtime_error when there
    /// is no such entry.
    std::size_t parameter_size(std::string_view name) const;

    /// The parameters of an entry in the order of its declaration. Throws std::runtime_error when there is no such
    /// entry.
    const std::vector<Parameter>& parameters(std::string_view name) const;

    /// Runs an entry for every thread of the grid and returns when all have ended. Throws std::runtime_error when there
    /// is no such entry, a dimension is 0, a block has more than 1024 threads, `size` is not `parameter_size(name)`, or
    /// a thread exceeds its budget of instructions (it loops forever). An access outside the caller's memory is not
    /// detected here: build with AddressSanitizer for that.
    void launch(std::string_view name, const std::uint32_t (&grid)[3], const std::uint32_t (&block)[3],
                const void* parameters, std::size_t size) const;

  private:
    explicit Module(std::unique_ptr<const Program> program);

    std::unique_ptr<const Program> program_;
};

}  // namespace ptx
