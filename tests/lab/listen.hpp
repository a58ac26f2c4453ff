// A listening socket that belongs to the network outside of the lab, for a command inside.
//
// A socket stays in the network it was opened in: people outside reach what runs inside. Opens it, never accepts.
// Thread rule: one owner.
#pragma once

#include <string>

namespace danewatch::lab {

class OutsideSocket {
 public:
  // "127.0.0.1:19115", "[::1]:0"; empty: none. Throws std::runtime_error.
  explicit OutsideSocket(const std::string& address_and_port);
  OutsideSocket(const OutsideSocket&) = delete;
  OutsideSocket& operator=(const OutsideSocket&) = delete;
  ~OutsideSocket();

  int fd() const { return fd_; }                   // -1: none
  const std::string& url() const { return url_; }  // "http://127.0.0.1:19115/"

 private:
  int fd_ = -1;
  std::string url_;
};

// In a child that is about to become the command: descriptor 3 and the environment of sd_listen_fds(3).
void hand_over(int fd);

}  // namespace danewatch::lab
