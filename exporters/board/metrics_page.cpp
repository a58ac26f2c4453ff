#include "exporters/board/metrics_page.hpp"

#include <algorithm>

#include "exporters/metrics/prometheus_text.hpp"

namespace danewatch {
namespace {

constexpr std::size_t piece_size = 65536;

class Pages {
 public:
  Pages(std::string self, BoardView targets) : piece_(std::move(self)), targets_(std::move(targets)) {}

  std::string next() {
    while (piece_.size() < piece_size && row_ < report_metrics().size()) add_one();
    std::string result;
    result.swap(piece_);
    return result;
  }

 private:
  // One target's samples of the current family, or the step to the next family.
  void add_one() {
    if (target_ == targets_.size()) {
      ++row_;
      target_ = 0;
      header_written_ = false;
      return;
    }
    const auto& rendered = targets_[target_++]->rendered;
    const auto found = std::ranges::lower_bound(rendered, row_, {}, [](const auto& part) { return part.first; });
    if (found == rendered.end() || found->first != row_) return;
    if (!header_written_) piece_ += prometheus_header(report_metrics()[row_]);
    header_written_ = true;
    piece_ += found->second;
  }

  std::string piece_;
  BoardView targets_;
  std::size_t row_ = 0;
  std::size_t target_ = 0;
  bool header_written_ = false;
};

}  // namespace

BodySource metrics_page(std::string self, BoardView targets) {
  auto pages = std::make_shared<Pages>(std::move(self), std::move(targets));
  return [pages] { return pages->next(); };
}

}  // namespace danewatch
