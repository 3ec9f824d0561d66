// A blocking TCP connection of a client.
//
// SAFETY: addresses are those that getaddrinfo gave, and live until they are freed here.

internal import Glibc

final class Socket {
  private let descriptor: Int32

  /// Connects to the first address of the host that answers.
  init(_ address: ListenAddress) throws(ClientError) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(address.host, "\(address.port)", &hints, &list)
    guard status == 0 else {
      throw .lost("cannot find \(address.host): \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(list) }
    var code = ENOENT
    var next = list
    while let candidate = next?.pointee {
      let descriptor = Socket.connected(candidate)
      if descriptor >= 0 {
        self.descriptor = descriptor
        return
      }
      code = errno
      next = candidate.ai_next
    }
    throw .lost("cannot connect to \(address): \(String(cString: strerror(code)))")
  }

  deinit { close(descriptor) }

  /// Decides what the other side sees when this process ends: a reset, or that there is nothing more.
  func resetsAtEnd(_ resets: Bool) {
    var option = linger(l_onoff: resets ? 1 : 0, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  func send(_ bytes: [UInt8]) throws(ClientError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw .lost("the server is gone: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Appends what has come, at least one byte.
  func receive(into bytes: inout [UInt8]) throws(ClientError) {
    let countMax = 1 << 16
    let start = bytes.count
    while true {
      bytes.append(contentsOf: repeatElement(0, count: countMax))
      let count = bytes.withUnsafeMutableBytes { buffer in
        recv(descriptor, buffer.baseAddress.map { $0 + start }, countMax, 0)
      }
      bytes.removeLast(countMax - max(0, count))
      if count > 0 { return }
      if count < 0, errno == EINTR { continue }
      throw .lost(
        count == 0
          ? "the server closed the connection"
          : "the server is gone: \(String(cString: strerror(errno)))")
    }
  }

  private static func connected(_ candidate: addrinfo) -> Int32 {
    let kind = candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(candidate.ai_family, kind, candidate.ai_protocol)
    guard descriptor >= 0 else { return -1 }
    if connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 { return descriptor }
    let code = errno
    close(descriptor)
    errno = code
    return -1
  }
}
