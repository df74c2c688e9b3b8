#include "metrics/exposition.h"

#include <array>
#include <charconv>

namespace photodrop {
namespace {

constexpr double kNanosecondsInASecond = 1e9;

double value_of(const Counter& counter) {
  return static_cast<double>(counter.load(std::memory_order_relaxed));
}

std::string text_of(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text.append(text.empty() ? "" : ",").append(name).append("=\"").append(value).append("\"");
  }
  return text;
}

// The shortest digits that are read back as the same value, without an exponent.
std::string text_of(double value) {
  std::array<char, 400> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::fixed);
  return {digits.data(), end.ptr};
}

void write_requests(Exposition& exposition, const Statistics& statistics) {
  exposition.begin({"photodrop_http_requests_total", "counter",
                    "Requests that are over, by route and status code."});
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    const auto& by_status = statistics.operations[i].by_status;
    for (std::size_t status = 0; status < by_status.size(); ++status) {
      if (by_status[status] == 0) continue;
      const std::string code = std::to_string(static_cast<int>(status) + kFirstStatus);
      exposition.sample(
          {{"method", kOperations[i].method}, {"route", kOperations[i].route}, {"code", code}},
          value_of(by_status[status]));
    }
  }
}

void write_bytes(Exposition& exposition, const Statistics& statistics, const Family& family,
                 Counter OperationCounters::*bytes) {
  exposition.begin(family);
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    exposition.sample({{"method", kOperations[i].method}, {"route", kOperations[i].route}},
                      value_of(statistics.operations[i].*bytes));
  }
}

void write_durations(Exposition& exposition, const Statistics& statistics) {
  exposition.begin({"photodrop_http_request_duration_seconds", "histogram",
                    "Time of a request in the worker, from its head to its last byte."});
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    exposition.histogram({{"method", kOperations[i].method}, {"route", kOperations[i].route}},
                         statistics.operations[i].time);
  }
}

struct Part {
  std::string name;  // in front of those of its families
  std::string_view attempts_help;
};

void write_part(Exposition& exposition, const PartCounters& counters, const Part& part) {
  const auto& [name, attempts_help] = part;
  exposition.begin({name + "_attempts_total", "counter", attempts_help});
  exposition.sample({}, value_of(counters.attempts));
  exposition.begin({name + "_errors_total", "counter", "Attempts that failed."});
  exposition.sample({}, value_of(counters.errors));
  exposition.begin({name + "_duration_seconds", "histogram",
                    "Time that a request has spent on it, over all attempts."});
  exposition.histogram({}, counters.time);
}

void write_breakers(Exposition& exposition, const Statistics& statistics) {
  const CircuitBreaker& store = statistics.store_health.breaker;
  const CircuitBreaker& database = statistics.database_health.breaker;
  exposition.begin({"photodrop_circuit_breaker_open", "gauge",
                    "1 while requests that need the part are refused, 0 otherwise."});
  exposition.sample({{"part", "store"}}, store.is_open() ? 1 : 0);
  exposition.sample({{"part", "database"}}, database.is_open() ? 1 : 0);
  exposition.begin(
      {"photodrop_circuit_breaker_opened_total", "counter", "Times that it has opened."});
  exposition.sample({{"part", "store"}}, static_cast<double>(store.times_opened()));
  exposition.sample({{"part", "database"}}, static_cast<double>(database.times_opened()));
}

void write_workers(Exposition& exposition, const Statistics& statistics) {
  exposition.begin({"photodrop_workers", "gauge", "Workers of each pool, busy and idle."});
  for (const PoolInfo& pool : kPools) {
    const Occupancy found = occupancy(statistics, pool.pool);
    exposition.sample({{"pool", pool.name}, {"state", "busy"}}, found.busy);
    exposition.sample({{"pool", pool.name}, {"state", "idle"}}, found.idle);
  }
  exposition.begin({"photodrop_listen_queue", "gauge",
                    "Requests that wait for a worker of the pool, as of the last second."});
  for (const PoolInfo& pool : kPools) {
    exposition.sample({{"pool", pool.name}}, statistics.listen_queue.at(pool.pool));
  }
  exposition.begin({"photodrop_worker_restarts_total", "counter",
                    "Workers that were replaced, by how the one before them ended."});
  for (std::size_t i = 0; i < kRestarts.size(); ++i) {
    exposition.sample({{"cause", kRestarts[i]}}, value_of(statistics.restarts[i]));
  }
}

}  // namespace

void Exposition::begin(const Family& family) {
  name_ = family.name;
  text_.append("# HELP ").append(name_).append(" ").append(family.help);
  text_.append("\n# TYPE ").append(name_).append(" ").append(family.type).append("\n");
}

void Exposition::sample(const Labels& labels, double value) {
  line("", text_of(labels), value);
}

// A bucket of the format holds those before it too.
void Exposition::histogram(const Labels& labels, const Histogram& histogram) {
  const std::string own = text_of(labels);
  const std::string before_le = own.empty() ? "" : own + ",";
  double sum = 0;
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    sum += value_of(histogram.buckets[i]);
    const std::string_view le = i < kBounds.size() ? kBounds[i].seconds : "+Inf";
    line("_bucket", before_le + text_of({{"le", le}}), sum);
  }
  line("_sum", own, value_of(histogram.nanoseconds) / kNanosecondsInASecond);
  line("_count", own, sum);
}

void Exposition::line(std::string_view suffix, const std::string& labels, double value) {
  text_.append(name_).append(suffix);
  if (!labels.empty()) text_.append("{").append(labels).append("}");
  text_.append(" ").append(text_of(value)).append("\n");
}

void write_statistics(Exposition& exposition, const Statistics& statistics) {
  write_requests(exposition, statistics);
  write_bytes(exposition, statistics,
              {"photodrop_http_request_bytes_total", "counter", "Bytes of requests' bodies."},
              &OperationCounters::bytes_in);
  write_bytes(exposition, statistics,
              {"photodrop_http_response_bytes_total", "counter",
               "Bytes of answers, their heads among them."},
              &OperationCounters::bytes_out);
  write_durations(exposition, statistics);
  write_part(exposition, statistics.store,
             {"photodrop_s3", "Requests sent to the store, each attempt for itself."});
  write_part(exposition, statistics.database,
             {"photodrop_database", "Transactions begun, each attempt for itself."});
  write_breakers(exposition, statistics);
  write_workers(exposition, statistics);
}

}  // namespace photodrop
