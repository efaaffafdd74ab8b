#include "table.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace gpu_check {

void Table::print(std::ostream& stream, const std::string& title) const {
    std::vector<std::size_t> widths(rows_.front().size(), 3);
    for (const std::vector<std::string>& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }

    const auto print_row = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            stream << "| " << row[i] << std::string(widths[i] - row[i].size() + 1, ' ');
        }

        stream << "|\n";
    };
    stream << "\n## " << title << "\n\n";
    print_row(rows_.front());
    for (const std::size_t width : widths) {
        stream << '|' << std::string(width + 2, '-');
    }

    stream << "|\n";
    std::for_each(rows_.begin() + 1, rows_.end(), print_row);
    stream.flush();
}

std::string format(double value) {
    std::ostringstream text;
    text << std::setprecision(4) << value;
    return text.str();
}

}  // namespace gpu_check
