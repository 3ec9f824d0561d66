// Ports of the loopback: which are free, and whether somebody listens.

import Glibc

enum LoopbackPort {
  /// A port that nobody has at the moment.
  static func free() throws -> Int {
    var address = ipv4(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withSocket(AF_INET) { descriptor in
      guard withGeneric(&address, { bind(descriptor, $0, length) == 0 }) else { return false }
      return withGeneric(&address) { getsockname(descriptor, $0, &length) == 0 }
    }
    guard isBound else { throw Command.Failure(description: "no free port on the loopback") }
    return Int(in_port_t(bigEndian: address.sin_port))
  }

  /// Whether the loopback has an IPv6 address.
  static var hasIPv6: Bool {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    let length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    return withSocket(AF_INET6) { descriptor in
      withGeneric(&address) { bind(descriptor, $0, length) == 0 }
    }
  }

  /// A socket that is connected to a port.
  static func connected(to port: Int) throws -> Int32 {
    var address = ipv4(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0, withGeneric(&address, { connect(descriptor, $0, length) == 0 }) else {
      close(descriptor)
      throw Command.Failure(description: "nobody listens on port \(port)")
    }
    return descriptor
  }

  /// Whether somebody listens on a port.
  static func canConnect(_ port: Int) -> Bool {
    var address = ipv4(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withSocket(AF_INET) { descriptor in
      withGeneric(&address) { connect(descriptor, $0, length) == 0 }
    }
  }

  private static func ipv4(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return address
  }

  private static func withSocket(_ family: Int32, _ body: (Int32) -> Bool) -> Bool {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return body(descriptor)
  }

  /// The address as the system's calls take it, whatever its family.
  private static func withGeneric<Address>(
    _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>) -> Bool
  ) -> Bool {
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
  }
}
