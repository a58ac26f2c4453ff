// Pure: owners for C handles: one line each, `using UbContext = Handle<ub_ctx, ub_ctx_delete>;`.
//
// Never shares and never copies. Thread rule: that of the library behind the handle.
#pragma once

#include <memory>

namespace danewatch {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

template <class T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

}  // namespace danewatch
