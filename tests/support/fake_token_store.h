// Tokens in memory, by a clock that a test moves on. It keeps the contract
// (support/token_store_contract.h).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/token_store.h"

namespace photodrop::testing {

class FakeTokenStore : public TokenStore {
 public:
  bool add(const NewToken& token) override;
  std::optional<Token> find(std::string_view id) override;
  std::vector<Token> list() override;
  bool revoke(std::string_view name) override;

  bool fails = false;  // as a database that does not answer
  int finds = 0;       // how often find was called
  std::chrono::sys_seconds time{std::chrono::sys_days(std::chrono::days(19'000))};

 private:
  struct Row {
    Token token;
    std::optional<std::chrono::sys_seconds> end;
  };

  void fail_if_told() const;

  std::map<std::string, Row, std::less<>> rows_;  // by name
};

}  // namespace photodrop::testing
