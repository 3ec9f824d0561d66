// A checkpoint as bytes, little-endian:
// version u8 | flags u8 | kind u8 | device u64 | inode u64 | offset u64 | head, tail: length u16, digest 2 x u64 |
// lines u64 | long lines u64 | last seen u64 | [container: size u64, digest 2 x u64] | path: length u16, bytes.

package import Base

extension Checkpoint {
  private static let version: UInt8 = 1

  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let inLongLine = Flags(rawValue: 1)
    static let finished = Flags(rawValue: 2)
    static let container = Flags(rawValue: 4)
    static let all: Flags = [.inLongLine, .finished, .container]
  }

  private var flags: Flags {
    var flags: Flags = []
    if isInLongLine { flags.insert(.inLongLine) }
    if isFinished { flags.insert(.finished) }
    if container != nil { flags.insert(.container) }
    return flags
  }

  /// The checkpoint as it is stored.
  package var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 128 + path.utf8.count)
    writer.append(Checkpoint.version)
    writer.append(flags.rawValue)
    writer.append(Checkpoint.code(of: kind))
    writer.append(identity.device)
    writer.append(identity.inode)
    writer.append(offset)
    for mark in [head, tail] {
      writer.append(UInt16(mark.byteCount))
      writer.append(mark.digest)
    }
    writer.append(lineCount)
    writer.append(longLineCount)
    writer.append(lastSeen)
    if let container {
      writer.append(container.byteCount)
      writer.append(container.ends)
    }
    let name = Array(path.utf8.prefix(Limits.pathByteCountMax))
    writer.append(UInt16(name.count))
    writer.append(contentsOf: name)
    return writer.bytes
  }

  /// Reads what `bytes` wrote.
  ///
  /// - Throws: whatever else the bytes are, an error and never a trap.
  package init(reading stored: ByteSlice) throws(CheckpointError) {
    var cursor = ByteCursor(stored)
    let version: UInt8 = try Checkpoint.read(&cursor)
    guard version == Checkpoint.version else { throw .version(version) }
    let flags = Flags(rawValue: try Checkpoint.read(&cursor))
    guard Flags.all.isSuperset(of: flags) else { throw .invalid("flags") }
    let kind = try Checkpoint.kind(code: Checkpoint.read(&cursor))
    let device: UInt64 = try Checkpoint.read(&cursor)
    self.init(
      path: "", identity: FileIdentity(device: device, inode: try Checkpoint.read(&cursor)))
    self.kind = kind
    isInLongLine = flags.contains(.inLongLine)
    isFinished = flags.contains(.finished)
    offset = try Checkpoint.readCount(&cursor, "offset")
    head = try Checkpoint.readMark(&cursor, before: offset)
    tail = try Checkpoint.readMark(&cursor, before: offset)
    lineCount = try Checkpoint.readCount(&cursor, "line count")
    longLineCount = try Checkpoint.readCount(&cursor, "count of long lines")
    lastSeen = try Checkpoint.read(&cursor)
    if flags.contains(.container) {
      let byteCount = try Checkpoint.readCount(&cursor, "size")
      container = Container(byteCount: byteCount, ends: try Checkpoint.readDigest(&cursor))
    }
    path = try Checkpoint.readPath(&cursor)
    guard cursor.isAtEnd else { throw .invalid("length") }
  }

  private static func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ cursor: inout ByteCursor
  ) throws(CheckpointError) -> Value {
    do throws(ByteCursor.Failure) { return try cursor.read() } catch { throw .cut(error) }
  }

  private static func readCount(
    _ cursor: inout ByteCursor, _ name: String
  ) throws(CheckpointError) -> Int64 {
    let count: Int64 = try read(&cursor)
    // Half of the numbers are enough for any file and leave room to add to them.
    guard count >= 0, count <= Int64.max / 2 else { throw .invalid(name) }
    return count
  }

  private static func readDigest(
    _ cursor: inout ByteCursor
  ) throws(CheckpointError) -> ContentDigest {
    ContentDigest(high: try read(&cursor), low: try read(&cursor))
  }

  /// A mark covers as much as there is before the offset, up to the limit.
  private static func readMark(
    _ cursor: inout ByteCursor, before offset: Int64
  ) throws(CheckpointError) -> Fingerprint {
    let byteCount: UInt16 = try read(&cursor)
    guard Int64(byteCount) == min(offset, Int64(Limits.fingerprintByteCountMax)) else {
      throw .invalid("length of a fingerprint")
    }
    return Fingerprint(byteCount: Int(byteCount), digest: try readDigest(&cursor))
  }

  private static func readPath(_ cursor: inout ByteCursor) throws(CheckpointError) -> String {
    let byteCount: UInt16 = try read(&cursor)
    guard byteCount <= Limits.pathByteCountMax else { throw .invalid("path") }
    let bytes: ByteSlice
    do throws(ByteCursor.Failure) {
      bytes = try cursor.readSlice(count: Int(byteCount))
    } catch { throw .cut(error) }
    guard let path = String(validating: bytes.buffer, as: UTF8.self) else {
      throw .invalid("path")
    }
    return path
  }
}

extension Checkpoint {
  /// Stored numbers of kinds; they never change.
  private static let kinds: [(code: UInt8, kind: FileKind)] = [
    (1, .events(.ndjson)), (2, .accessLog(.cloudFront)), (3, .accessLog(.cloudflare)),
    (4, .accessLog(.nginxJSON)), (5, .accessLog(.caddy)), (6, .accessLog(.loadBalancer)),
    (7, .accessLog(.vhostCombined)), (8, .accessLog(.combined)), (9, .accessLog(.common)),
  ]

  private static func code(of kind: FileKind?) -> UInt8 {
    kinds.first { $0.kind == kind }?.code ?? 0
  }

  private static func kind(code: UInt8) throws(CheckpointError) -> FileKind? {
    if code == 0 { return nil }
    guard let known = kinds.first(where: { $0.code == code }) else { throw .invalid("kind") }
    return known.kind
  }
}

extension ByteWriter {
  fileprivate mutating func append(_ digest: ContentDigest) {
    append(digest.high)
    append(digest.low)
  }
}
