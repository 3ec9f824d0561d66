// Which files make up the data directory right now. It is replaced as a whole, so the directory moves from one
// consistent state to the next in one rename.

internal import Base
internal import Columnar

struct Manifest: Equatable {
  static let fileName = "manifest"

  enum Role: UInt8, CaseIterable {
    case shared = 0
    case shard = 1
    case segment = 2
  }

  struct Entry: Equatable {
    var role: Role
    /// The shard it belongs to; 0 for the shared file.
    var shard: UInt8
    /// Names the file: `<number>-<role>`.
    var number: UInt64
    var byteCount: UInt64
    /// CRC-32C of the whole file, so that an old or misplaced file is not taken for the right one.
    var checksum: UInt32

    var name: String { Manifest.dataFileName(role, shard: shard, number: number) }
  }

  static func dataFileName(_ role: Role, shard: UInt8, number: UInt64) -> String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    switch role {
    case .shared: return "\(padded)-shared"
    case .shard: return "\(padded)-shard-\(shard)"
    case .segment: return "\(padded)-segment-\(shard)"
    }
  }

  /// Whether a data file has this name. Others may be somebody's, and are left alone.
  static func isDataFileName(_ name: String) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard let number = UInt64(parts[0]),
      let shard = parts.count < 3 ? 0 : UInt8(parts[2])
    else { return false }
    return Role.allCases.contains {
      dataFileName($0, shard: shard, number: number) == name
    }
  }

  /// The number the next file gets.
  var nextNumber: UInt64 = 1
  var entries: [Entry] = []
  /// The first record of the write-ahead log that is not in these files.
  var logStart: UInt64 = 1

  private static let section: UInt32 = 0

  func write() -> [UInt8] {
    var payload = ByteWriter()
    payload.append(nextNumber)
    payload.append(UInt32(Columnar.Limits.shardCount))
    payload.append(UInt32(entries.count))
    for entry in entries {
      payload.append(entry.role.rawValue)
      payload.append(entry.shard)
      payload.append(entry.number)
      payload.append(entry.byteCount)
      payload.append(entry.checksum)
    }
    payload.append(logStart)
    var file = SectionFileWriter(kind: .manifest)
    file.append(section: Manifest.section, payload.bytes)
    return file.finish()
  }

  static func read(_ bytes: [UInt8]) throws(SectionFileError) -> Manifest {
    let payload = try SectionFileReader(bytes, expecting: .manifest).read(section: section)
    let parsed = payload.withUnsafeBufferPointer { buffer in
      Result { () throws(SectionFileError) in
        var cursor = ByteCursor(ByteSlice(buffer))
        return try parse(&cursor)
      }
    }
    return try parsed.get()
  }

  private static func parse(_ cursor: inout ByteCursor) throws(SectionFileError) -> Manifest {
    do {
      var manifest = Manifest()
      manifest.nextNumber = try cursor.read(UInt64.self)
      let shardCount = try cursor.read(UInt32.self)
      guard shardCount == UInt32(Columnar.Limits.shardCount) else {
        throw SectionFileError(
          "\(shardCount) shards; this program has \(Columnar.Limits.shardCount)")
      }
      for _ in 0..<(try cursor.read(UInt32.self)) { manifest.entries.append(try entry(&cursor)) }
      // Directories from before there was a log end here.
      if !cursor.isAtEnd { manifest.logStart = try cursor.read(UInt64.self) }
      guard cursor.isAtEnd else { throw SectionFileError("bytes behind the manifest") }
      try manifest.check()
      return manifest
    } catch let error as SectionFileError {
      throw error
    } catch {
      throw SectionFileError("a manifest that ends too early")
    }
  }

  /// Numbers beyond this are none of ours: a file a microsecond would take nine years.
  private static let numberMax: UInt64 = 1 << 48

  /// No number is used twice or is still to be given away, no shard has two tables, and no segment is without one.
  private func check() throws(SectionFileError) {
    let shards = entries.filter { $0.role == .shard }.map(\.shard)
    let isWhole =
      nextNumber <= Manifest.numberMax && (1...Manifest.numberMax).contains(logStart)
      && entries.allSatisfy { $0.number < nextNumber }
      && Set(entries.map(\.number)).count == entries.count
      && Set(shards).count == shards.count
      && entries.allSatisfy { $0.role != .segment || shards.contains($0.shard) }
      && entries.count { $0.role == .shared } == (entries.isEmpty ? 0 : 1)
    guard isWhole else { throw SectionFileError("files that do not make one state") }
  }

  private static func entry(_ cursor: inout ByteCursor) throws -> Entry {
    guard let role = Role(rawValue: try cursor.read(UInt8.self)) else {
      throw SectionFileError("a file of an unknown role")
    }
    let shard = try cursor.read(UInt8.self)
    guard shard < Columnar.Limits.shardCount else { throw SectionFileError("shard \(shard)") }
    return Entry(
      role: role, shard: shard, number: try cursor.read(UInt64.self),
      byteCount: try cursor.read(UInt64.self), checksum: try cursor.read(UInt32.self))
  }
}
