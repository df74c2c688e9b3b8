#include "serve_command.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "api/health_api.h"
#include "api/health_probe.h"
#include "api/photo_api.h"
#include "api/photo_form.h"
#include "base/log.h"
#include "db/postgres_cleanup_queue.h"
#include "db/postgres_ledger_census.h"
#include "db/postgres_photo_store.h"
#include "db/postgres_thumbnail_ledger.h"
#include "db/postgres_token_store.h"
#include "photos/thumbnailer.h"
#include "photos/uploader.h"
#include "process/thumbnail_program.h"
#include "s3/client.h"
#include "server/listener.h"
#include "server/pool_monitor.h"
#include "server/reexec.h"
#include "server/shared_statistics.h"
#include "server/supervisor.h"
#include "server/systemd.h"
#include "server/worker.h"

namespace photodrop {
namespace {

struct Listener {
  UniqueFd fd;
  bool is_systemds = false;
};

using Listeners = PerPool<Listener>;

// What every worker is started with.
struct WorkerContext {
  const Config& config;
  const std::string& version;
  const Listeners& listeners;
  std::string thumbnail_program;  // its path
  Statistics& statistics;
};

// More than a store takes that is two seconds of round trip away.
constexpr std::chrono::seconds kStoreProbe{5};

HealthProbe probe_of(LedgerCensus& census, Statistics& statistics) {
  return {"database", statistics.database_health, [&census] { census.check(); }};
}

HealthProbe probe_of(ObjectStore& objects, Statistics& statistics) {
  return {"store", statistics.store_health, [&objects] { objects.check(kStoreProbe); }};
}

// One worker: what it uses is built here, after the fork, and destroyed here.
int work(const WorkerContext& context, WorkerSlot& slot) {
  const Config& config = context.config;
  s3::Client objects(config.store, &context.statistics.store_health.breaker);
  Session session(config.database_url, &context.statistics.database_health.breaker);
  PostgresPhotoStore photos(session);
  PostgresCleanupQueue cleanup(session);
  Uploader uploader(objects, photos, config.uploads);
  PostgresLedgerCensus census(session);
  PostgresTokenStore tokens(session);
  Gate gate(config.auth, tokens);
  PostgresThumbnailLedger thumbnails(session);
  ThumbnailProgram program(context.thumbnail_program);
  Thumbnailer thumbnailer({objects, thumbnails, program});
  PhotoApi api({objects, photos, cleanup}, {uploader, thumbnailer, gate},
               {.most = config.list_max,
                .version = context.version,
                .may_be_kept = config.store.presign_window > std::chrono::seconds(0)});
  HealthApi health(census, context.statistics, context.version);
  Router router;
  health.add_to(router);
  api.add_to(router);
  const WorkerOptions options{
      .listen_fd = context.listeners.at(slot.pool).fd.get(),
      .max_body_bytes =
          static_cast<std::size_t>(config.uploads.max_bytes) + kMaxFormOverheadBytes,
      .max_requests = config.worker_max_requests};
  HealthProbe probe = slot.pool == Pool::api ? probe_of(census, context.statistics)
                                             : probe_of(objects, context.statistics);
  const auto handle = [&](const Request& request) {
    objects.share_deadline();
    return router.dispatch(request);
  };
  return run_worker(options,
                    {.handler = handle,
                     .between_requests = [&] { probe.run_if_due(); },
                     .on_idle = [&] { session.disconnect(); }},
                    {.store = objects.meter(),
                     .database = session.meter(),
                     .statistics = context.statistics,
                     .slot = slot});
}

// The name that systemd gave the only socket of version 0.1: that of its unit.
constexpr std::string_view kOnlySocket = "photodrop.socket";

bool is_of(const InheritedListener& listener, const PoolInfo& pool) {
  return listener.name == pool.name || (pool.pool == Pool::api && listener.name == kOnlySocket);
}

// systemd's sockets, or those of the program that ran in this process before, or new ones.
Listeners open_listeners(const PerPool<PoolConfig>& pools) {
  auto inherited = inherit_listeners();
  Listeners listeners;
  for (const PoolInfo& pool : kPools) {
    const ListenerOptions& options = pools.at(pool.pool).listener;
    const auto found =
        std::find_if(inherited.begin(), inherited.end(),
                     [&](const InheritedListener& each) { return is_of(each, pool); });
    Listener& listener = listeners.at(pool.pool);
    if (found == inherited.end()) {
      listener.fd = listen_on(options);
    } else {
      listener = {.fd = std::move(found->fd), .is_systemds = found->is_systemds};
      set_backlog(listener.fd, options.backlog);
      inherited.erase(found);
    }
  }
  if (inherited.empty()) return listeners;
  throw std::runtime_error("Cannot listen on a socket named " + inherited.front().name +
                           ": FileDescriptorName must be api, upload or thumbnail.");
}

std::vector<PassedListener> passed(const Listeners& listeners) {
  std::vector<PassedListener> all;
  for (const PoolInfo& pool : kPools) {
    const Listener& listener = listeners.at(pool.pool);
    all.push_back({std::string(pool.name), listener.fd.get(), listener.is_systemds});
  }
  return all;
}

void remove_own_sockets(const Listeners& listeners) {
  for (const Listener& listener : listeners.values) {
    if (!listener.is_systemds) remove_socket(listener.fd);
  }
}

void warn_if_open_to_the_public(const Config& config) {
  if (!is_open_to_the_public(config)) return;
  log(Level::warning, "anyone may upload and delete: AUTH is off and SERVER_NAME is public",
      {{"server_name", config.server_name}});
}

void log_start(const WorkerContext& context, std::size_t old_workers) {
  const auto& pools = context.config.pools;
  log(Level::info, "supervisor starting",
      {{"version", context.version},
       {"workers", pools.at(Pool::api).workers},
       {"upload_workers", pools.at(Pool::upload).workers},
       {"thumbnail_workers", pools.at(Pool::thumbnail).workers},
       {"old_workers", static_cast<std::int64_t>(old_workers)},
       {"socket", path_of(context.listeners.at(Pool::api).fd)}});
}

PerPool<std::string> sockets_of(const Listeners& listeners) {
  PerPool<std::string> paths;
  for (const PoolInfo& pool : kPools) paths.at(pool.pool) = path_of(listeners.at(pool.pool).fd);
  return paths;
}

PerPool<int> sizes_of(const PerPool<PoolConfig>& pools) {
  PerPool<int> sizes{};
  for (const PoolInfo& pool : kPools) sizes.at(pool.pool) = pools.at(pool.pool).workers;
  return sizes;
}

}  // namespace

int run_serve(const Config& config, const std::string& version) {
  const auto program = own_program();
  warn_if_open_to_the_public(config);
  const Listeners listeners = open_listeners(config.pools);
  const std::vector<pid_t> old_workers = inherit_workers();
  const SharedStatistics statistics;
  const WorkerContext context{
      .config = config,
      .version = version,
      .listeners = listeners,
      .thumbnail_program = program.parent_path() / "photodrop-thumbnail",
      .statistics = statistics.get()};
  log_start(context, old_workers.size());
  PoolMonitor monitor(sockets_of(listeners), statistics.get());
  const Supervisor::Callbacks callbacks{
      .worker_main = [&](WorkerSlot& slot) { return work(context, slot); },
      .reload =
          [&](const std::vector<pid_t>& workers) {
            reexec(program, {passed(listeners), workers, statistics});
          },
      .watch = [&] { monitor.look(); }};
  Supervisor supervisor({.workers = sizes_of(config.pools)}, callbacks, statistics.get(),
                        old_workers);
  const int status = supervisor.run();
  remove_own_sockets(listeners);
  return status;
}

}  // namespace photodrop
