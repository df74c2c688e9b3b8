// The command line. It names every concrete class and puts them together.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config.h"
#include "db/migrations.h"
#include "db/postgres_cleanup_queue.h"
#include "db/postgres_photo_index.h"
#include "db/postgres_token_store.h"
#include "doctor_command.h"
#include "fsck_command.h"
#include "reap_command.h"
#include "s3/client.h"
#include "serve_command.h"
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
  Session session(config.database_url, nullptr, {.work = std::nullopt});
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

  if (command == "serve") return run_serve(parse_config(gather_settings()), PHOTODROP_VERSION);
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
