// A server that says what it is told to, whatever it is asked: one reply for each line of one client.

import Glibc

final class FixedServer: Sendable {
  let port: Int
  private let descriptor: Int32

  /// Listens on the loopback from now on.
  init(_ replies: [String]) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw LoopbackClient.Failure(what: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    port = try FixedServer.listen(descriptor, &address)
    let answering = Answering(descriptor: descriptor, replies: replies)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Answering>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(answering).toOpaque())
    guard status == 0 else { throw LoopbackClient.Failure(what: "thread") }
    pthread_detach(thread)
  }

  deinit { close(descriptor) }

  /// Binds the socket; the port that it got.
  private static func listen(_ descriptor: Int32, _ address: inout sockaddr_in) throws -> Int {
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 1) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard status else { throw LoopbackClient.Failure(what: "listen") }
    return Int(in_port_t(bigEndian: address.sin_port))
  }
}

/// The one conversation of such a server.
private final class Answering: Sendable {
  let descriptor: Int32
  let replies: [String]

  init(descriptor: Int32, replies: [String]) {
    self.descriptor = descriptor
    self.replies = replies
  }

  func run() {
    let client = accept(descriptor, nil, nil)
    guard client >= 0 else { return }
    defer { close(client) }
    for reply in replies {
      var byte: UInt8 = 0
      while byte != UInt8(ascii: "\n") {
        guard recv(client, &byte, 1, 0) == 1 else { return }
      }
      _ = send(client, reply, reply.utf8.count, Int32(MSG_NOSIGNAL))
    }
  }
}
