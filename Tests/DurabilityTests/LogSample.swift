// One log file with known records, and what reading it after some damage may give.

import Base
import Durability
import TestSupport

struct LogSample: Sendable {
  static let name = "00000001-log"

  var bytes: [UInt8]
  var payloads: [[UInt8]] = []
  /// Where records and marks end; the first is the end of the file's header.
  var ends: [Int] = []
  /// For every end, how many records were known to be durable by then.
  var durable: [Int] = []

  /// A log of at least so many bytes, closed with a mark.
  init(byteCount: Int, seed: UInt64, salt: UInt64) throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    var options = LogOptions()
    options.salt = { salt }
    var content: LogContent? = try LogRecovery.read(folder, from: 1) { _, _ in }
    let log = try Log(folder, after: content.take()!, options: options)
    var random = PRNG(seed: seed)
    bytes = []
    while bytes.count < byteCount {
      payloads.append(random.bytes(1 + random.below(random.pick([20, 500, 3000]))))
      let sequence = try payloads[payloads.count - 1].withUnsafeBufferPointer {
        try log.append([ByteSlice($0)])
      }
      if ends.isEmpty { ends.append(32) }
      durable.append(Int(log.durable))
      if random.isHit(0.3) { try log.synchronize(through: sequence) }
      bytes = disk.bytes("//" + LogSample.name) ?? []
      ends.append(bytes.count)
    }
    try log.synchronize(through: log.last)
    log.markDurable()
    durable.append(payloads.count)
    bytes = disk.bytes("/" + LogSample.name) ?? []
    ends.append(bytes.count)
  }

  /// What was read.
  enum Outcome: Equatable, CustomStringConvertible {
    case damaged(offset: Int)
    /// The first so many records.
    case records(Int, isTorn: Bool)
    case others

    var description: String {
      switch self {
      case .damaged(let offset): "damaged at \(offset)"
      case .records(let count, let isTorn): "\(count) records\(isTorn ? ", torn" : "")"
      case .others: "records that were never written"
      }
    }
  }

  /// Reads bytes as this file; they are changed.
  func read(_ bytes: UnsafeMutableRawBufferPointer) -> Outcome {
    let scan = LogFileScan(name: LogSample.name, first: 1, bytes: bytes)
    var count = 0
    var isSame = true
    do throws(LogError) {
      let end = try scan.forEach(from: 1) { sequence, payload in
        isSame = isSame && sequence == UInt64(count + 1) && count < payloads.count
        isSame =
          isSame
          && payloads[count].withUnsafeBufferPointer { ByteSlice($0) == payload }
        count += 1
      }
      return isSame ? .records(count, isTorn: end.isTorn) : .others
    } catch {
      guard isSame, case .damaged(let file, let offset, _) = error, file == LogSample.name else {
        return .others
      }
      return .damaged(offset: offset)
    }
  }

  func read(_ bytes: [UInt8]) -> Outcome {
    var copy = bytes
    return copy.withUnsafeMutableBytes { read($0) }
  }
}
