// The database's address in the form that libpq takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

// Turns a DATABASE_URL into a connection URI of libpq ("Connection URIs", PostgreSQL manual
// §34.1.1.2): SQLAlchemy's driver (postgresql+psycopg://) is dropped, and what every session of
// ours needs is added unless the URL says otherwise: time-outs for connecting, statements and
// locks, keep-alives, and a name. nullopt when it is no PostgreSQL URL, and also when libpq
// would misread it: its complaints quote what they are about, and that may be the password.
std::optional<std::string> connection_url(std::string_view database_url);

}  // namespace photodrop
