// A growing run of bytes that is written once and reused: every line of every output file is composed here,
// so that no line costs an allocation or a String.
//
// SAFETY: `base` has room for `capacity` bytes and `count <= capacity` always; every append reserves first.

internal import Base
internal import Glibc

struct ByteBuilder: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 4096) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// The bytes so far; valid until the next append.
  var slice: ByteSlice { ByteSlice(base, count: count) }

  /// Forgets the bytes after the first `newCount` and keeps the room.
  mutating func truncate(to newCount: Int) {
    precondition(newCount <= count)
    count = newCount
  }

  mutating func append(_ byte: UInt8) {
    if count == capacity { reserve(1) }
    base[count] = byte
    count &+= 1
  }

  mutating func append(_ text: StaticString) {
    append(text.utf8Start, count: text.utf8CodeUnitCount)
  }

  mutating func append(_ bytes: ByteSlice) { append(bytes.base, count: bytes.count) }

  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append(ByteSlice($0)) }
  }

  /// Appends text; for set-up and small files, not for loops over lines.
  mutating func append(text: String) {
    for byte in text.utf8 { append(byte) }
  }

  private mutating func append(_ source: UnsafePointer<UInt8>, count added: Int) {
    if added > capacity &- count { reserve(added) }
    memcpy(base + count, source, added)
    count &+= added
  }

  private mutating func reserve(_ added: Int) {
    let grown = max(capacity * 2, count + added)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: grown)
    memcpy(larger, base, count)
    base.deallocate()
    base = larger
    capacity = grown
  }
}
