// The one container of everything on disk: numbered sections behind one another, each under a checksum, and a
// directory of them at the end. docs/formats/segment.md draws it.
//
// SAFETY: sections are slices of the file's bytes, which the reader keeps alive.

internal import Base
internal import CZstd

/// What a file holds. Raw values are on disk.
package enum SectionFileKind: UInt8, Sendable {
  case manifest = 1
  case shared = 2
  case shard = 3
  case segment = 4
}

/// Why a file is not what was written.
package struct SectionFileError: Error, Equatable, Sendable {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }
}

enum SectionFileLayout {
  static let magic: [UInt8] = Array("BEACON".utf8)
  /// What is written; every version up to it is read.
  static let version: UInt8 = 2
  static let headerByteCount = 8
  static let entryByteCount = 32
  static let trailerByteCount = 24
  /// A full dictionary (4 GiB of strings and their ends) stays below; a damaged directory must not make us allocate.
  static let sectionByteCountMax: UInt64 = 1 << 33
  /// Shards have one for every attribute of recipients.
  static let sectionCountMax: UInt32 = 1 << 20
  static let compressionLevel: Int32 = 3
}

/// Collects sections and yields the file's bytes.
package struct SectionFileWriter: ~Copyable {
  private var bytes = ByteWriter()
  private var directory = ByteWriter()
  private var sectionCount: UInt32 = 0
  private let compressor = SectionCompressor()

  package init(kind: SectionFileKind) {
    bytes.append(contentsOf: SectionFileLayout.magic)
    bytes.append(kind.rawValue)
    bytes.append(SectionFileLayout.version)
  }

  /// Adds a section; it is compressed with ZSTD where that saves at least an eighth.
  package mutating func append(section id: UInt32, _ payload: [UInt8]) {
    let compressed = compressor.compress(payload)
    let pays = compressed.map { $0.count <= payload.count - payload.count / 8 } ?? false
    let stored = pays ? compressed ?? payload : payload
    directory.append(id)
    directory.append(UInt32(pays ? 1 : 0))
    directory.append(UInt64(stored.count))
    directory.append(UInt64(payload.count))
    directory.append(CRC32C.of(stored))
    directory.append(UInt32(0))
    bytes.append(contentsOf: stored)
    sectionCount += 1
  }

  /// The finished file.
  package consuming func finish() -> [UInt8] {
    let directoryOffset = UInt64(bytes.count)
    let head = Array(bytes.bytes.prefix(SectionFileLayout.headerByteCount))
    let directoryBytes = directory.bytes
    let checksum = directoryBytes.withUnsafeBufferPointer {
      CRC32C.of(ByteSlice($0), continuing: CRC32C.of(head))
    }
    bytes.append(contentsOf: directoryBytes)
    var trailer = ByteWriter()
    trailer.append(directoryOffset)
    trailer.append(sectionCount)
    trailer.append(checksum)
    trailer.append(UInt32(0))
    trailer.append(CRC32C.of(trailer.bytes))
    bytes.append(contentsOf: trailer.bytes)
    return bytes.bytes
  }
}

/// Compresses sections, all of a file with one context: making one costs more than a small section.
private final class SectionCompressor {
  private let context = ZSTD_createCCtx()

  deinit { ZSTD_freeCCtx(context) }

  /// - Returns: nil where a section is too small, or compressing failed.
  func compress(_ payload: [UInt8]) -> [UInt8]? {
    guard payload.count >= 64, let context else { return nil }
    let bound = ZSTD_compressBound(payload.count)
    var failed = false
    let result = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      let written = payload.withUnsafeBytes { source in
        ZSTD_compressCCtx(
          context, target.baseAddress, bound, source.baseAddress, source.count,
          SectionFileLayout.compressionLevel)
      }
      failed = ZSTD_isError(written) != 0
      count = failed ? 0 : written
    }
    return failed ? nil : result
  }
}

/// Reads a file's sections. Nothing is believed before its checksum agrees.
package final class SectionFileReader: Sendable {
  package let kind: SectionFileKind
  /// The ids of the sections, in file order.
  package let ids: [UInt32]
  private let bytes: [UInt8]
  private let sections: [UInt32: SectionPlace]

  /// Checks the header, the directory and the trailer; sections are checked when they are read.
  package init(_ bytes: [UInt8], expecting kind: SectionFileKind) throws(SectionFileError) {
    self.bytes = bytes
    self.kind = kind
    let directory = try SectionFileReader.readDirectory(bytes, kind)
    ids = directory.map(\.id)
    sections = Dictionary(directory, uniquingKeysWith: { first, _ in first })
    guard sections.count == directory.count else {
      throw SectionFileError("a section that is there twice")
    }
  }

  /// The payload of a section, checked.
  package func read(section id: UInt32) throws(SectionFileError) -> [UInt8] {
    let place = try place(of: id)
    let stored = Array(bytes[place.offset..<place.offset + place.storedByteCount])
    return try place.payload(of: stored, section: id)
  }

  /// Where a section is.
  package func place(of id: UInt32) throws(SectionFileError) -> SectionPlace {
    guard let place = sections[id] else { throw SectionFileError("section \(id) is missing") }
    return place
  }

  private static func readDirectory(
    _ bytes: [UInt8], _ kind: SectionFileKind
  ) throws(SectionFileError) -> [(id: UInt32, place: SectionPlace)] {
    let (directoryStart, count) = try readFrame(bytes, kind)
    var sections: [(id: UInt32, place: SectionPlace)] = []
    var offset = SectionFileLayout.headerByteCount
    for index in 0..<count {
      let at = directoryStart + index * SectionFileLayout.entryByteCount
      let compression = load(bytes, at + 4, as: UInt32.self)
      let stored = load(bytes, at + 8, as: UInt64.self)
      let raw = load(bytes, at + 16, as: UInt64.self)
      guard stored <= UInt64(directoryStart - offset), raw <= SectionFileLayout.sectionByteCountMax
      else { throw SectionFileError("section \(index) reaches beyond the file") }
      guard compression == 1 || compression == 0 && stored == raw,
        load(bytes, at + 28, as: UInt32.self) == 0
      else { throw SectionFileError("section \(index) contradicts itself") }
      let place = SectionPlace(
        offset: offset, storedByteCount: Int(stored), byteCount: Int(raw),
        isCompressed: compression == 1, checksum: load(bytes, at + 24, as: UInt32.self))
      sections.append((load(bytes, at, as: UInt32.self), place))
      offset += Int(stored)
    }
    guard offset == directoryStart else { throw SectionFileError("bytes between the sections") }
    return sections
  }

  /// Where the directory starts and how many entries it has, once header and trailer agree with it.
  private static func readFrame(
    _ bytes: [UInt8], _ kind: SectionFileKind
  ) throws(SectionFileError) -> (start: Int, count: Int) {
    let trailerStart = bytes.count - SectionFileLayout.trailerByteCount
    guard trailerStart >= SectionFileLayout.headerByteCount else {
      throw SectionFileError("the file is too short (\(bytes.count) bytes)")
    }
    guard Array(bytes[0..<6]) == SectionFileLayout.magic else {
      throw SectionFileError("not a file of Beacon")
    }
    guard bytes[6] == kind.rawValue else { throw SectionFileError("a file of another kind") }
    guard (1...SectionFileLayout.version).contains(bytes[7]) else {
      throw SectionFileError(
        "format version \(bytes[7]); this program reads up to \(SectionFileLayout.version)")
    }
    let trailer = Array(bytes[trailerStart...])
    guard CRC32C.of(Array(trailer[0..<20])) == load(trailer, 20, as: UInt32.self) else {
      throw SectionFileError("the trailer fails its checksum; the file may have been cut short")
    }
    let start = load(trailer, 0, as: UInt64.self)
    let count = load(trailer, 8, as: UInt32.self)
    guard load(trailer, 16, as: UInt32.self) == 0, count <= SectionFileLayout.sectionCountMax,
      start >= 8, start <= UInt64(trailerStart),
      Int(start) + Int(count) * SectionFileLayout.entryByteCount == trailerStart
    else { throw SectionFileError("the directory does not fit the file") }
    let directory = Array(bytes[Int(start)..<trailerStart])
    let checksum = directory.withUnsafeBufferPointer {
      CRC32C.of(ByteSlice($0), continuing: CRC32C.of(Array(bytes[0..<8])))
    }
    guard checksum == load(trailer, 12, as: UInt32.self) else {
      throw SectionFileError("the directory fails its checksum")
    }
    return (Int(start), Int(count))
  }

  private static func load<T: FixedWidthInteger>(
    _ bytes: [UInt8], _ offset: Int, as type: T.Type
  ) -> T {
    precondition(offset + MemoryLayout<T>.size <= bytes.count)
    return bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
  }
}
