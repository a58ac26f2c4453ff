// Asio's TLS streams, compiled once (as resolver/asio_impl.cpp does for Asio itself).

#include <boost/asio/ssl/impl/src.hpp>
