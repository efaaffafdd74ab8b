#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace gpu_check {

/// A table as Markdown, its columns aligned for reading as plain text.
class Table {
  public:
    explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}

    /// As many cells as the header has.
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    void print(std::ostream& stream, const std::string& title) const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

/// With four significant digits.
std::string format(double value);

}  // namespace gpu_check
