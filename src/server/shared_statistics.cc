#include "server/shared_statistics.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "base/text.h"
#include "server/descriptors.h"

namespace photodrop {
namespace {

constexpr const char* kVariable = "PHOTODROP_STATISTICS";

// Begins with what tells whether the rest can be understood.
struct Memory {
  std::uint64_t layout;
  Statistics statistics;
};

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("Cannot share the statistics: ") + what + ": " +
                           std::strerror(errno) + ".");
}

UniqueFd new_memory() {
  UniqueFd high =
      moved_up(UniqueFd(memfd_create("photodrop-statistics", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (high.get() < 0) fail("memfd_create");
  if (ftruncate(high.get(), sizeof(Memory)) != 0) fail("ftruncate");
  const std::uint64_t layout = statistics_layout();
  if (pwrite(high.get(), &layout, sizeof layout, 0) != sizeof layout) fail("pwrite");
  return high;
}

// A number that came from elsewhere may be a stranger's: only a memfd has seals.
bool is_ours(int fd) {
  struct stat status {};
  std::uint64_t layout = 0;
  return fcntl(fd, F_GET_SEALS) >= 0 && fstat(fd, &status) == 0 &&
         status.st_size == sizeof(Memory) &&
         pread(fd, &layout, sizeof layout, 0) == sizeof layout && layout == statistics_layout();
}

UniqueFd inherited_memory() {
  const char* const left = std::getenv(kVariable);
  const auto number = parse_integer(left == nullptr ? "" : left);
  unsetenv(kVariable);
  if (!number || *number < kLowestOwnFd || !is_ours(static_cast<int>(*number))) return {};
  UniqueFd fd(static_cast<int>(*number));
  fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
  return fd;
}

}  // namespace

SharedStatistics::SharedStatistics() : fd_(inherited_memory()) {
  if (fd_.get() < 0) fd_ = new_memory();
  void* const mapped =
      mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (mapped == MAP_FAILED) fail("mmap");
  statistics_ = &static_cast<Memory*>(mapped)->statistics;
}

SharedStatistics::~SharedStatistics() {
  char* const statistics = reinterpret_cast<char*>(statistics_);
  munmap(statistics - offsetof(Memory, statistics), sizeof(Memory));
}

void SharedStatistics::pass_on() const {
  fcntl(fd_.get(), F_SETFD, 0);
  setenv(kVariable, std::to_string(fd_.get()).c_str(), 1);
}

void SharedStatistics::stop_passing_on() const {
  fcntl(fd_.get(), F_SETFD, FD_CLOEXEC);
  unsetenv(kVariable);
}

}  // namespace photodrop
