// The command line. It names every concrete class and puts them together.
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/health_api.h"
#include "api/photo_api.h"
#include "api/photo_form.h"
#include "base/log.h"
#include "config.h"
#include "db/migrations.h"
#include "db/postgres_cleanup_queue.h"
#include "db/postgres_ledger_census.h"
#include "db/postgres_photo_index.h"
#include "db/postgres_photo_store.h"
#include "db/postgres_thumbnail_ledger.h"
#include "db/postgres_token_store.h"
#include "doctor_command.h"
#include "fsck_command.h"
#include "photos/thumbnailer.h"
#include "photos/uploader.h"
#include "process/thumbnail_program.h"
#include "reap_command.h"
#include "s3/client.h"
#include "server/listener.h"
#include "server/shared_statistics.h"
#include "server/successor.h"
#include "server/supervisor.h"
#include "server/systemd.h"
#include "server/worker.h"
#include "settings.h"
#include "token_command.h"

namespace photodrop {
namespace {

constexpr int kUsageError = 2;

constexpr std::string_view kUsage =
    "photodrop " PHOTODROP_VERSION
    "\n"
    "usage: photodrop serve     answer requests that nginx passes to LISTEN_SOCKET\n"
    "       photodrop check     say what is wrong with the settings\n"
    "       photodrop migrate   bring the database's table up to date\n"
    "       photodrop reap [--every SECONDS]\n"
    "                           clean up what uploads and deletions have left behind\n"
    "       photodrop fsck [--fix] [--sample N]\n"
    "                           compare bucket and table; --fix deletes objects without a "
    "row,\n"
    "                           --sample reads N photos again and checks their bytes\n"
    "       photodrop doctor [--url URL]\n"
    "                           check settings, database and store; with the service's URL, "
    "nginx too\n"
    "       photodrop token create NAME --scope upload,read,delete [--expires 90d]\n"
    "       photodrop token list\n"
    "       photodrop token revoke NAME\n"
    "                           say who may do what when AUTH asks for a token; a NAME has 1 "
    "to 64\n"
    "                           characters, a life is in days (d), hours (h) or minutes (m)\n"
    "       photodrop help      show this\n"
    "Settings come from the environment and from the file SETTINGS_FILE, or .env in the "
    "working directory.\n";

int explain_usage() {
  std::cerr << kUsage;
  return kUsageError;
}

// What a worker gets from the supervisor.
struct Station {
  int listen_fd;
  std::string thumbnail_program;  // its path
  Statistics& statistics;
};

// One worker's whole life: what it uses is built here, after the fork, and ends here.
int work(const Config& config, const Station& station, Seat& seat) {
  s3::Client objects(config.store);
  Session session(config.database_url);
  PostgresPhotoStore photos(session);
  PostgresCleanupQueue cleanup(session);
  Uploader uploader(objects, photos, config.uploads);
  PostgresLedgerCensus census(session);
  PostgresTokenStore tokens(session);
  Gate gate(config.auth, tokens);
  PostgresThumbnailLedger thumbnails(session);
  ThumbnailProgram program(station.thumbnail_program);
  Thumbnailer thumbnailer({objects, thumbnails, program});
  PhotoApi api({objects, photos, cleanup}, {uploader, thumbnailer, gate},
               {.most = config.list_max,
                .version = PHOTODROP_VERSION,
                .may_be_kept = config.store.presign_window > std::chrono::seconds(0)});
  HealthApi health({objects, census, station.statistics}, PHOTODROP_VERSION);
  Router router;
  health.add_to(router);
  api.add_to(router);
  const WorkerOptions options{
      .listen_fd = station.listen_fd,
      .max_body_bytes =
          static_cast<std::size_t>(config.uploads.max_bytes) + kMaxFormOverheadBytes,
      .max_requests = config.worker_max_requests};
  const auto handle = [&](const Request& request) {
    objects.share_deadline();
    return router.dispatch(request);
  };
  return run_worker(options, handle,
                    {.store = objects.meter(),
                     .database = session.meter(),
                     .statistics = station.statistics,
                     .seat = seat});
}

// systemd's socket, or that of the program that ran in this process before, or a new one.
InheritedListener open_listener(const ListenerOptions& options) {
  if (auto inherited = inherit_listener()) {
    set_backlog(inherited->fd, options.backlog);
    return std::move(*inherited);
  }
  return {.fd = listen_on(options), .is_systemds = false};
}

void warn_of_an_open_door(const Config& config) {
  if (!is_open_to_the_public(config)) return;
  log(Level::warning, "anyone may upload and delete: AUTH is off and SERVER_NAME is public",
      {{"server_name", config.server_name}});
}

int serve() {
  const auto program = own_program();
  const Config config = parse_config(gather_settings());
  warn_of_an_open_door(config);
  const InheritedListener listener = open_listener(config.listener);
  const int listen_fd = listener.fd.get();
  const std::vector<pid_t> old_workers = inherit_workers();
  const SharedStatistics statistics;
  const Station station{.listen_fd = listen_fd,
                        .thumbnail_program = program.parent_path() / "photodrop-thumbnail",
                        .statistics = statistics.get()};
  log(Level::info, "supervisor starting",
      {{"version", PHOTODROP_VERSION},
       {"workers", config.supervisor.workers},
       {"old_workers", static_cast<std::int64_t>(old_workers.size())},
       {"socket", path_of(listener.fd)}});
  Supervisor supervisor(
      config.supervisor,
      {.worker_main = [&](Seat& seat) { return work(config, station, seat); },
       .start_anew =
           [&](const std::vector<pid_t>& workers) {
             start_successor(program, {listen_fd, listener.is_systemds, workers, statistics});
           },
       .old_workers = old_workers},
      statistics.get());
  const int status = supervisor.run();
  if (!listener.is_systemds) remove_socket(listener.fd);
  return status;
}

int check() {
  parse_config(gather_settings());
  return EXIT_SUCCESS;
}

int run_migrations() {
  const Config config = parse_config(gather_settings());
  const auto applied = migrate(config.database_url);
  for (const std::string& name : applied) std::cout << "applied " << name << "\n";
  if (applied.empty()) std::cout << "the database is up to date\n";
  return EXIT_SUCCESS;
}

int reap(const ReapOptions& options) {
  const Config config = parse_config(gather_settings());
  s3::Client objects(config.store);
  Session session(config.database_url);
  PostgresCleanupQueue queue(session);
  Reaper reaper(objects, queue);
  return run_reap(reaper, options);
}

int check_files(const FsckOptions& options) {
  const Config config = parse_config(gather_settings());
  s3::Client objects(config.store);
  Session session(config.database_url);
  PostgresPhotoIndex index(session);
  return run_fsck(objects, index, options);
}

int manage_tokens(const TokenOptions& options) {
  const Config config = parse_config(gather_settings());
  Session session(config.database_url);
  PostgresTokenStore tokens(session);
  return run_token(tokens, options);
}

using Arguments = std::span<const std::string_view>;

int run(std::string_view command, Arguments options) {
  if (command == "reap") {
    if (const auto reap_options = parse_reap_options(options)) return reap(*reap_options);
  }
  if (command == "fsck") {
    if (const auto fsck_options = parse_fsck_options(options))
      return check_files(*fsck_options);
  }
  if (command == "doctor") {
    if (const auto doctor_options = parse_doctor_options(options))
      return run_doctor(*doctor_options, gather_settings());
  }
  if (command == "token") {
    if (const auto token_options = parse_token_options(options))
      return manage_tokens(*token_options);
  }
  if (!options.empty()) return explain_usage();

  if (command == "serve") return serve();
  if (command == "check") return check();
  if (command == "migrate") return run_migrations();
  if (command == "help" || command == "--help") {
    std::cout << kUsage;
    return EXIT_SUCCESS;
  }
  return explain_usage();
}

int run_and_explain(Arguments arguments) {
  try {
    if (arguments.empty()) return explain_usage();
    return run(arguments.front(), arguments.subspan(1));
  } catch (const ConfigError& error) {
    std::cerr << "photodrop cannot start. Wrong settings:\n";
    for (const std::string& fault : error.faults()) std::cerr << "  " << fault << "\n";
    return kUsageError;
  } catch (const Error& error) {
    std::cerr << "photodrop: " << error.detail() << "\n  " << error.cause() << "\n";
  } catch (const std::exception& error) {
    std::cerr << "photodrop: " << error.what() << "\n";
  }
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace photodrop

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  return photodrop::run_and_explain(arguments);
}
