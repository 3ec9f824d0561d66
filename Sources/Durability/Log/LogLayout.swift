// The bytes of the log; docs/formats/wal.md draws them. Payloads are stored combined with the file's salt, so that no
// sector that was written is zero: that is how what the power took is told from what somebody damaged.

internal import Base

enum LogLayout {
  static let headerByteCount = 32
  static let recordHeaderByteCount = 32
  static let magic: UInt32 = 0x474F_4C42
  static let endByte: UInt8 = 0xBE
  /// The smallest unit that a disk writes whole.
  static let sectorByteCount = 512
  /// A record holds a batch; this is far more than the largest.
  static let payloadByteCountMax = 1 << 30

  private static let kind: UInt8 = 5
  private static let version: UInt8 = 1

  // MARK: Files

  static let nameSuffix = "-log"

  static func name(first: UInt64) -> String {
    let digits = String(first)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + nameSuffix
  }

  /// The first sequence number of the file with this name; nil when it is no log file.
  static func first(ofName name: String) -> UInt64? {
    guard name.hasSuffix(nameSuffix), let first = UInt64(name.dropLast(nameSuffix.count)),
      first > 0, name == self.name(first: first)
    else { return nil }
    return first
  }

  static func header(first: UInt64, salt: UInt64) -> [UInt8] {
    var writer = ByteWriter(capacity: headerByteCount)
    writer.append(contentsOf: Array("BEACON".utf8))
    writer.append(kind)
    writer.append(version)
    writer.append(first)
    writer.append(salt)
    writer.append(UInt32(0))
    writer.append(CRC32C.of(writer.bytes))
    return writer.bytes
  }

  /// The salt of a file whose header is whole; nil when it is not.
  static func salt(ofHeader bytes: ByteSlice, first: UInt64) -> UInt64? {
    guard bytes.count >= headerByteCount else { return nil }
    let salt = UInt64(littleEndian: load(bytes, 16))
    let isWhole = header(first: first, salt: salt).withUnsafeBufferPointer {
      ByteSlice($0) == bytes.slice(from: 0, to: headerByteCount)
    }
    return isWhole ? salt : nil
  }

  // MARK: Records

  /// Bytes between a payload's end and the next record.
  static func endByteCount(_ payloadByteCount: Int) -> Int { 8 - payloadByteCount % 8 }

  static func recordByteCount(_ payloadByteCount: Int) -> Int {
    recordHeaderByteCount + payloadByteCount + endByteCount(payloadByteCount)
  }

  static func header(of record: LogRecord, _ salt: UInt64) -> [UInt8] {
    var writer = ByteWriter(capacity: recordHeaderByteCount)
    writer.append(magic)
    writer.append(UInt32(record.byteCount))
    writer.append(record.sequence)
    writer.append(record.durable)
    writer.append(record.payloadChecksum)
    let checksum = writer.withSlice { self.checksum(of: $0, salt) }
    writer.append(checksum)
    return writer.bytes
  }

  /// A record's header, if these bytes are one.
  static func record(_ bytes: ByteSlice, at offset: Int, salt: UInt64) -> LogRecord? {
    guard offset + recordHeaderByteCount <= bytes.count, load(bytes, offset) as UInt32 == magic
    else { return nil }
    let header = bytes.slice(from: offset, to: offset + recordHeaderByteCount)
    let stated: UInt32 = load(header, 28)
    guard checksum(of: header.slice(from: 0, to: 28), salt) == stated else { return nil }
    return LogRecord(
      byteCount: Int(load(header, 4) as UInt32), sequence: load(header, 8),
      durable: load(header, 16), payloadChecksum: load(header, 24))
  }

  static func checksum(of bytes: ByteSlice, _ salt: UInt64) -> UInt32 {
    CRC32C.of(bytes, continuing: UInt32(truncatingIfNeeded: salt))
  }

  /// Combines bytes with the salt, eight at a time from `start` on: storing, and undoing it.
  ///
  /// SAFETY: the buffer is written within its bounds only.
  static func combine(_ buffer: UnsafeMutableRawBufferPointer, _ salt: UInt64) {
    let key = salt | 0x0101_0101_0101_0101
    var offset = 0
    while offset &+ 8 <= buffer.count {
      let word = buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      buffer.storeBytes(of: word ^ key.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    var rest = key
    while offset < buffer.count {
      buffer[offset] ^= UInt8(truncatingIfNeeded: rest)
      rest >>= 8
      offset &+= 1
    }
  }

  private static func load<Value: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: ByteSlice, _ offset: Int
  ) -> Value {
    // SAFETY: callers have checked that header bytes are there.
    Value(
      littleEndian: UnsafeRawPointer(bytes.base + offset).loadUnaligned(as: Value.self))
  }
}
