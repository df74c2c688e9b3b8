#include "settings.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "support/temp_dir.h"

namespace photodrop {
namespace {

using testing::TempDir;

TEST(ParseEnvFile, TakesNamesAndValues) {
  EXPECT_EQ(parse_env_file("A=1\nB_2=two\n"), (Settings{{"A", "1"}, {"B_2", "two"}}));
  EXPECT_EQ(parse_env_file("A=1"), (Settings{{"A", "1"}}));
  EXPECT_EQ(parse_env_file("A=\n"), (Settings{{"A", ""}}));
  EXPECT_EQ(parse_env_file("A=b=c=\n"), (Settings{{"A", "b=c="}}));
}

TEST(ParseEnvFile, DropsSpacesAndTabsAroundBoth) {
  EXPECT_EQ(parse_env_file("  A \t=  1 2\t \n"), (Settings{{"A", "1 2"}}));
}

TEST(ParseEnvFile, DropsExportBeforeTheName) {
  EXPECT_EQ(parse_env_file("export A=1\n export  B = 2\n"), (Settings{{"A", "1"}, {"B", "2"}}));
  EXPECT_EQ(parse_env_file("exported=1\nA=export B\n"),
            (Settings{{"exported", "1"}, {"A", "export B"}}));
}

TEST(ParseEnvFile, DropsOnePairOfQuotes) {
  EXPECT_EQ(parse_env_file("A=\" 1 \"\nB='2'\nC=\"'3'\"\nD=''\n"),
            (Settings{{"A", " 1 "}, {"B", "2"}, {"C", "'3'"}, {"D", ""}}));
}

TEST(ParseEnvFile, KeepsQuotesThatAreNoPair) {
  EXPECT_EQ(parse_env_file("A=\"1\nB=2'\nC=\"3'\nD=\"\nE=a\"b\"\n"),
            (Settings{{"A", "\"1"}, {"B", "2'"}, {"C", "\"3'"}, {"D", "\""}, {"E", "a\"b\""}}));
}

TEST(ParseEnvFile, SkipsCommentsAndEmptyLines) {
  EXPECT_EQ(parse_env_file("\n# A=1\n  #B=2\n\t\n\r\nC=3\n"), (Settings{{"C", "3"}}));
}

// Passwords hold such letters.
TEST(ParseEnvFile, TakesANumberSignInAValueForPartOfIt) {
  EXPECT_EQ(parse_env_file("A=a#b # c\n"), (Settings{{"A", "a#b # c"}}));
}

TEST(ParseEnvFile, IgnoresLinesOfAnyOtherForm) {
  EXPECT_EQ(parse_env_file("just words\nA=1\nexport B\n"), (Settings{{"A", "1"}}));
}

TEST(ParseEnvFile, TakesTheLastOfTwoOfOneName) {
  EXPECT_EQ(parse_env_file("A=1\nA=2\n"), (Settings{{"A", "2"}}));
}

TEST(ParseEnvFile, TakesLinesThatEndInCrLf) {
  EXPECT_EQ(parse_env_file("A=1\r\nB=\"2\"\r\nC=3"),
            (Settings{{"A", "1"}, {"B", "2"}, {"C", "3"}}));
}

TEST(ParseEnvFile, ExpandsNothing) {
  EXPECT_EQ(parse_env_file("A=$HOME\\n${B}`c`\n"), (Settings{{"A", "$HOME\\n${B}`c`"}}));
}

// In a working directory of its own, without credentials.
class GatherSettings : public ::testing::Test {
 protected:
  GatherSettings() {
    std::filesystem::current_path(dir_.path());
    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("SETTINGS_FILE");
    unsetenv(kName);
  }
  ~GatherSettings() override {
    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("SETTINGS_FILE");
    unsetenv(kName);
    std::filesystem::current_path(before_);
  }

  static std::string gathered(const std::string& name = kName) {
    const Settings settings = gather_settings();
    const auto found = settings.find(name);
    return found == settings.end() ? "absent" : found->second;
  }

  void give_credential(const std::string& content) {
    std::filesystem::create_directory(dir_.path("credentials"));
    dir_.write(std::string("credentials/") + kName, content);
    setenv("CREDENTIALS_DIRECTORY", dir_.path("credentials").c_str(), 1);
  }

  static constexpr char kName[] = "PHOTODROP_TEST_SETTING";

  std::filesystem::path before_ = std::filesystem::current_path();
  TempDir dir_;
};

TEST_F(GatherSettings, NeedNeitherFileNorCredentials) {
  EXPECT_EQ(gathered(), "absent");
}

TEST_F(GatherSettings, ComeFromTheEnvironment) {
  setenv(kName, " kept=as it is ", 1);
  EXPECT_EQ(gathered(), " kept=as it is ");
}

TEST_F(GatherSettings, ComeFromTheFile) {
  dir_.write(".env", "PHOTODROP_TEST_SETTING=file\nOTHER_TEST_SETTING=\n");
  EXPECT_EQ(gathered(), "file");
  EXPECT_EQ(gathered("OTHER_TEST_SETTING"), "absent");
}

TEST_F(GatherSettings, ComeFromCredentials) {
  give_credential("credential");
  EXPECT_EQ(gathered(), "credential");
}

TEST_F(GatherSettings, DropOneLineEndOfACredential) {
  give_credential("credential\n");
  EXPECT_EQ(gathered(), "credential");
  give_credential("credential\r\n");
  EXPECT_EQ(gathered(), "credential");
  give_credential("two\nlines\n\n");
  EXPECT_EQ(gathered(), "two\nlines\n");
}

TEST_F(GatherSettings, TakeFilesOnlyForCredentials) {
  give_credential("credential");
  std::filesystem::create_directory(dir_.path("credentials/FOLDER_TEST_SETTING"));
  EXPECT_EQ(gathered("FOLDER_TEST_SETTING"), "absent");
  EXPECT_EQ(gathered(), "credential");
}

TEST_F(GatherSettings, DoNotMindCredentialsThatAreNotThere) {
  setenv("CREDENTIALS_DIRECTORY", dir_.path("nowhere").c_str(), 1);
  EXPECT_EQ(gathered(), "absent");
}

TEST_F(GatherSettings, FileWinsOverCredentialsAndEnvironmentOverTheFile) {
  give_credential("credential");
  dir_.write(".env", "PHOTODROP_TEST_SETTING=file");
  EXPECT_EQ(gathered(), "file");
  setenv(kName, "environment", 1);
  EXPECT_EQ(gathered(), "environment");
}

TEST_F(GatherSettings, AVariableSetToNothingTakesTheDefaultBack) {
  give_credential("credential");
  dir_.write(".env", "PHOTODROP_TEST_SETTING=file\n");
  setenv(kName, "", 1);
  EXPECT_EQ(gathered(), "absent");
}

TEST_F(GatherSettings, WhatIsEmptyInAFileIsNotGiven) {
  give_credential("credential");
  dir_.write(".env", "PHOTODROP_TEST_SETTING=\n");
  EXPECT_EQ(gathered(), "credential");
  give_credential("\n");
  EXPECT_EQ(gathered(), "absent");
}

// As container engines make one where a file to mount is missing.
TEST_F(GatherSettings, RefuseAFileThatCannotBeRead) {
  std::filesystem::create_directory(dir_.path(".env"));
  try {
    gather_settings();
    FAIL() << "took a folder for a file";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "Cannot read .env.");
  }
}

TEST_F(GatherSettings, ComeFromTheNamedFileInPlaceOfTheUsualOne) {
  dir_.write(".env", "PHOTODROP_TEST_SETTING=usual\nOTHER_TEST_SETTING=usual\n");
  dir_.write("named", "PHOTODROP_TEST_SETTING=named\n");
  setenv("SETTINGS_FILE", "named", 1);
  EXPECT_EQ(gathered(), "named");
  EXPECT_EQ(gathered("OTHER_TEST_SETTING"), "absent");
  setenv("SETTINGS_FILE", "", 1);
  EXPECT_EQ(gathered(), "usual");
}

TEST_F(GatherSettings, RefuseANamedFileThatIsNotThere) {
  setenv("SETTINGS_FILE", "nowhere", 1);
  try {
    gather_settings();
    FAIL() << "did without the file";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "Cannot read nowhere.");
  }
}

}  // namespace
}  // namespace photodrop
