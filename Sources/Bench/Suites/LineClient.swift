// A client that only counts: it sends a request and takes the lines that the reply announces. Beacon's own client makes
// values of them, which would be measured too.
//
// SAFETY: the kernel writes at most as many bytes as the buffer has.

internal import Base
internal import Glibc

final class LineClient {
  /// What a reply was.
  struct Reply: Equatable {
    var rowCount: Int
    private(set) var byteCount = 0
    /// Of the lines behind the first one, which says how long it took.
    private var hash: UInt64 = 0

    init(rowCount: Int) { self.rowCount = rowCount }

    /// Adds bytes of the lines behind the first one; returns how many lines end in them.
    @discardableResult
    mutating func take(_ bytes: ArraySlice<UInt8>) -> Int {
      byteCount += bytes.count
      return bytes.withUnsafeBufferPointer { bytes in
        var (lines, hash, index) = (0, hash, 0)
        while index < bytes.count {
          if bytes[index] == ASCII.newline { lines &+= 1 }
          hash = hash &* 31 &+ UInt64(bytes[index])
          index &+= 1
        }
        self.hash = hash
        return lines
      }
    }
  }

  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var filled = 0

  /// Connects to a port of the loopback.
  init(port: Int) throws(BenchFailure) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw BenchFailure("cannot connect to port \(port)") }
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  /// Sends a line and waits for all of its reply.
  func request(_ line: [UInt8]) throws(BenchFailure) -> Reply {
    let count = line.withUnsafeBytes {
      send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == line.count else { throw BenchFailure("the server took half a request") }
    return try receive()
  }

  private func receive() throws(BenchFailure) -> Reply {
    filled = 0
    while !buffer[..<filled].contains(ASCII.newline) { try receiveMore() }
    let end = buffer[..<filled].firstIndex(of: ASCII.newline) ?? filled
    let status = String(decoding: buffer[..<end], as: UTF8.self)
    let words = status.split(separator: " ")
    guard words.count == 4, words[0] == "OK", let rowCount = Int(words[1]) else {
      throw BenchFailure("the server says \(status)")
    }
    var reply = Reply(rowCount: rowCount)
    var missing = words[2] == "0" ? 0 : rowCount + 1
    var start = end + 1
    while true {
      missing -= reply.take(buffer[start..<filled])
      if missing <= 0 { return reply }
      (start, filled) = (0, 0)
      try receiveMore()
    }
  }

  private func receiveMore() throws(BenchFailure) {
    let (descriptor, start) = (descriptor, filled)
    let count = buffer.withUnsafeMutableBytes { space in
      recv(descriptor, space.baseAddress.map { $0 + start }, space.count - start, 0)
    }
    guard count > 0 else { throw BenchFailure("the server closed the connection") }
    filled += count
  }
}
