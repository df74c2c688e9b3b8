#include "db/boxes.h"

#include <sstream>
#include <string>

namespace photodrop {

std::vector<int> boxes_from(const pqxx::field& list) {
  std::vector<int> boxes;
  std::istringstream words(list.is_null() ? "" : list.c_str());
  for (std::string box; std::getline(words, box, ',');) boxes.push_back(std::stoi(box));
  return boxes;
}

}  // namespace photodrop
