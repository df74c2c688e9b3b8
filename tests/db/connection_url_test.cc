#include "db/connection_url.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

constexpr char kDefaults[] =
    "connect_timeout=2&keepalives_idle=30&tcp_user_timeout=2500&application_name=photodrop"
    "&target_session_attrs=read-write&options=-c%20statement_timeout%3D5000%20-c%20lock_"
    "timeout%3D2000"
    "%20-c%20idle_in_transaction_session_timeout%3D10000";

// The URL that becomes of `url`, without the defaults at its end; "nothing" for none.
std::string made_of(const std::string& url) {
  const std::string made = connection_url(url).value_or("nothing");
  const std::size_t defaults = made.find(kDefaults);
  return made.substr(0, defaults);
}

int occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(ConnectionUrl, HasWhatEverySessionNeeds) {
  EXPECT_EQ(connection_url("postgresql://u:p@localhost:5432/photos"),
            std::string("postgresql://u:p@localhost:5432/photos?") + kDefaults);
}

TEST(ConnectionUrl, DropsTheDriverOfSqlAlchemy) {
  for (const char* const scheme :
       {"postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2",
        "postgresql+asyncpg", "postgres+psycopg"}) {
    EXPECT_EQ(made_of(std::string(scheme) + "://u:p@h/d"), "postgresql://u:p@h/d?") << scheme;
  }
}

TEST(ConnectionUrl, RefusesOtherSchemes) {
  for (const char* const url :
       {"", "postgresql", "postgresql:u@h/d", "mysql://u:p@h/d", "sqlite:///photos.db",
        "://u:p@h/d", "+psycopg://u:p@h/d", "postgresqlx://h/d", "http://postgresql://h/d",
        " postgresql://h/d", "host=h dbname=d"}) {
    EXPECT_EQ(connection_url(url), std::nullopt) << url;
  }
}

TEST(ConnectionUrl, TakesEveryFormOfHost) {
  for (const char* const rest :
       {"u:p@h/d", "u@h/d", "h/d", "h", "/d", "u:p@/d", ":p@h/d", "h:1/d", "h:65535/d",
        "u:p@127.0.0.1:5432/d", "u:p@[::1]/d", "u:p@[::1]:5432/d", "h1:1,h2:2/d",
        "h1,[::1]:2,h3/d", "u:p@%2Frun%2Fpostgresql/d", "u:p%40%2f@h/d", "u:#!$@h/d"}) {
    EXPECT_EQ(made_of(std::string("postgresql://") + rest),
              std::string("postgresql://") + rest + "?");
  }
}

TEST(ConnectionUrl, RefusesBrokenHosts) {
  for (const char* const rest :
       {"h:/d", "h:0/d", "h:65536/d", "h:x/d", "h:1x/d", "h:-1/d", "h:1:2/d", "h1:1,h2:x/d",
        "[::1/d", "[]/d", "[]:1/d", "[/d", "[::1]x/d", "[::1]x1/d", "[::1]:/d", "[::1]:x/d"}) {
    EXPECT_EQ(connection_url(std::string("postgresql://") + rest), std::nullopt) << rest;
    EXPECT_EQ(connection_url(std::string("postgresql://u:p@") + rest), std::nullopt) << rest;
  }
  EXPECT_EQ(connection_url("postgresql://"), std::nullopt);
}

TEST(ConnectionUrl, RefusesWhatIsNoUrl) {
  for (const char* const rest : {"u:p w@h/d", "u:p\n@h/d", "u:p\x7F@h/d", "u:\xC3\xBC@h/d"}) {
    EXPECT_EQ(connection_url(std::string("postgresql://") + rest), std::nullopt) << rest;
  }
  EXPECT_EQ(connection_url(std::string_view("postgresql://h\0/d", 17)), std::nullopt);
}

// libpq's complaints of these would show the password, or a part of it, in the log.
TEST(ConnectionUrl, RefusesPasswordsThatAreNotEscaped) {
  for (const char* const rest :
       {"u:sec%ZZret@h/d", "u:secret%@h/d", "u:secret%4@h/d", "u:sec%00ret@h/d",
        "u:sec@ret@h/d", "u:1/ret@h/d", "u:1?ret@h/d", "u:1?a=b@h/d"}) {
    EXPECT_EQ(connection_url(std::string("postgresql://") + rest), std::nullopt) << rest;
  }
}

TEST(ConnectionUrl, LeavesTheUrlsOwnParametersAlone) {
  EXPECT_EQ(made_of("postgresql://h/d?sslmode=require"), "postgresql://h/d?sslmode=require&");
  EXPECT_EQ(made_of("postgresql://h?sslmode=require&gssencmode=disable"),
            "postgresql://h?sslmode=require&gssencmode=disable&");
  EXPECT_EQ(made_of("postgresql://?host=/run/postgresql"),
            "postgresql://?host=/run/postgresql&");
  EXPECT_EQ(made_of("postgresql://h/d?"), "postgresql://h/d?");
}

TEST(ConnectionUrl, AParameterOfTheUrlStandsAgainstOurs) {
  for (const char* const name : {"connect_timeout", "keepalives_idle", "tcp_user_timeout",
                                 "application_name", "target_session_attrs", "options"}) {
    const std::string assigned = std::string(name) + "=";
    const auto times_in = [&](const std::string& query) {
      return occurrences(connection_url("postgresql://h/d?" + query).value(), assigned);
    };
    EXPECT_EQ(times_in(assigned + "mine"), 1) << name;
    EXPECT_EQ(times_in("sslmode=require&" + assigned + "mine"), 1) << name;
    EXPECT_EQ(times_in("x" + assigned + "mine"), 2) << "another name that ends in " << name;
  }
}

TEST(ConnectionUrl, AUrlThatSaysAllIsKeptAsItIs) {
  const std::string all =
      "postgresql://h/d?connect_timeout=1&keepalives_idle=2&tcp_user_timeout=3"
      "&application_name=mine&target_session_attrs=any&options=-c%20work_mem%3D1MB";
  EXPECT_EQ(connection_url(all), all);
}

}  // namespace
}  // namespace photodrop
