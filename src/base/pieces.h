// Bytes that lie in two places, to be read as one text without being copied together.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace photodrop {

// Borrowed: whoever owns the bytes must outlive it. What is whole is the first piece.
struct Pieces {
  std::string_view first;
  std::string_view second;

  Pieces() = default;
  template <std::convertible_to<std::string_view> Text>
  Pieces(const Text& whole) : first(whole) {}
  Pieces(std::string_view begin, std::string_view end) : first(begin), second(end) {}

  bool empty() const { return size() == 0; }
  std::size_t size() const { return first.size() + second.size(); }
  std::string joined() const { return std::string(first).append(second); }

  // Copies the bytes from `position` on, `count` of them or what there is; returns how many.
  // `position` is at most size().
  std::size_t copy(char* to, std::size_t count, std::size_t position) const;
};

}  // namespace photodrop
