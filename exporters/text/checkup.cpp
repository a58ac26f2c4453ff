#include "exporters/text/checkup.hpp"

#include "exporters/text/layout.hpp"
#include "exporters/words/words.hpp"

namespace danewatch {

std::string to_text(const Checkup& checkup, const TextOptions& options) {
  using layout::Tone;
  layout::Page page(options.width);
  for (const auto& item : checkup.items) {
    const layout::Span label{std::string(to_string(item.severity)), words::tone_of(item.severity)};
    page.paragraph(label, "", {{layout::glued(item.topic) + ": ", Tone::strong}, {words::plain(item.text)}});
    if (!item.fix.empty()) page.paragraph({}, "-> ", {{words::plain(item.fix)}});
  }
  return layout::render(page.lines(), options.color);
}

}  // namespace danewatch
