// How many requests wait for a worker, and when that is worth a warning.
#include "server/pool_monitor.h"

#include <gtest/gtest.h>

#include <list>
#include <memory>

#include "server/listener.h"
#include "support/fcgi_client.h"
#include "support/log_capture.h"
#include "support/temp_dir.h"

namespace photodrop::testing {
namespace {

TEST(WaitingConnections, CountsThoseOfTheSocketThatNobodyHasAccepted) {
  const std::string table =
      "Num       RefCount Protocol Flags    Type St Inode Path\n"
      "0000000000000000: 00000002 00000000 00010000 0001 01 48100 /run/fcgi.sock\n"
      "0000000000000000: 00000003 00000000 00000000 0001 03 48101 /run/fcgi.sock\n"
      "0000000000000000: 00000002 00000000 00000000 0001 02     0 /run/fcgi.sock\n"
      "0000000000000000: 00000002 00000000 00000000 0001 02     0 /run/fcgi.sock\n"
      "0000000000000000: 00000002 00000000 00000000 0001 02     0 /run/other/run/fcgi.sock\n"
      "0000000000000000: 00000003 00000000 00000000 0001 03 48102\n";
  EXPECT_EQ(waiting_connections(table, "/run/fcgi.sock"), 2);
  EXPECT_EQ(waiting_connections(table, "/run/none.sock"), 0);
  EXPECT_EQ(waiting_connections("", "/run/fcgi.sock"), 0);
}

class PoolMonitorTest : public ::testing::Test {
 protected:
  // A worker of the pool `upload`.
  WorkerSlot& worker(bool is_busy) {
    WorkerSlot& slot = free_slot(*statistics_);
    slot.pid = 7;
    slot.pool = Pool::upload;
    slot.busy = is_busy;
    return slot;
  }

  void connect() { clients_.emplace_back(dir_.path("upload")); }

  std::string log_of_a_look() {
    const LogCapture log;
    monitor_.look();
    return log.next_write();
  }

  TempDir dir_;
  UniqueFd listener_ = listen_on({.path = dir_.path("upload")});
  std::unique_ptr<Statistics> statistics_ = std::make_unique<Statistics>();
  PoolMonitor monitor_{{{dir_.path("api"), dir_.path("upload"), dir_.path("thumbnail")}},
                       *statistics_};
  std::list<FcgiClient> clients_;
};

TEST_F(PoolMonitorTest, RecordsHowManyRequestsWaitInEachPool) {
  connect();
  connect();
  monitor_.look();
  EXPECT_EQ(statistics_->listen_queue.at(Pool::upload), 2);
  EXPECT_EQ(statistics_->listen_queue.at(Pool::api), 0);
  const UniqueFd accepted(accept(listener_.get(), nullptr, nullptr));
  monitor_.look();
  EXPECT_EQ(statistics_->listen_queue.at(Pool::upload), 1);
}

TEST_F(PoolMonitorTest, WarnsOfAPoolThatHasNoWorkerLeft) {
  worker(true);
  connect();
  const std::string log = log_of_a_look();
  EXPECT_NE(log.find(R"("pool":"upload","workers":1,"waiting":1,"raise":"UPLOAD_WORKERS")"),
            std::string::npos)
      << log;
  EXPECT_EQ(log_of_a_look(), "") << "not each second";
}

TEST_F(PoolMonitorTest, HasNothingToSayWhileAWorkerIsIdleOrNothingWaits) {
  worker(true);
  EXPECT_EQ(log_of_a_look(), "");
  worker(false);
  connect();
  EXPECT_EQ(log_of_a_look(), "");
}

}  // namespace
}  // namespace photodrop::testing
