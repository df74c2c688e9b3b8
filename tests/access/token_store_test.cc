// The fake keeps the contract of the interface.
#include "access/token_store.h"

#include <gtest/gtest.h>

#include "support/fake_token_store.h"
#include "support/token_store_contract.h"

namespace photodrop::testing {
namespace {

class FakeTokenStoreHarness : public TokenStoreHarness {
 public:
  TokenStore& store() override { return store_; }
  void pass(std::chrono::seconds time) override { store_.time += time; }

 private:
  FakeTokenStore store_;
};

std::unique_ptr<TokenStoreHarness> fake_token_store() {
  return std::make_unique<FakeTokenStoreHarness>();
}

INSTANTIATE_TEST_SUITE_P(Fake, TokenStoreContract, ::testing::Values(&fake_token_store));

}  // namespace
}  // namespace photodrop::testing
